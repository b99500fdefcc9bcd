import { type Matrix, matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireInteger, requireSameLength } from "../../validate";
import type { NoiseKind } from "../mechanisms/whole-vectors";
import { requireLabels } from "../local/randomized-response";
import { privateGroupSums } from "./group-sums";
import { MAX_SLANT } from "../../images/upright";

/** A guess at how much ink a digit has, as a share of the image, and how far guesses reach: public constants. */
const MIDDLE = 1 / 8;
const REACH = 1 / 8;
/** What one record weighs in a count, beside a row of length 1. */
const COUNT_WEIGHT = 0.3;
/** Least variance, as a share of the square of the reach. */
const LEAST_VARIANCE = 0.01;

/** A normal law for each class. */
export interface ClassLaw {
  /** Shape [numClasses]. */
  readonly means: Float64Array;
  /** One for all classes. */
  readonly deviation: number;
}

/** How people of each class write. */
export interface PoseLaw {
  /** Sums of pixels in [0, 1], as shares of the number of pixels. */
  readonly ink: ClassLaw;
  /** Columns a row. */
  readonly slant: ClassLaw;
}

export interface PoseLawOptions {
  readonly numClasses: number;
  /** Over the sensitivity; 0 switches the noise off, for tests. */
  readonly noiseMultiplier: number;
  /** `normal` unless said. */
  readonly noise?: NoiseKind;
  readonly rng: Rng;
}

/** The law of middle + reach · t from noisy sums of t and t² in [−1, 1], each weighed ½. */
function lawOf(sums: Matrix<Float64Array>, counts: Float64Array, column: number, { middle, reach }:
  { middle: number; reach: number }): ClassLaw {
  const at = (c: number, j: number): number => 2 * sums.data[4 * c + column + j];
  const means = counts.map((count, c) => Math.min(1, Math.max(-1, at(c, 0) / count)));
  const total = counts.reduce((sum, count) => sum + count);
  let variance = 0;
  for (let c = 0; c < counts.length; c++) variance += at(c, 1) - counts[c] * means[c] ** 2;
  const deviation = Math.sqrt(Math.min(1, Math.max(LEAST_VARIANCE, variance / total)));
  return { means: means.map((mean) => middle + reach * mean), deviation: reach * deviation };
}

/**
 * The mean amount of ink and the mean slant of each class and their spread around them, released with Gaussian noise:
 * one release by `privateGroupSums` of (t, t², s, s²)/2 a record, where t in [−1, 1] is its ink less a public guess,
 * over a public reach, and s its slant.
 *
 * @param X Grey values in [0, 255], shape [n, d]; not modified. Others are counted as the nearest ink within reach.
 * @param slants Shape [n], counted as the nearest within ±MAX_SLANT.
 * @param y Classes, shape [n].
 * @throws {RangeError} If a number is not finite, the lengths differ, or a label or a setting is out of range.
 */
export function fitPoseLaw(
  X: Matrix,
  slants: Float64Array,
  y: Int32Array,
  { numClasses, noiseMultiplier, noise, rng }: PoseLawOptions,
): PoseLaw {
  const [n, d] = X.shape;
  requireSameLength("fitPoseLaw", "X", n, "y", y.length);
  requireSameLength("fitPoseLaw", "X", n, "slants", slants.length);
  requireInteger("fitPoseLaw", "number of records", n, 1);
  requireLabels("fitPoseLaw", "y", y, numClasses);
  const rows = new Float64Array(4 * n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += X.data[i * d + j];
    const t = Math.min(1, Math.max(-1, (sum / (255 * d) - MIDDLE) / REACH));
    const s = Math.min(1, Math.max(-1, slants[i] / MAX_SLANT));
    rows.set([t / 2, t ** 2 / 2, s / 2, s ** 2 / 2], 4 * i);
  }
  const { sums, counts } = privateGroupSums(matrix(rows, [n, 4]), y, {
    numGroups: numClasses, countWeight: COUNT_WEIGHT, noiseMultiplier, noise, rng,
  });
  return {
    ink: lawOf(sums, counts, 0, { middle: MIDDLE, reach: REACH }),
    slant: lawOf(sums, counts, 2, { middle: 0, reach: MAX_SLANT }),
  };
}
