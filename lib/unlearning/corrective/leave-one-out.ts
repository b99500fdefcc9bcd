import { throwIfInterrupted } from "../../interrupt";
import { dampedInverse } from "../../math/damped-inverse";
import { matrix, type Matrix } from "../../matrix";
import { tidyNumbers } from "../../tensorflow";
import { runtimeOf } from "../../training/runtime";
import { requirePositive } from "../../validate";

/** What a model says to each row that was fitted to the targets of all other rows. */
export type LeaveOneOut = (targets: Float64Array) => Float64Array;

/** Columns with mean 0 and deviation 1, those that never change with 0; all over the root of their number. */
function standardized({ data, shape: [n, d] }: Matrix): Float32Array {
  const [means, squares] = [new Float64Array(d), new Float64Array(d)];
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) means[j] += data[i * d + j] / n;
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) squares[j] += (data[i * d + j] - means[j]) ** 2 / n;
  const scales = squares.map((square, j) => (square > 1e-12 * (1 + means[j] ** 2) ? 1 / Math.sqrt(square * d) : 0));
  const Z = new Float32Array(n * d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) Z[i * d + j] = (data[i * d + j] - means[j]) * scales[j];
  return Z;
}

/** Products of all rows with each other, or of all columns. */
function products(Z: Float32Array, [n, d]: readonly [number, number], of: "rows" | "columns"): Matrix {
  const { tf } = runtimeOf();
  const size = of === "rows" ? n : d;
  return matrix(tidyNumbers(tf, () => {
    const all = tf.tensor2d(Z, [n, d]);
    return tf.matMul(all, all, of === "columns", of === "rows").dataSync() as Float32Array;
  }), [size, size]);
}

/** A v for a matrix [n, m], or Aᵀ v. */
function times(A: Float32Array | Float64Array, v: Float64Array, m: number, transposed = false): Float64Array {
  const n = A.length / m;
  const result = new Float64Array(transposed ? m : n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++)
      if (transposed) result[j] += A[i * m + j] * v[i];
      else result[i] += A[i * m + j] * v[j];
  return result;
}

/** Rows are multiplied in float32, to some 10⁻⁷: with less the answers would be made of rounding. */
const LEAST_RIDGE = 1e-3;

export function requireRidge(fn: string, ridge: number): void {
  requirePositive(fn, "ridge", ridge);
  if (ridge < LEAST_RIDGE) throw new RangeError(`${fn}: ridge must be at least ${LEAST_RIDGE}, got ${ridge}`);
}

/** Products of rows whose mean is 0, free of what rounding has added to the mean. */
function centered({ data, shape: [n] }: Matrix): Matrix<Float64Array> {
  const means = new Float64Array(n);
  for (let k = 0; k < data.length; k++) means[Math.floor(k / n)] += data[k] / n;
  const total = means.reduce((sum, value) => sum + value / n, 0);
  return matrix(Float64Array.from(data, (value, k) => value - means[Math.floor(k / n)] - means[k % n] + total), [n, n]);
}

/** From here on what a row, with the constant, has in its own prediction is too near 1 for float32. */
const NEAR_ONE = 0.95;

/** zᵀ M z for each row of Z, in [0, 1 − 1/n): in float32, but in float64 where it is near 1. */
function ownParts(M: Float64Array, Z: Float32Array, [n, d]: readonly [number, number]): Float64Array {
  const { tf } = runtimeOf();
  const parts = Float64Array.from(tidyNumbers(tf, () => {
    const rows = tf.tensor2d(Z, [n, d]);
    const told = tf.matMul(rows, tf.tensor2d(Float32Array.from(M), [d, d]));
    return tf.sum(tf.mul(told, rows), 1).dataSync() as Float32Array;
  }));
  parts.forEach((part, i) => {
    if (part + 1 / n < NEAR_ONE) return;
    throwIfInterrupted();
    const row = Float64Array.from(Z.subarray(i * d, (i + 1) * d));
    parts[i] = times(M, row, d).reduce((sum, value, j) => sum + value * row[j], 0);
  });
  return parts;
}

/**
 * Ridge regression on features brought to one scale, asked about each row by a fit to all others: exact, and all fits
 * from one inverse, of the rows' products or of the columns', whichever are fewer.
 *
 * @param features Shape [n, d], finite. @param ridge As `requireRidge` wants it.
 * @see Allen, Technometrics 16(1), 1974: what a row has of its own in its prediction is known in closed form.
 */
export function leaveOneOut(features: Matrix, ridge: number): LeaveOneOut {
  const [n, d] = features.shape;
  const Z = standardized(features);
  const few = n <= d;
  const M = dampedInverse(few ? centered(products(Z, [n, d], "rows")) : products(Z, [n, d], "columns"), ridge).data;
  // Residuals of the fit to all rows are ridge · R t with R = (ZZᵀ + ridge)⁻¹ = (1 − Z M Zᵀ) / ridge.
  const R = (t: Float64Array): Float64Array => {
    if (few) return times(M, t, n);
    const taken = times(Z, times(M, times(Z, t, d, true), d), d);
    return t.map((value, i) => (value - taken[i]) / ridge);
  };
  const diagonal = few ? Float64Array.from({ length: n }, (_, i) => M[i * (n + 1)])
    : ownParts(M, Z, [n, d]).map((part) => (1 - part) / ridge);
  return (targets) => {
    const mean = targets.reduce((sum, value) => sum + value / n, 0);
    const rest = R(targets.map((value) => value - mean));
    // The constant, too, is fitted to the others: a row's own part in it is 1 / n.
    return targets.map((value, i) => value - rest[i] / (diagonal[i] - 1 / (n * ridge)));
  };
}
