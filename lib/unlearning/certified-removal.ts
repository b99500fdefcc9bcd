import { selectLabels, selectRows, type Matrix } from "../matrix";
import type { Rng } from "../random";
import { requireInRange, requireInteger, requirePositive } from "../validate";
import { logisticObjective } from "./logistic";
import { addScaled, norm } from "./vectors";

export interface CertifiedOptions {
  /** λ of λ ‖w‖² / 2 in the mean loss; above 0. */
  regularisation: number;
  /** Privacy loss that tells the model after removal from one retrained; above 0. */
  epsilon: number;
  /** In (0, 1). */
  delta: number;
  /** Deviation of the random linear term b·w in the summed loss. */
  sigma: number;
  rng: Rng;
}

export interface Removal {
  /** The model after the removal. */
  readonly model: CertifiedLogistic;
  /** Bound on the length of the gradient that is left, known without a look at it. */
  readonly bound: number;
  /** The length it really has: at most `bound`. */
  readonly gradientNorm: number;
  /** True if the bound is within the budget: the removal is (ε, δ)-certified; else retrain. */
  readonly certified: boolean;
}

/** A logistic regression that rows can be removed from, with a proof that they are gone. */
export interface CertifiedLogistic {
  readonly weights: Float64Array;
  /** Largest bound that (ε, δ) allows: σ ε / √(2 ln(1.5/δ)). */
  readonly budget: number;
  /** Positions of the rows still in, in the table it was fitted on. */
  readonly remaining: Int32Array;
  /** Removes rows by one Newton step. @param positions In the table it was fitted on. */
  remove(positions: ArrayLike<number>): Removal;
}

/**
 * Largest Lipschitz constant of the logistic loss' second derivative: max |σ″| = 1/(6√3) ≤ 1/4, as the paper takes it.
 */
const GAMMA = 0.25;

/** Largest singular value, by power iteration on XᵀX, a hair up so that it stays a bound. */
function spectralNorm(X: Matrix): number {
  const [n, d] = X.shape;
  let v = new Float64Array(d).map((_, j) => 1 + Math.sin(j + 1) / 10);
  let value = 0;
  for (let step = 0; step < 100; step++) {
    const next = new Float64Array(d);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += X.data[i * d + j] * v[j];
      for (let j = 0; j < d; j++) next[j] += X.data[i * d + j] * sum;
    }
    value = norm(next) / norm(v);
    if (value === 0) return 0;
    const size = norm(next);
    v = next.map((entry) => entry / size);
  }
  return Math.sqrt(value) * 1.001;
}

/**
 * Fits a binary logistic regression with a random linear term, so that rows can later be removed by a Newton step with
 * a
 * certificate: what is left of them is hidden by the term up to (ε, δ). The paper's step solves for the removed rows'
 * gradient alone, and sums the bounds of a sequence of removals; here it solves for the whole gradient, so that a
 * removal
 * also takes away what the ones before left, and each bound stands for itself.
 *
 * @param X Shape [n, d], rows of length at most 1. @param y 0 or 1, shape [n].
 * @throws {RangeError} If a row is longer than 1, or a parameter is out of range.
 * @see Guo et al., ICML 2020, theorem 3 (ε, δ), corollary 2 (the bound from data) and §3.3.
 */
export function certifiedLogistic(X: Matrix, y: Int32Array, options: CertifiedOptions): CertifiedLogistic {
  const { regularisation, epsilon, delta, sigma, rng } = options;
  const [n, d] = X.shape;
  requirePositive("certifiedLogistic", "epsilon", epsilon);
  requireInRange("certifiedLogistic", "delta", delta, Number.MIN_VALUE, 1);
  requirePositive("certifiedLogistic", "sigma", sigma);
  for (let i = 0; i < n; i++) {
    const length = norm(X.data.subarray(i * d, (i + 1) * d));
    if (!(length <= 1 + 1e-9))
      throw new RangeError(`certifiedLogistic: rows must be of length at most 1, got ${length} at row ${i}`);
  }
  const linear = Float64Array.from({ length: d }, () => sigma * rng.normal());
  const budget = (sigma * epsilon) / Math.sqrt(2 * Math.log(1.5 / delta));
  const objectiveOf = (positions: Int32Array) =>
    logisticObjective(
      "certifiedLogistic",
      selectRows(X, positions),
      selectLabels(y, positions),
      regularisation,
      linear,
    );

  const modelOf = (weights: Float64Array, remaining: Int32Array): CertifiedLogistic => ({
    weights,
    budget,
    remaining,
    remove(positions) {
      const gone = new Set(Array.from(positions));
      for (const position of gone) {
        requireInteger("remove", "position", position, 0, n - 1);
        if (!remaining.includes(position)) throw new RangeError(`remove: row ${position} is removed already`);
      }
      const rest = remaining.filter((position) => !gone.has(position));
      const objective = objectiveOf(rest);
      const step = objective.solve(weights, objective.gradient(weights));
      const moved = addScaled(weights, -1, step);
      const bound = GAMMA * spectralNorm(objective.X) * norm(step) * norm(objective.apply(step));
      const gradientNorm = norm(objective.gradient(moved));
      return { model: modelOf(moved, rest), bound, gradientNorm, certified: bound <= budget };
    },
  });
  const all = Int32Array.from({ length: n }, (_, i) => i);
  const weights = objectiveOf(all).minimise(new Float64Array(d), 1e-10 * n);
  return modelOf(weights, all);
}
