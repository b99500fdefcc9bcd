import { type Matrix, matrix, rowOf } from "../../matrix";
import type { Rng } from "../../random";
import { requireFinite, requireInteger, requirePositive, requireSameLength } from "../../validate";
import {
  exactNoise, type NoiseKind, requireNoiseKind, shorten, toWhole, unitsFor, wholeSigma,
} from "../mechanisms/whole-vectors";

export interface GroupSumsOptions {
  /** Groups are integers in [0, numGroups). */
  numGroups: number;
  /** What one record weighs in its group's count, beside a row of length 1; above 0. */
  countWeight: number;
  /** Standard deviation of the noise over the sensitivity √(1 + countWeight²); 0 switches it off, for tests. */
  noiseMultiplier: number;
  /** `normal` unless said. */
  noise?: NoiseKind;
  rng: Rng;
}

/** Sums and sizes of groups, with noise. */
export interface GroupSums {
  /** Shape [numGroups, d]. */
  readonly sums: Matrix<Float64Array>;
  /** Estimated sizes, shape [numGroups], at least 1. */
  readonly counts: Float64Array;
  /** Standard deviation of the noise on each number of `sums`. */
  readonly sigma: number;
}

/** How a row adds to its group's sum: at most so long, with a count of so much; and the noise on each number. */
interface Addends {
  /** Brings a row of any length to one that is added, in place. */
  readonly fit: (row: Float64Array) => void;
  readonly countWeight: number;
  readonly sigma: number;
  readonly noise: () => number;
  /** What is added for a length of 1. */
  readonly units: number;
}

function addends(fn: string, width: number, options: GroupSumsOptions): Addends {
  const { countWeight, noiseMultiplier, noise = "normal", rng } = options;
  if (noise === "normal") {
    const sigma = noiseMultiplier * Math.sqrt(1 + countWeight ** 2);
    return { fit: shorten, countWeight, sigma, noise: () => sigma * rng.normal(), units: 1 };
  }
  const [units] = unitsFor(fn, noiseMultiplier * Math.sqrt(1 + countWeight ** 2), [width]);
  const weight = Math.max(1, Math.floor(countWeight * units));
  const sigma = wholeSigma(noiseMultiplier, units ** 2 + weight ** 2);
  const whole = (row: Float64Array): void => {
    shorten(row);
    toWhole(row, units);
  };
  return { fit: whole, countWeight: weight, sigma, noise: () => exactNoise(sigma, rng), units };
}

/**
 * The sum of the rows of each group and how many there are, in one Gaussian release.
 *
 * Sensitivity, for neighbours that differ by one record there or not: a record adds its row, shortened to length 1, to
 * one group's sum and `countWeight` to that group's count, and nothing anywhere else. So all that is released moves
 * by a vector of length at most √(1 + countWeight²). That holds for any function from a record to its group which looks
 * at nothing but the record and earlier releases.
 *
 * Normal noise is rounded to float64. For discrete noise a row is rounded to whole units, no longer than 1, and so is
 * the count; the sums are whole, and nothing is rounded between them and what is released.
 *
 * @param X Shape [n, d].
 * @param groups Each row's group, shape [n].
 * @throws {RangeError} If a number is not finite, the lengths differ, or a setting is out of range.
 */
export function privateGroupSums(X: Matrix, groups: Int32Array, options: GroupSumsOptions): GroupSums {
  const { numGroups, countWeight, noiseMultiplier, noise = "normal" } = options;
  const fn = "privateGroupSums";
  const [n, d] = X.shape;
  requireSameLength(fn, "X", n, "groups", groups.length);
  requireInteger(fn, "numGroups", numGroups, 1);
  for (const group of groups) requireInteger(fn, "groups", group, 0, numGroups - 1);
  requireFinite(fn, "X", X.data);
  requirePositive(fn, "countWeight", countWeight);
  if (noiseMultiplier !== 0) requirePositive(fn, "noiseMultiplier", noiseMultiplier);
  requireNoiseKind(fn, noise);
  const added = addends(fn, d, options);
  const sums = new Float64Array(numGroups * d);
  const weights = new Float64Array(numGroups);
  const row = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    row.set(rowOf(X, i));
    added.fit(row);
    const at = groups[i] * d;
    for (let j = 0; j < d; j++) sums[at + j] += row[j];
    weights[groups[i]] += added.countWeight;
  }
  for (let p = 0; p < sums.length; p++) sums[p] = (sums[p] + added.noise()) / added.units;
  const counts = weights.map((weight) => Math.max(1, (weight + added.noise()) / added.countWeight));
  return { sums: matrix(sums, [numGroups, d]), counts, sigma: added.sigma / added.units };
}

/**
 * Means of groups from noisy sums, each coefficient shrunk towards 0 as far as noise outweighs signal. How strong a
 * coefficient is, is estimated from all groups and from its neighbours on the kept × kept square of frequencies.
 * It uses nothing but the release.
 *
 * @returns Shape [groups, kept²].
 * @see Wiener, Extrapolation, Interpolation, and Smoothing of Stationary Time Series, 1949.
 */
export function shrunkMeans({ sums, counts, sigma }: GroupSums): Matrix<Float64Array> {
  const [groups, d] = sums.shape;
  const kept = Math.sqrt(d);
  requireInteger("shrunkMeans", "coefficients along one side", kept, 1);
  const records = counts.reduce((sum, count) => sum + count ** 2, 0);
  const energy = Float64Array.from({ length: d }, (_, j) => {
    let sum = 0;
    for (let g = 0; g < groups; g++) sum += sums.data[g * d + j] ** 2 - sigma ** 2;
    return Math.max(0, sum) / records;
  });
  const smooth = Float64Array.from({ length: d }, (_, j) => {
    const [row, column] = [Math.floor(j / kept), j % kept];
    let sum = 0;
    let weights = 0;
    for (let u = Math.max(0, row - 1); u <= Math.min(kept - 1, row + 1); u++)
      for (let v = Math.max(0, column - 1); v <= Math.min(kept - 1, column + 1); v++) {
        const weight = (u === row ? 2 : 1) * (v === column ? 2 : 1);
        sum += weight * energy[u * kept + v];
        weights += weight;
      }
    return sum / weights;
  });
  const data = Float64Array.from(sums.data, (sum, p) => {
    const count = counts[Math.floor(p / d)];
    const noise = (sigma / count) ** 2;
    return noise === 0 ? sum / count : (sum / count) * (smooth[p % d] / (smooth[p % d] + noise));
  });
  return matrix(data, [groups, d]);
}
