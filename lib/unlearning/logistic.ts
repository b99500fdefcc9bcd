import { throwIfInterrupted } from "../interrupt";
import type { Matrix } from "../matrix";
import { requireFinite, requireInteger, requirePositive, requireSameLength } from "../validate";
import { conjugateGradients } from "./conjugate-gradients";
import { addScaled, dot, norm } from "../math/linear-algebra";

const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t));

/**
 * A binary logistic regression's objective on fixed rows, without intercept (add a column of ones for one):
 * Σ log(1 + exp(−sᵢ xᵢ·w)) + λ n ‖w‖² / 2 + b·w, with s = ±1.
 */
export class LogisticObjective {
  readonly size: number;

  constructor(
    readonly X: Matrix,
    private readonly signs: Int8Array,
    private readonly penalty: number,
    private readonly linear: Float64Array | null,
  ) {
    this.size = X.shape[1];
  }

  /** X v, shape [n]. */
  apply(v: ArrayLike<number>): Float64Array {
    const [n, d] = this.X.shape;
    const { data } = this.X;
    return Float64Array.from({ length: n }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += data[i * d + j] * v[j];
      return sum;
    });
  }

  private applyTransposed(u: ArrayLike<number>): Float64Array {
    const [n, d] = this.X.shape;
    const { data } = this.X;
    const result = new Float64Array(d);
    for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) result[j] += data[i * d + j] * u[i];
    return result;
  }

  gradient(w: ArrayLike<number>): Float64Array {
    const slopes = this.apply(w).map((t, i) => -this.signs[i] * sigmoid(-this.signs[i] * t));
    const gradient = addScaled(this.applyTransposed(slopes), this.penalty, w);
    return this.linear ? addScaled(gradient, 1, this.linear) : gradient;
  }

  /** v ↦ H(w) v. */
  hessian(w: ArrayLike<number>): (v: Float64Array) => Float64Array {
    const curvatures = this.apply(w).map((t) => sigmoid(t) * sigmoid(-t));
    return (v) =>
      addScaled(this.applyTransposed(this.apply(v).map((value, i) => value * curvatures[i])), this.penalty, v);
  }

  /** H(w)⁻¹ v. */
  solve(w: ArrayLike<number>, v: ArrayLike<number>): Float64Array {
    return conjugateGradients(this.hessian(w), v, { damping: 0, tolerance: 1e-12, maxIterations: 20 * this.size + 100 })
      .x;
  }

  /**
   * Newton's method to a gradient of length `tolerance`, with halved steps where a full one does not shrink the
   * gradient.
   */
  minimize(start: ArrayLike<number>, tolerance: number): Float64Array {
    let w = Float64Array.from(start);
    for (let iteration = 0; iteration < 100; iteration++) {
      throwIfInterrupted();
      const gradient = this.gradient(w);
      const size = norm(gradient);
      if (size <= tolerance) return w;
      const step = this.solve(w, gradient);
      let factor = 1;
      while (factor > 1e-6 && norm(this.gradient(addScaled(w, -factor, step))) > size) factor /= 2;
      w = addScaled(w, -factor, step);
    }
    return w;
  }
}

/** Requires a table and a class of 0 or 1 for each row, and gives them as an objective. */
export function logisticObjective(
  fn: string,
  X: Matrix,
  y: Int32Array,
  regularization: number,
  linear: Float64Array | null = null,
): LogisticObjective {
  requireSameLength(fn, "X", X.shape[0], "y", y.length);
  requireInteger(fn, "rows", y.length, 1);
  requirePositive(fn, "regularization", regularization);
  requireFinite(fn, "X", X.data);
  const signs = Int8Array.from(y, (label, i) => {
    if (label !== 0 && label !== 1) throw new RangeError(`${fn}: y must be 0 or 1, got ${label} at position ${i}`);
    return label === 1 ? 1 : -1;
  });
  return new LogisticObjective(X, signs, regularization * y.length, linear);
}

/**
 * Scores X·w, shape [n].
 *
 * @throws {RangeError} If a number is not finite, or the weights are not as many as the columns.
 */
export function linearScores(X: Matrix, w: ArrayLike<number>): Float64Array {
  const [n, d] = X.shape;
  requireSameLength("linearScores", "columns of X", d, "weights", w.length);
  requireFinite("linearScores", "X", X.data);
  requireFinite("linearScores", "weights", w);
  return Float64Array.from({ length: n }, (_, i) => dot(X.data.subarray(i * d, (i + 1) * d), w));
}
