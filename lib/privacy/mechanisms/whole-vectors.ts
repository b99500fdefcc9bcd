import { discreteGaussianNoise, MOST_SIGMA } from "./exact-draws";
import type { Rng } from "../../random";

/**
 * How noise is drawn: `normal` numbers in floating point, or `discrete` Gaussian ones that are added exactly to whole
 * numbers, so that no rounding weakens the guarantee.
 */
export type NoiseKind = "normal" | "discrete";

/** So many units make a length of 1 where a record's numbers are rounded to whole ones, at most. */
const MOST_UNITS = 2 ** 16;

/**
 * Units that a length of 1 is rounded to, so that noise of a multiplier is drawn exactly: at most MOST_SIGMA units. As
 * the noise is then hundreds of thousands of units wide, rounding changes next to nothing.
 *
 * @param degree How often the length is multiplied with itself in what is released: 1 for sums of rows, 2 for sums of
 * products.
 * @throws {RangeError} If the multiplier is so large that not even one unit is left.
 */
export function unitsFor(fn: string, noiseMultiplier: number, degree: 1 | 2): number {
  const most = noiseMultiplier === 0 ? Infinity : MOST_SIGMA / 2 / noiseMultiplier;
  const units = Math.min(MOST_UNITS, Math.floor(degree === 1 ? most : Math.sqrt(most)));
  if (units >= 1) return units;
  throw new RangeError(`${fn}: epsilon must be larger for discrete noise, whose deviation is at most ${MOST_SIGMA / 2} `
    + `times the sensitivity, got a multiplier of ${noiseMultiplier}`);
}

/** The least whole deviation that is `noiseMultiplier` times the length of a whole vector, in spite of rounding. */
export const wholeSigma = (noiseMultiplier: number, squaredLength: number): number =>
  Math.ceil(noiseMultiplier * Math.sqrt(squaredLength) * (1 + 1e-15));

/** Discrete Gaussian noise; none where sigma is 0. */
export const exactNoise = (sigma: number, rng: Rng): number => (sigma === 0 ? 0 : discreteGaussianNoise(sigma, rng));

/**
 * Rounds a vector of length about 1 or less to whole units, in place, and takes units off its largest numbers until the
 * whole vector is at most `units` long. That is checked in whole numbers, so it holds exactly.
 *
 * @param units In [1, 2²⁰].
 */
export function toWhole(values: Float64Array, units: number): void {
  let square = 0;
  for (let j = 0; j < values.length; j++) {
    values[j] = Math.round(Math.max(-units, Math.min(units, units * values[j]))) + 0;
    square += values[j] ** 2;
  }
  while (square > units ** 2) {
    let largest = 0;
    for (let j = 1; j < values.length; j++) if (Math.abs(values[j]) > Math.abs(values[largest])) largest = j;
    square -= 2 * Math.abs(values[largest]) - 1;
    values[largest] -= Math.sign(values[largest]);
  }
}
