import type { Rng } from "../random";
import type { Augmentation } from "./augment";
import type { Network } from "./network";
import type { Optimizer } from "./optimizers";
import type { EpochRecord } from "./run-state";
import type { Kernels } from "./runtime";
import type { Schedule } from "./schedules";

export interface TrainingProgress {
  /** Epoch under way, from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done in this epoch, and in all of one. */
  readonly step: number;
  readonly steps: number;
  /** Means over this epoch so far, in training mode, of changed images and smoothed labels where asked for. */
  readonly loss: number;
  readonly accuracy: number;
  readonly imagesPerSecond: number;
  readonly secondsLeft: number;
}

export interface CheckpointOptions {
  /** The file. If it holds the same run, training goes on from there; if that run is done, its result is returned. */
  path: string;
  /** Also save after this many steps of an epoch; otherwise at the end of each epoch. */
  everySteps?: number;
}

export interface TrainOptions {
  /** Shuffles, initial weights, dropout and changes of images. */
  rng: Rng;
  epochs: number;
  /** @defaultValue 64 */
  batchSize?: number;
  /**
   * Adam with Keras' defaults, if left out.
   * @defaultValue `adam()`
   */
  optimizer?: Optimizer;
  /** How the optimiser's learning rate moves over the run; it stays as it is if left out. */
  schedule?: Schedule;
  /** How images differ from epoch to epoch; they are shown as they are if left out. */
  augment?: Augmentation;
  /**
   * Share of each label's weight that is spread over all classes, in [0, 1).
   * @defaultValue 0
   */
  labelSmoothing?: number;
  /**
   * Return the weights after the epoch of the lowest training loss, as the unlearning source did, or the last.
   * @defaultValue "best"
   */
  keep?: "best" | "last";
  checkpoint?: CheckpointOptions;
  onProgress?: (progress: TrainingProgress) => void;
  /** @defaultValue "native" */
  kernels?: Kernels;
}

export interface AsyncTrainOptions extends TrainOptions {
  /** Stops the run between two steps with the signal's reason; a checkpoint is written first if there is one. */
  signal?: AbortSignal;
}

export interface TrainingResult {
  readonly network: Network;
  readonly history: readonly EpochRecord[];
  /** Epoch whose weights are returned, from 1. */
  readonly keptEpoch: number;
  /** Time spent training in this process; 0 if a finished run was read back. */
  readonly seconds: number;
  /** Gradients computed in this process, in examples. */
  readonly examplesSeen: number;
}
