import { throwIfInterrupted } from "../../interrupt";
import { symmetricEigen } from "../../math/symmetric-eigen";
import { type Matrix, matrix, rowOf } from "../../matrix";
import type { Rng } from "../../random";
import { requireFinite, requireInteger, requirePositive, requireSameLength } from "../../validate";
import {
  exactNoise, type NoiseKind, requireNoiseKind, shorten, toWhole, unitsFor, wholeSigma,
} from "../mechanisms/whole-vectors";

/** Sums of the products of two coordinates, one square a group, with noise. */
export interface GroupSquares {
  /** Shape [numGroups, d²], each symmetric. */
  readonly squares: Matrix<Float64Array>;
  /** Standard deviation of the noise on each diagonal number; beside the diagonal it is 1/√2 of that. */
  readonly sigma: number;
}

export interface GroupSquaresOptions {
  numGroups: number;
  /** Rows longer than that are shortened, and all are divided by it; above 0. */
  reach: number;
  /** Standard deviation of the noise over the sensitivity 1; 0 switches it off, for tests. */
  noiseMultiplier: number;
  /** `normal` unless said. */
  noise?: NoiseKind;
  rng: Rng;
}

/**
 * The sum of r rᵀ over the rows r of each group, in one Gaussian release. A record adds one matrix r rᵀ with ‖r‖ ≤ 1 to
 * one group. What is released are the numbers on the diagonal and √2 times those below it, a vector as long as
 * ‖r rᵀ‖ = ‖r‖² ≤ 1: so the sensitivity, for neighbours that differ by one record there or not, is 1. For discrete
 * noise each r is rounded to whole units, no longer than 1; losses of independent discrete noises with deviations of
 * their own add up as ρ = Σ Δ² / (2 σ²).
 *
 * @param R Shape [n, d].
 * @param groups Each row's group, shape [n].
 * @throws {RangeError} If a number is not finite, the lengths differ, or a setting is out of range.
 * @see Dwork, Talwar, Thakurta & Zhang, STOC 2014 (Analyze Gauss); Canonne, Kamath & Steinke, arXiv 2004.00010, §2.
 */
export function privateGroupSquares(R: Matrix, groups: Int32Array, options: GroupSquaresOptions): GroupSquares {
  const { numGroups, reach, noiseMultiplier, noise = "normal", rng } = options;
  const fn = "privateGroupSquares";
  const [n, d] = R.shape;
  requireSameLength(fn, "R", n, "groups", groups.length);
  requireInteger(fn, "numGroups", numGroups, 1);
  for (const group of groups) requireInteger(fn, "groups", group, 0, numGroups - 1);
  requireFinite(fn, "R", R.data);
  requirePositive(fn, "reach", reach);
  if (noiseMultiplier !== 0) requirePositive(fn, "noiseMultiplier", noiseMultiplier);
  requireNoiseKind(fn, noise);
  const units = noise === "normal" ? 1 : unitsFor(fn, noiseMultiplier, [d, d])[0];
  const [sigma, besideDiagonal] = noise === "normal"
    ? [noiseMultiplier, noiseMultiplier * Math.SQRT1_2]
    : [wholeSigma(noiseMultiplier, units ** 4), wholeSigma(noiseMultiplier, units ** 4 / 2)];
  const draw = (deviation: number): number =>
    (noise === "normal" ? deviation * rng.normal() : exactNoise(deviation, rng));
  const data = new Float64Array(numGroups * d * d);
  const row = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    throwIfInterrupted();
    row.set(rowOf(R, i));
    shorten(row, reach);
    if (noise === "discrete") toWhole(row, units);
    const at = groups[i] * d * d;
    for (let a = 0; a < d; a++) for (let b = 0; b <= a; b++) data[at + a * d + b] += row[a] * row[b];
  }
  for (let at = 0; at < data.length; at += d * d)
    for (let a = 0; a < d; a++)
      for (let b = 0; b <= a; b++) {
        const noised = data[at + a * d + b] + draw(a === b ? sigma : besideDiagonal);
        data[at + b * d + a] = data[at + a * d + b] = noised / units ** 2;
      }
  return { squares: matrix(data, [numGroups, d * d]), sigma: sigma / units ** 2 };
}

/** Directions in which images of a class differ, and how far. */
export interface Modes {
  /** Shape [modes, d]. */
  readonly directions: Matrix<Float64Array>;
  /** Standard deviations, shape [modes]. */
  readonly deviations: Float64Array;
}

/** So far above the noise's own greatest eigenvalue a direction must stand out. */
const ABOVE = 1.1;

/**
 * The directions of a noisy covariance that noise alone would not make: those with an eigenvalue above that of a matrix
 * of noise, which is 2s√d for noise of deviation s beside the diagonal. Each is brought down by what noise adds to it.
 * It uses nothing but the release.
 *
 * @param covariance Shape [d, d], symmetric.
 * @param noise Standard deviation of the noise beside the diagonal.
 * @see Benaych-Georges & Nadakuditi, Advances in Mathematics 227(1), 2011 (eigenvalues with noise).
 */
export function modesOf(covariance: Matrix<Float64Array>, { noise }: { noise: number }): Modes {
  const d = covariance.shape[0];
  const edge = 2 * noise * Math.sqrt(d);
  const { values, vectors } = symmetricEigen(covariance);
  const count = values.findIndex((value) => !(value > ABOVE * edge));
  const kept = count < 0 ? d : count;
  return {
    directions: matrix(vectors.data.slice(0, kept * d), [kept, d]),
    // An eigenvalue λ shows up in noise as λ + s²d/λ.
    deviations: values.slice(0, kept).map((value) =>
      Math.sqrt((value + Math.sqrt(value ** 2 - edge ** 2)) / 2)),
  };
}
