import type { Tensor } from "@tensorflow/tfjs-node";
import type { ParameterSpec } from "./layers";
import { slotsOf, type Optimizer } from "./optimizers";

/** The numbers of a run that change at each step: weights, and what the optimiser keeps beside each trainable one. */
export interface ParameterValues {
  readonly weights: readonly Float32Array[];
  /** Per trainable tensor, `slotsOf(optimizer)` arrays. */
  readonly slots: readonly (readonly Float32Array[])[];
}

/** Weights that live where the gradients are made. @internal */
export interface ParameterStore {
  /** All weights as tensors, for the duration of one step: the caller disposes them before `apply`. */
  read(): Tensor[];
  /**
   * One optimiser step.
   *
   * @param gradients One a trainable tensor. @param step Counts from 1.
   * @param rateFactor Multiplies the optimiser's learning rate; 1 if left out.
   */
  apply(gradients: readonly Tensor[], step: number, rateFactor?: number): void;
  /** Sets one weight tensor (a moving mean). */
  assign(position: number, value: Tensor): void;
  values(): ParameterValues;
  dispose(): void;
}

/** Zeros: what an optimiser starts from. */
export function freshSlots(specs: readonly ParameterSpec[], optimizer: Optimizer): Float32Array[][] {
  return specs
    .filter((spec) => spec.trainable)
    .map((spec) => Array.from({ length: slotsOf(optimizer) }, () => new Float32Array(spec.size)));
}

/** Positions of the tensors that an optimiser moves. */
export const trainablePositions = (specs: readonly ParameterSpec[]): number[] =>
  [...specs.keys()].filter((i) => specs[i].trainable);

/** The optimiser that moves a tensor: under Muon, what is no hidden convolution's kernel is moved by the others. */
export function optimizerFor(optimizer: Optimizer, { name, shape }: ParameterSpec): Optimizer {
  if (optimizer.kind !== "muon") return optimizer;
  return shape.length === 4 && name !== "conv1_kernel" ? optimizer : optimizer.others;
}

/** A moment's rate to the power of the step: what its bias at the start is corrected by. */
export const biasPower = (beta: number, step: number): number => Math.pow(beta, step);
