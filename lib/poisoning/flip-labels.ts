import { sampleWithoutReplacement, type Rng } from "../random";
import { requireInteger } from "../validate";

export interface FlipLabelsOptions {
  /** How many labels to flip, in [0, n]. */
  count: number;
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
 * Moves random labels to another class, chosen uniformly.
 *
 * @param y True classes, shape [n]; not modified.
 * @throws {RangeError} If `count`, `numClasses` or a label is out of range.
 * @see Warnecke et al., NDSS 2023, §VI: there the new class is 9 − s; here it is uniform over the others.
 * @example
 * const { y: poisoned } = flipLabels(y, { count: 100, numClasses: 10, rng: seededRng(7) });
 */
export function flipLabels(y: Int32Array, { count, numClasses, rng }: FlipLabelsOptions): FlippedLabels {
  requireInteger("flipLabels", "count", count, 0, y.length);
  requireInteger("flipLabels", "numClasses", numClasses, 2);
  for (const label of y) requireInteger("flipLabels", "label", label, 0, numClasses - 1);
  const flipped = sampleWithoutReplacement(y.length, count, rng).sort();
  const poisoned = y.slice();
  for (const i of flipped) poisoned[i] = (y[i] + 1 + rng.integer(numClasses - 1)) % numClasses;
  return { y: poisoned, flipped };
}
