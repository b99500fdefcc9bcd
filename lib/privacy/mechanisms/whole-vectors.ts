import { discreteGaussianNoise, MOST_SIGMA } from "./exact-draws";
import { norm } from "../../math/linear-algebra";
import type { Rng } from "../../random";
import { requireOneOf } from "../../validate";

/**
 * How noise is drawn: `normal` numbers in floating point, or `discrete` Gaussian ones that are added exactly to whole
 * numbers, so that no rounding weakens the guarantee.
 */
export type NoiseKind = "normal" | "discrete";

/** Requires a kind of noise. */
export const requireNoiseKind = (fn: string, noise: NoiseKind): void =>
  requireOneOf(fn, "noise", noise, ["normal", "discrete"]);

/** Divides a row by the greatest length that it may have, or by its own if that is greater, in place. */
export function shorten(row: Float64Array, reach = 1): void {
  const weight = 1 / Math.max(reach, norm(row));
  for (let j = 0; j < row.length; j++) row[j] *= weight;
}

/** So many units make a length of 1 where a record's numbers are rounded to whole ones, at most. */
const MOST_UNITS = 2 ** 16;
/** Units for each number of a dense vector of length 1, at least: with fewer, rounding would leave nothing of it. */
const LEAST_UNITS = 1;

/**
 * Units that a length of 1 is rounded to in each of one or two vectors whose numbers, or their products, are released
 * with noise of a multiplier: so many that the noise is at most MOST_SIGMA units, shared out so that the numbers of
 * both vectors are rounded alike. The noise is then hundreds of thousands of units wide.
 *
 * @param widths How many numbers the vectors have.
 * @throws {RangeError} If the multiplier is so large, or a vector so wide, that rounding would leave nothing of it.
 */
export function unitsFor(
  fn: string, noiseMultiplier: number, widths: readonly [number] | readonly [number, number],
): number[] {
  const most = noiseMultiplier === 0 ? Infinity : MOST_SIGMA / 2 / noiseMultiplier;
  const roots = widths.map(Math.sqrt);
  const perNumber = (most / roots.reduce((product, root) => product * root)) ** (1 / widths.length);
  if (!(perNumber >= LEAST_UNITS))
    throw new RangeError(`${fn}: epsilon must be larger, or there must be fewer steps or features, for discrete noise: `
      + `records of ${widths.join(" × ")} numbers would be lost in rounding, got a noise multiplier of `
      + `${Number(noiseMultiplier.toPrecision(4))}`);
  return roots.map((root) => Math.min(MOST_UNITS, Math.floor(perNumber * root)));
}

/** The least whole deviation that is `noiseMultiplier` times the length of a whole vector, in spite of rounding. */
export const wholeSigma = (noiseMultiplier: number, squaredLength: number): number =>
  Math.ceil(noiseMultiplier * Math.sqrt(squaredLength) * (1 + 1e-15));

/** Discrete Gaussian noise; none where sigma is 0. */
export const exactNoise = (sigma: number, rng: Rng): number => (sigma === 0 ? 0 : discreteGaussianNoise(sigma, rng));

/** Times a vector that came out too long is made a little shorter before it is rounded. */
const TRIES = 8;

/**
 * Rounds a vector of length about 1 or less to whole units, in place, a little shorter if the whole vector would be
 * longer than `units`. That is checked in whole numbers, so it holds exactly.
 *
 * @param units In [1, 2²⁰].
 */
export function toWhole(values: Float64Array, units: number): void {
  const exact = values.map((value) => Math.max(-units, Math.min(units, units * value)));
  let square = 0;
  for (let factor = 1, tried = 0; tried < TRIES; tried++, factor *= units / Math.sqrt(square)) {
    square = 0;
    for (let j = 0; j < values.length; j++) {
      values[j] = Math.round(factor * exact[j]) + 0;
      square += values[j] ** 2;
    }
    if (square <= units ** 2) return;
  }
  while (square > units ** 2) {
    let largest = 0;
    for (let j = 1; j < values.length; j++) if (Math.abs(values[j]) > Math.abs(values[largest])) largest = j;
    square -= 2 * Math.abs(values[largest]) - 1;
    values[largest] -= Math.sign(values[largest]);
  }
}
