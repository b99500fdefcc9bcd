import type { Tensor } from "@tensorflow/tfjs-node";
import type { Matrix } from "../matrix";
import type { Rng, SeededRng } from "../random";
import { requireInteger } from "../validate";
import { hashRun, readRun, writeCheckpoint } from "./checkpoint";
import { parameterSpecs, type ParameterSpec } from "./layers";
import {
  gatherBatch,
  initializeNetwork,
  numClassesOf,
  requireExamples,
  requireNetwork,
  weightsByLayer,
  type Network,
} from "./network";
import type { Architecture } from "./layers";
import { adam, slotsOf, type Optimizer } from "./optimizers";
import { freshSlots, type ParameterStore, type ParameterValues } from "./parameters";
import { backward, forward } from "./passes";
import { argMax } from "./predict";
import { runtimeOf, type Kernels, type Runtime } from "./runtime";
import { matrixPrecision } from "./tensorflow";

export interface TrainingProgress {
  /** Epoch under way, from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done in this epoch, and in all of one. */
  readonly step: number;
  readonly steps: number;
  /** Means over this epoch so far, in training mode. */
  readonly loss: number;
  readonly accuracy: number;
  readonly imagesPerSecond: number;
  readonly secondsLeft: number;
}

export interface EpochRecord {
  /** Means over the epoch, in training mode. */
  readonly loss: number;
  readonly accuracy: number;
}

export interface CheckpointOptions {
  /** The file. If it holds the same run, training goes on from there; if that run is done, its result is returned. */
  path: string;
  /** Also save after this many steps of an epoch; otherwise at the end of each epoch. */
  everySteps?: number;
}

export interface TrainOptions {
  /** Shuffles, initial weights and dropout. */
  rng: Rng;
  epochs: number;
  /** 64. */
  batchSize?: number;
  /** Adam with Keras' defaults. */
  optimizer?: Optimizer;
  /** Return the weights after the epoch of the lowest training loss ("best", as the source did), or the "last". */
  keep?: "best" | "last";
  checkpoint?: CheckpointOptions;
  onProgress?: (progress: TrainingProgress) => void;
  /** "native". */
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

/** What a run's checkpoint says in words. */
interface RunHeader {
  fingerprint: string;
  epoch: number;
  step: number;
  updates: number;
  lossSum: number;
  right: number;
  history: EpochRecord[];
  keptEpoch: number;
  hasBest: boolean;
}

interface RunState extends Omit<RunHeader, "fingerprint" | "hasBest"> {
  best: Float32Array[] | null;
}

/** Seeds of a generator, if it has any: part of what made a model. */
export function seedsOf(fn: string, rng: Rng): number[] {
  const { state } = rng as Partial<SeededRng>;
  if (typeof state !== "function")
    throw new TypeError(`${fn}: a checkpoint needs a generator that repeats; use seededRng`);
  return (rng as SeededRng).state().seed;
}

/** A hash of all that a trained network depends on: data, labels, start, settings, seeds. */
export function fingerprintOf(start: Architecture | Network, X: Matrix, y: Int32Array, options: TrainOptions): string {
  const { epochs, batchSize = 64, optimizer = adam(), keep = "best", kernels = "native" } = options;
  const architecture = "architecture" in start ? start.architecture : start;
  const settings = {
    version: 1,
    architecture,
    epochs,
    batchSize,
    optimizer,
    keep,
    kernels,
    seeds: seedsOf("trainNetwork", options.rng),
    precision: matrixPrecision(),
    type: X.data.constructor.name,
    shape: X.shape,
  };
  return hashRun(settings, [X.data, y, ...("weights" in start ? start.weights : [])]);
}

/** One gradient step on one batch: summed loss and number of right classes. */
export function trainStep(
  runtime: Runtime,
  store: ParameterStore,
  specs: readonly ParameterSpec[],
  architecture: Architecture,
  batch: Float32Array,
  labels: Int32Array,
  seed: number,
  update: number,
): { loss: number; right: number } {
  const { tf, ops } = runtime;
  const { layers, inputShape } = architecture;
  let loss = 0;
  let right = 0;
  const trainable = specs.filter((spec) => spec.trainable).length;
  const results = tf.tidy((): Tensor[] => {
    const weights = weightsByLayer(specs, store.read(), layers.length);
    const x = tf.tensor(batch, [labels.length, ...inputShape], "float32");
    const tapes = forward(tf, ops, layers, weights, x, { training: true, seed });
    const logits = tapes[tapes.length - 1].y;
    const [losses, dlogits] = ops.softmaxCrossEntropy(logits, tf.tensor1d(labels, "int32"));
    const classes = logits.shape[1] as number;
    const values = logits.dataSync();
    losses.dataSync().forEach((value, i) => {
      loss += value;
      if (argMax(values, i * classes, classes) === labels[i]) right++;
    });
    if (!Number.isFinite(loss)) return [];
    const gradients = backward(tf, ops, layers, weights, tapes, tf.mul(dlogits, 1 / labels.length));
    return [...gradients.flat(), ...tapes.flatMap((tape) => tape.moving ?? [])];
  });
  if (results.length) {
    store.apply(results.slice(0, trainable), update);
    specs.flatMap((spec, i) => (spec.trainable ? [] : [i])).forEach((i, m) => store.assign(i, results[trainable + m]));
  }
  tf.dispose(results);
  return { loss, right };
}

/** A loss this many times the first epoch's, beyond the loss of guessing, counts as diverged. */
const DIVERGENCE = 5;

function requireConverging(epoch: number, loss: number, history: readonly EpochRecord[], numClasses: number): void {
  if (!history.length) return;
  const limit = DIVERGENCE * Math.max(history[0].loss, Math.log(numClasses));
  if (loss > limit)
    throw new Error(
      `trainNetwork: diverged: mean loss ${loss.toPrecision(4)} in epoch ${epoch}, ` +
        `${history[0].loss.toPrecision(4)} in the first; lower the learning rate`,
    );
}

/** The training loop: yields after each step, returns the result. */
function* trainingLoop(
  start: Architecture | Network,
  X: Matrix,
  y: Int32Array,
  options: TrainOptions,
): Generator<() => void, TrainingResult> {
  const { rng, epochs, batchSize = 64, optimizer = adam(), keep = "best", checkpoint, onProgress, kernels } = options;
  const architecture = "architecture" in start ? start.architecture : start;
  requireInteger("trainNetwork", "epochs", epochs, 1);
  requireInteger("trainNetwork", "batchSize", batchSize, 1);
  if (checkpoint?.everySteps !== undefined) requireInteger("trainNetwork", "everySteps", checkpoint.everySteps, 1);
  requireExamples("trainNetwork", architecture, X, y);
  if (!y.length) throw new RangeError("trainNetwork: needs at least one example, got none");
  if ("architecture" in start) requireNetwork("trainNetwork", start);
  const numClasses = numClassesOf(architecture);
  const specs = parameterSpecs(architecture);
  const [n] = X.shape;
  const steps = Math.ceil(n / batchSize);
  const fingerprint = checkpoint ? fingerprintOf(start, X, y, options) : "";

  const initial = "architecture" in start ? start : initializeNetwork(architecture, { rng: rng.spawn(0) });
  let values: ParameterValues = { weights: initial.weights, slots: freshSlots(specs, optimizer) };
  const state: RunState = {
    epoch: 0,
    step: 0,
    updates: 0,
    lossSum: 0,
    right: 0,
    history: [],
    keptEpoch: 0,
    best: null,
  };
  const saved = checkpoint ? readRun<RunHeader>("trainNetwork", checkpoint.path, fingerprint) : null;
  if (saved) {
    const perTensor = slotsOf(optimizer);
    const arrays = [...saved.arrays];
    const weights = arrays.splice(0, specs.length);
    const trainable = specs.filter((spec) => spec.trainable);
    values = { weights, slots: trainable.map(() => arrays.splice(0, perTensor)) };
    const { epoch, step, updates, lossSum, right, history, keptEpoch, hasBest } = saved.header;
    Object.assign(state, { epoch, step, updates, lossSum, right, history, keptEpoch, best: hasBest ? arrays : null });
  }

  const result = (weights: readonly Float32Array[], seconds: number, examplesSeen: number): TrainingResult => ({
    network: { architecture, weights: keep === "best" && state.best ? state.best : weights },
    history: state.history,
    keptEpoch: state.keptEpoch,
    seconds,
    examplesSeen,
  });
  if (state.epoch === epochs) return result(values.weights, 0, 0);

  const runtime = runtimeOf(kernels);
  const store = runtime.parameters(specs, values, optimizer);
  const save = (): void => {
    if (!checkpoint) return;
    const { weights, slots } = store.values();
    const { best, ...words } = state;
    const header: RunHeader = { ...words, fingerprint, hasBest: best !== null };
    writeCheckpoint(checkpoint.path, { header, arrays: [...weights, ...slots.flat(), ...(best ?? [])] });
  };
  const began = performance.now();
  let shownAt = began;
  let examplesSeen = 0;
  const show = (): void => {
    const now = performance.now();
    if (!onProgress || (state.step < steps && now - shownAt < 250)) return;
    shownAt = now;
    const imagesPerSecond = (examplesSeen * 1000) / (now - began);
    const seen = Math.min(state.step * batchSize, n);
    const left = (epochs - state.epoch) * n - seen;
    onProgress({
      epoch: state.epoch + 1,
      epochs,
      step: state.step,
      steps,
      loss: state.lossSum / seen,
      accuracy: state.right / seen,
      imagesPerSecond,
      secondsLeft: left / imagesPerSecond,
    });
  };
  try {
    while (state.epoch < epochs) {
      const epochRng = rng.spawn(1).spawn(state.epoch);
      const order = epochRng.permutation(n);
      const masks = epochRng.spawn(0).word() | 0;
      while (state.step < steps) {
        const positions = order.subarray(state.step * batchSize, (state.step + 1) * batchSize);
        const labels = Int32Array.from(positions, (i) => y[i]);
        const batch = gatherBatch(X, positions, architecture.inputScale);
        const seed = (masks + state.step) | 0;
        const { loss, right } = trainStep(runtime, store, specs, architecture, batch, labels, seed, state.updates + 1);
        if (!Number.isFinite(loss))
          throw new Error(
            `trainNetwork: loss is ${loss} in epoch ${state.epoch + 1}, step ${state.step + 1}; ` +
              "lower the learning rate, or look for bad numbers in the data",
          );
        state.updates++;
        state.step++;
        state.lossSum += loss;
        state.right += right;
        examplesSeen += labels.length;
        show();
        const { everySteps } = checkpoint ?? {};
        if (everySteps && state.step < steps && state.step % everySteps === 0) save();
        if (state.step < steps) yield save;
      }
      const record = { loss: state.lossSum / n, accuracy: state.right / n };
      requireConverging(state.epoch + 1, record.loss, state.history, numClasses);
      const lowest = state.history.every(({ loss }) => record.loss < loss);
      state.epoch++;
      state.history = [...state.history, record];
      if (keep === "last") state.keptEpoch = state.epoch;
      else if (lowest) {
        state.keptEpoch = state.epoch;
        state.best = state.epoch < epochs ? [...store.values().weights] : null;
      }
      Object.assign(state, { step: 0, lossSum: 0, right: 0 });
      save();
      yield save;
    }
    return result(store.values().weights, (performance.now() - began) / 1000, examplesSeen);
  } finally {
    store.dispose();
  }
}

/**
 * Trains a network by mini-batches, blocking until it is done.
 *
 * @param start What to train: an architecture (fresh weights from `rng`), or a network to go on from.
 * @param X Shape [n, product of inputShape]; Uint8 pixels or any numbers, scaled by the architecture.
 * @param y Classes, shape [n].
 * @throws {RangeError} If data and architecture don't fit. @throws {Error} If the loss is not finite or diverges.
 * @example
 * const architecture = mlp({ numFeatures: 4, hidden: [16], numClasses: 3 });
 * const { network } = trainNetworkSync(architecture, X, y, { epochs: 20, rng: seededRng(1) });
 */
export function trainNetworkSync(
  start: Architecture | Network,
  X: Matrix,
  y: Int32Array,
  options: TrainOptions,
): TrainingResult {
  const loop = trainingLoop(start, X, y, options);
  for (;;) {
    const { done, value } = loop.next();
    if (done) return value;
  }
}

/**
 * Trains a network by mini-batches, leaving the event loop free at least ten times a second.
 * With a checkpoint it can be killed at any moment: the next call with the same arguments goes on and ends at the same
 * numbers.
 *
 * @param start What to train: an architecture (fresh weights from `rng`), or a network to go on from.
 * @param X Shape [n, product of inputShape]; Uint8 pixels or any numbers, scaled by the architecture.
 * @param y Classes, shape [n].
 * @throws {RangeError} If data and architecture don't fit. @throws {Error} If the loss is not finite or diverges.
 * @example
 * const { network } = await trainNetwork(vggLike({ filters: 16 }), X, y, { epochs: 20, rng: seededRng(42) });
 */
export async function trainNetwork(
  start: Architecture | Network,
  X: Matrix,
  y: Int32Array,
  options: AsyncTrainOptions,
): Promise<TrainingResult> {
  const { signal } = options;
  const loop = trainingLoop(start, X, y, options);
  let restedAt = performance.now();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = loop.next();
      if (done) return value;
      if (signal?.aborted) value();
      if (performance.now() - restedAt > 100) {
        await new Promise((resolve) => setImmediate(resolve));
        restedAt = performance.now();
        if (signal?.aborted) value();
      }
    }
  } finally {
    loop.return(undefined as never);
  }
}
