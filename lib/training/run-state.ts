import type { Matrix } from "../matrix";
import type { Rng, SeededRng } from "../random";
import { matrixPrecision, tensorflowThreads } from "../tensorflow";
import { hashRun, readRun, writeCheckpoint } from "./checkpoint";
import { parameterSpecs, type Architecture, type ParameterSpec } from "./layers";
import type { NetworkPart } from "./network";
import { slotsOf, type Optimizer } from "./optimizers";
import type { ParameterValues } from "./parameters";

export interface EpochRecord {
  /** Means over the epoch, in training mode. */
  readonly loss: number;
  readonly accuracy: number;
}

/** Where a training run stands. */
export interface RunState {
  /** Whole epochs done. */
  epoch: number;
  /** Steps done of the epoch under way, and their sums. */
  step: number;
  lossSum: number;
  right: number;
  /** Steps done in all. */
  updates: number;
  history: EpochRecord[];
  keptEpoch: number;
  /** Weights after the best epoch, where they are not the last ones. */
  best: readonly Float32Array[] | null;
}

/** What a run's checkpoint says in words. */
interface RunHeader extends Omit<RunState, "best"> {
  fingerprint: string;
  hasBest: boolean;
}

/** Seeds of a generator, if it has any: part of what made a model. */
export function seedsOf(fn: string, rng: Rng): number[] {
  const { state } = rng as Partial<SeededRng>;
  if (typeof state !== "function")
    throw new TypeError(`${fn}: a checkpoint needs a generator that repeats; use seededRng`);
  return (rng as SeededRng).state().seed;
}

/** What a network is trained from: an architecture, or weights to go on from. */
export const architectureOf = (start: Architecture | NetworkPart): Architecture =>
  ("architecture" in start ? start.architecture : start);

/** How numbers are computed here, as far as rounding depends on it. */
export const arithmetic = (): { precision: string; threads: number } =>
  ({ precision: matrixPrecision(), threads: tensorflowThreads() });

/** A hash of all that a trained network depends on: data, labels, start, settings, seeds, arithmetic. */
export function hashTraining(
  start: Architecture | NetworkPart,
  X: Matrix,
  y: Int32Array,
  settings: { readonly rng: Rng } & Readonly<Record<string, unknown>>,
): string {
  const { rng, ...rest } = settings;
  const words = {
    version: 2,
    architecture: architectureOf(start),
    ...rest,
    seeds: seedsOf("trainNetwork", rng),
    ...arithmetic(),
    type: X.data.constructor.name,
    shape: X.shape,
  };
  return hashRun(words, [X.data, y, ...("weights" in start ? start.weights : [])]);
}

/** The state of a run that has not begun. */
export const freshState = (): RunState =>
  ({ epoch: 0, step: 0, lossSum: 0, right: 0, updates: 0, history: [], keptEpoch: 0, best: null });

/** Weights, then the optimiser's numbers, as a checkpoint lays them out; what follows them is left in `arrays`. */
export function takeParameters(
  arrays: Float32Array[],
  specs: readonly ParameterSpec[],
  optimizer: Optimizer,
): ParameterValues {
  const weights = arrays.splice(0, specs.length);
  const trainable = specs.filter((spec) => spec.trainable);
  return { weights, slots: trainable.map(() => arrays.splice(0, slotsOf(optimizer))) };
}

/** A run's numbers and state from its checkpoint; null if there is none. */
export function readState(
  file: string,
  fingerprint: string,
  architecture: Architecture,
  optimizer: Optimizer,
): { values: ParameterValues; state: RunState } | null {
  const saved = readRun<RunHeader>("trainNetwork", file, fingerprint);
  if (!saved) return null;
  const arrays = [...saved.arrays];
  const values = takeParameters(arrays, parameterSpecs(architecture), optimizer);
  const { epoch, step, lossSum, right, updates, history, keptEpoch, hasBest } = saved.header;
  const state = { epoch, step, lossSum, right, updates, history, keptEpoch, best: hasBest ? arrays : null };
  return { values, state };
}

/** Writes a run's numbers and state, whole or not at all. */
export function writeState(file: string, fingerprint: string, values: ParameterValues, state: RunState): void {
  const { best, ...words } = state;
  const header: RunHeader = { ...words, fingerprint, hasBest: best !== null };
  writeCheckpoint(file, { header, arrays: [...values.weights, ...values.slots.flat(), ...(best ?? [])] });
}
