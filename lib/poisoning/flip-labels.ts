import { sampleWithoutReplacement, type Rng } from "../random";
import { requireInRange, requireInteger } from "../validate";

export interface FlipLabelsOptions {
  /** Share of labels to flip, in [0, 1]. */
  fraction: number;
  /** Labels are integers in [0, numClasses); at least 2. */
  numClasses: number;
  rng: Rng;
}

export interface FlippedLabels {
  /** Poisoned copy, shape [n]. */
  y: Int32Array;
  /** Flipped positions, ascending, shape [number of flips]. */
  flipped: Int32Array;
}

/**
 * Moves a random share of labels to another class, chosen uniformly.
 *
 * @param y True classes, shape [n]; not modified.
 * @throws {RangeError} If `fraction`, `numClasses` or a label is out of range.
 * @see Warnecke et al., NDSS 2023, §VI: there the new class is 9 − s; here it is uniform over the others.
 * @example
 * const { y: poisoned } = flipLabels(y, { fraction: 0.1, numClasses: 10, rng: seededRng(7) });
 */
export function flipLabels(y: Int32Array, { fraction, numClasses, rng }: FlipLabelsOptions): FlippedLabels {
  requireInRange("flipLabels", "fraction", fraction, 0, 1);
  requireInteger("flipLabels", "numClasses", numClasses, 2);
  for (const label of y) requireInteger("flipLabels", "label", label, 0, numClasses - 1);
  const flipped = sampleWithoutReplacement(y.length, Math.round(fraction * y.length), rng).sort();
  const poisoned = y.slice();
  for (const i of flipped) poisoned[i] = (y[i] + 1 + rng.integer(numClasses - 1)) % numClasses;
  return { y: poisoned, flipped };
}
