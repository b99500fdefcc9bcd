import { selectLabels, selectRows, type Matrix } from "../matrix";
import type { Rng } from "../random";
import { analyticGaussianSigma } from "../privacy/accounting/gaussian";
import { requireFinite, requireInteger, requirePositive } from "../validate";
import { logisticObjective } from "./logistic";
import { addScaled, dot, norm } from "../math/linear-algebra";

export interface CertifiedOptions {
  /** λ of λ ‖w‖² / 2 in the mean loss; above 0. */
  regularization: number;
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
  /** Largest bound that (ε, δ) allows: the shift that Gaussian noise of deviation σ hides up to them, exactly. */
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

/** Widest matrix whose eigenvalues are bounded by a factorisation; above, sums of entries bound them, less tightly. */
const MOST_FACTORED = 500;

/** XXᵀ or XᵀX, whichever is smaller: both have the square of X's singular values as eigenvalues. */
function smallerGram(X: Matrix): { gram: Float64Array; k: number } {
  const [n, d] = X.shape;
  const k = Math.min(n, d);
  const gram = new Float64Array(k * k);
  if (n < d) {
    for (let a = 0; a < n; a++)
      for (let b = 0; b <= a; b++)
        gram[a * k + b] = dot(X.data.subarray(a * d, (a + 1) * d), X.data.subarray(b * d, (b + 1) * d));
  } else {
    for (let i = 0; i < n; i++)
      for (let a = 0; a < d; a++)
        for (let b = 0; b <= a; b++) gram[a * k + b] += X.data[i * d + a] * X.data[i * d + b];
  }
  for (let a = 0; a < k; a++) for (let b = 0; b < a; b++) gram[b * k + a] = gram[a * k + b];
  return { gram, k };
}

/** Whether shift · I − A is positive definite, so that no eigenvalue of A reaches the shift: by Cholesky. */
function allEigenvaluesBelow(shift: number, A: Float64Array, k: number): boolean {
  const L = new Float64Array(k * k);
  for (let a = 0; a < k; a++)
    for (let b = 0; b <= a; b++) {
      let rest = (a === b ? shift : 0) - A[a * k + b];
      for (let c = 0; c < b; c++) rest -= L[a * k + c] * L[b * k + c];
      if (a === b && !(rest > 0)) return false;
      L[a * k + b] = a === b ? Math.sqrt(rest) : rest / L[b * k + b];
    }
  return true;
}

/** The largest eigenvalue as power iteration sees it: never above the true one. */
function eigenvalueEstimate(A: Float64Array, k: number): number {
  let v = Float64Array.from({ length: k }, (_, j) => 1 + Math.sin(j + 1) / 10);
  let value = 0;
  for (let step = 0; step < 100; step++) {
    const next = Float64Array.from({ length: k }, (_, a) => dot(A.subarray(a * k, (a + 1) * k), v));
    value = norm(next) / norm(v);
    if (value === 0) return 0;
    const size = norm(next);
    v = next.map((entry) => entry / size);
  }
  return value;
}

/**
 * A proven upper bound of the largest singular value, above it by less than a thousandth where X is not too wide.
 *
 * @throws {RangeError} If a number is not finite.
 */
export function spectralBound(X: Matrix): number {
  requireFinite("spectralBound", "X", X.data);
  const entries = norm(X.data);
  if (Math.min(X.shape[0], X.shape[1]) > MOST_FACTORED || entries === 0) return entries * (1 + 1e-9);
  const { gram, k } = smallerGram(X);
  for (let shift = eigenvalueEstimate(gram, k) * 1.001; shift < entries * entries; shift *= 1.05)
    if (allEigenvaluesBelow(shift, gram, k)) return Math.sqrt(shift) * (1 + 1e-9);
  return entries * (1 + 1e-9);
}

/**
 * Fits a binary logistic regression with a random linear term, so that rows can later be removed by a Newton step with
 * a certificate: what is left of them is hidden by the term up to (ε, δ). The paper's step solves for the removed rows'
 * gradient alone, and sums the bounds of a sequence of removals; here it solves for the whole gradient, so that a
 * removal also takes away what the ones before left, and each bound stands for itself. The paper hides the gradient
 * by a tail bound that holds for ε up to 1; here the Gaussian mechanism's exact δ does, at every ε.
 *
 * @param X Shape [n, d], rows of length at most 1. @param y 0 or 1, shape [n].
 * @throws {RangeError} If a row is longer than 1, or a parameter is out of range.
 * @see Guo et al., ICML 2020, theorem 3 (ε, δ), corollary 2 (the bound from data) and §3.3; Balle & Wang,
 * ICML 2018, theorem 8.
 */
export function certifiedLogistic(X: Matrix, y: Int32Array, options: CertifiedOptions): CertifiedLogistic {
  const { regularization, epsilon, delta, sigma, rng } = options;
  const [n, d] = X.shape;
  requirePositive("certifiedLogistic", "sigma", sigma);
  const budget = sigma / analyticGaussianSigma({ epsilon, delta, sensitivity: 1 });
  for (let i = 0; i < n; i++) {
    const length = norm(X.data.subarray(i * d, (i + 1) * d));
    if (!(length <= 1 + 1e-9))
      throw new RangeError(`certifiedLogistic: rows must be of length at most 1, got ${length} at row ${i}`);
  }
  const linear = Float64Array.from({ length: d }, () => sigma * rng.normal());
  const objectiveOf = (positions: Int32Array) =>
    logisticObjective(
      "certifiedLogistic",
      selectRows(X, positions),
      selectLabels(y, positions),
      regularization,
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
      const gradient = objective.gradient(weights);
      const step = objective.solve(weights, gradient);
      const moved = addScaled(weights, -1, step);
      const unsolved = norm(addScaled(gradient, -1, objective.hessian(weights)(step)));
      const bound = GAMMA * spectralBound(objective.X) * norm(step) * norm(objective.apply(step)) + unsolved;
      const gradientNorm = norm(objective.gradient(moved));
      return { model: modelOf(moved, rest), bound, gradientNorm, certified: bound <= budget };
    },
  });
  const all = Int32Array.from({ length: n }, (_, i) => i);
  const weights = objectiveOf(all).minimize(new Float64Array(d), 1e-10 * n);
  return modelOf(weights, all);
}
