import { matrix, type Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireInteger, requireSameLength } from "../../validate";
import { requireLabels } from "../local/randomized-response";
import { privateGroupSums } from "./group-sums";

/** A guess at how much ink a digit has, as a share of the image, and how far guesses reach: public constants. */
const MIDDLE = 1 / 8;
const REACH = 1 / 8;
/** What one record weighs in a count, beside a row of length 1. */
const COUNT_WEIGHT = 0.3;

/** How much ink the images of each class have: sums of pixels in [0, 1], as shares of the number of pixels. */
export interface InkLaw {
  /** Shape [numClasses]. */
  readonly means: Float64Array;
  /** One for all classes. */
  readonly deviation: number;
}

/**
 * The mean amount of ink of each class and its spread around them, released with Gaussian noise: one release by
 * `privateGroupSums` of (t, t²)/√2 a record, where t in [−1, 1] is its ink less a public guess, over a public reach.
 *
 * @param X Grey values in [0, 255], shape [n, d]; not modified. Others are counted as the nearest ink within reach.
 * @param y Classes, shape [n].
 * @param options.noiseMultiplier Over the sensitivity; 0 switches the noise off, for tests.
 * @throws {RangeError} If a number is not finite, the lengths differ, or a label or a setting is out of range.
 */
export function fitInkLaw(
  X: Matrix,
  y: Int32Array,
  { numClasses, noiseMultiplier, rng }: { numClasses: number; noiseMultiplier: number; rng: Rng },
): InkLaw {
  const [n, d] = X.shape;
  requireSameLength("fitInkLaw", "X", n, "y", y.length);
  requireInteger("fitInkLaw", "number of records", n, 1);
  requireLabels("fitInkLaw", "y", y, numClasses);
  const rows = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += X.data[i * d + j];
    const t = Math.min(1, Math.max(-1, (sum / (255 * d) - MIDDLE) / REACH));
    rows[2 * i] = t / Math.SQRT2;
    rows[2 * i + 1] = (t * t) / Math.SQRT2;
  }
  const { sums, counts } = privateGroupSums(matrix(rows, [n, 2]), y, {
    numGroups: numClasses, countWeight: COUNT_WEIGHT, noiseMultiplier, rng,
  });
  const means = counts.map((count, c) =>
    Math.min(1, Math.max(-1, (Math.SQRT2 * sums.data[2 * c]) / count)));
  const total = counts.reduce((sum, count) => sum + count);
  let variance = 0;
  for (let c = 0; c < numClasses; c++) variance += Math.SQRT2 * sums.data[2 * c + 1] - counts[c] * means[c] ** 2;
  const deviation = Math.sqrt(Math.min(1, Math.max(0.01, variance / total)));
  return { means: means.map((mean) => MIDDLE + REACH * mean), deviation: REACH * deviation };
}
