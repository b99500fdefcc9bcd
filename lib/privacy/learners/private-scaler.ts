import { type FittedTransformer, restoreTransformer } from "../../data/scale";
import { type Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireFinite, requireInteger, requirePositive, requireSameLength } from "../../validate";
import { gaussianNoiseMultiplier } from "../accounting/composition";
import { type NeighborRelation, requireNeighborRelation } from "../neighbor-relation";
import { requireDelta, requireEpsilon } from "../parameters";

export interface PrivateScalerOptions {
  /**
   * Least value of each feature, or one for all: public knowledge, never looked up in the data. Smaller values are
   * raised to it.
   */
  lower: number | ArrayLike<number>;
  /** Greatest value of each feature, or one for all; above `lower`, and public too. */
  upper: number | ArrayLike<number>;
  /** What the scaler costs each record, above 0. */
  epsilon: number;
  /** In (0, 1). */
  delta: number;
  /** Which two data sets the guarantee compares; the number of rows is public under either. */
  neighbors: NeighborRelation;
  /** `seededRng` for experiments, `secureRng` for releases. */
  rng: Rng;
}

/** A fitted standard scaler, and what it costs the records it was fitted on. */
export interface PrivateScaler extends FittedTransformer {
  readonly epsilon: number;
  readonly delta: number;
  /** Noise over sensitivity: `{ kind: "gaussian", noiseMultiplier }` is what a budget is to be told. */
  readonly noiseMultiplier: number;
  readonly neighbors: NeighborRelation;
}

function boundsOf(lower: PrivateScalerOptions["lower"], upper: PrivateScalerOptions["upper"], d: number) {
  const spread = (name: string, bound: number | ArrayLike<number>): Float64Array => {
    const values = typeof bound === "number" ? new Float64Array(d).fill(bound) : Float64Array.from(bound);
    requireSameLength("privateStandardScaler", name, values.length, "the width of X", d);
    requireFinite("privateStandardScaler", name, values);
    return values;
  };
  const low = spread("lower", lower);
  const high = spread("upper", upper);
  low.forEach((least, j) => {
    if (!(least < high[j] && high[j] - least < Infinity))
      throw new RangeError(
        `privateStandardScaler: lower must be below upper, got ${least} and ${high[j]} at position ${j}`);
  });
  const half = low.map((least, j) => high[j] / 2 - least / 2);
  half.forEach((size, j) =>
    requirePositive("privateStandardScaler", `half of upper less lower at position ${j}`, size));
  return { middle: low.map((least, j) => least + half[j]), half };
}

/**
 * Fits a scaling to mean 0 and deviation 1 that is differentially private: `standardScaler` fitted on private rows is
 * not, and stands outside any budget. Features are clipped to public bounds and brought to u in [−1, 1]; the sums of u
 * and of u² − ½ over the rows are released with Gaussian noise. A record's vector of both has length at most √(5d/4);
 * two records' vectors lie at most 2√d apart.
 *
 * Warning: the noise is floating-point, see `gaussianMechanism`.
 *
 * @param X Shape [n, d], finite, n at least 1; not modified.
 * @returns A transformer as `standardScaler` fits it; deviations are at least what the noise can tell from 0.
 * @throws {RangeError} If X is empty or not finite, a lower bound is not below its upper one, or a setting is out of
 * range.
 * @see Dwork & Roth, The Algorithmic Foundations of Differential Privacy, §3.5; Balle & Wang, ICML 2018, for the noise.
 * @example
 * const X = fromRows([[1, 20], [3, 40], [2, 10], [4, 30]]);
 * const scaler = privateStandardScaler(X, {
 *   lower: [0, 0], upper: [5, 50], epsilon: 1, delta: 1e-5, neighbors: "add-remove", rng: seededRng(1),
 * });
 * scaler.transform(X).shape; // [4, 2]
 */
export function privateStandardScaler(X: Matrix, options: PrivateScalerOptions): PrivateScaler {
  const { epsilon, delta, neighbors, rng } = options;
  const fn = "privateStandardScaler";
  const [n, d] = X.shape;
  requireInteger(fn, "rows of X", n, 1);
  requireInteger(fn, "columns of X", d, 1);
  requireFinite(fn, "X", X.data);
  requireEpsilon(fn, epsilon);
  requireDelta(fn, delta);
  requireNeighborRelation(fn, neighbors);
  const { middle, half } = boundsOf(options.lower, options.upper, d);
  const noiseMultiplier = gaussianNoiseMultiplier({ epsilon, delta });
  const sigma = noiseMultiplier * (neighbors === "add-remove" ? Math.sqrt(1.25 * d) : 2 * Math.sqrt(d));

  const first = new Float64Array(d);
  const second = new Float64Array(d);
  for (let i = 0, p = 0; i < n; i++)
    for (let j = 0; j < d; j++, p++) {
      const u = Math.min(1, Math.max(-1, (X.data[p] - middle[j]) / half[j]));
      first[j] += u;
      second[j] += u * u - 0.5;
    }
  const center = first.map((sum) => Math.min(1, Math.max(-1, (sum + sigma * rng.normal()) / n)));
  const least = Math.min(1, sigma / n);
  const deviation = second.map((sum, j) =>
    Math.sqrt(Math.max((sum + sigma * rng.normal()) / n + 0.5 - center[j] ** 2, least)));
  const mean = center.map((u, j) => middle[j] + half[j] * u);
  const scale = deviation.map((u, j) => half[j] * u);
  const fitted = restoreTransformer({ family: "standardScaler", center: [...mean], scale: [...scale] });
  return { ...fitted, epsilon, delta, noiseMultiplier, neighbors };
}
