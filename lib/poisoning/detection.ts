import { indexOfLargest } from "../math/extremes";
import { positionSet } from "./filter";
import type { FlippedLabels } from "./flip-labels";

export interface DetectionScores {
  /** Share of the suspects that were flipped; 0 without suspects. */
  precision: number;
  /** Share of the flipped that are suspects; 0 without flips. */
  recall: number;
  /** Harmonic mean of both; 0 if both are 0. */
  f1: number;
}

/**
 * Compares the positions a defence suspects with those that were flipped. A position named twice counts once.
 *
 * @throws {RangeError} If a position is not an integer of at least 0.
 */
export function detectionScores(suspects: ArrayLike<number>, flipped: ArrayLike<number>): DetectionScores {
  const accused = positionSet("detectionScores", "suspects", suspects);
  const truth = positionSet("detectionScores", "flipped", flipped);
  let hits = 0;
  for (const i of accused) if (truth.has(i)) hits++;
  const all = accused.size + truth.size;
  return {
    precision: accused.size ? hits / accused.size : 0,
    recall: truth.size ? hits / truth.size : 0,
    f1: all ? (2 * hits) / all : 0,
  };
}

export interface TuneOptions<P> {
  /** Settings to try, at least one. */
  candidates: readonly P[];
  /** Training labels in which the defender has flipped some more, and where: at least one trial. */
  trials: readonly FlippedLabels[];
  /** Given labels, gives for each setting the positions it suspects; what all settings share is done once a trial. */
  detector: (y: Int32Array) => (setting: P) => ArrayLike<number>;
}

/**
 * Chooses a defence's setting without clean data: the one that best finds flips the defender planted, by mean F1 over
 * the trials (the first of equals). Flips that were there before count as false alarms; the defender can't know better.
 *
 * @throws {RangeError} If there is no candidate or no trial.
 * @example
 * const neighbors = nearestNeighbors(gramMatrix(X), 10);
 * const candidates = [5, 10].map((numNeighbors) => ({ numNeighbors, agreement: 0.6 }));
 * const trials = [flipRandom(y, { from: 7, to: 9, count: 10, rng })];
 * const { best } = tuneOnPlantedFlips({ candidates, trials,
 *   detector: (labels) => (setting) => sanitizeByNeighbors(labels, neighbors, setting).suspects,
 * });
 */
export function tuneOnPlantedFlips<P>({ candidates, trials, detector }: TuneOptions<P>): { best: P; f1: number[] } {
  if (!candidates.length) throw new RangeError("tuneOnPlantedFlips: needs at least one candidate, got none");
  if (!trials.length) throw new RangeError("tuneOnPlantedFlips: needs at least one trial, got none");
  const f1 = new Array<number>(candidates.length).fill(0);
  for (const { y, flipped } of trials) {
    const detect = detector(y);
    candidates.forEach((setting, c) => { f1[c] += detectionScores(detect(setting), flipped).f1 / trials.length; });
  }
  return { best: candidates[indexOfLargest(f1)], f1 };
}
