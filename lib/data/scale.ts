import type { Matrix } from "../matrix";
import { requireFinite } from "../validate";

/** A fitted scaling of features, column by column: `(x − center) / scale`. */
export interface Scaler {
  /** What is taken from each feature first, shape [d]. */
  readonly center: Float64Array;
  /** What each feature is divided by, shape [d]; 1 for constant features. */
  readonly scale: Float64Array;
  /** @param X Shape [n, d]. */
  transform(X: Matrix): Matrix<Float64Array>;
  /** Undoes `transform`. @param X Shape [n, d]. */
  inverseTransform(X: Matrix): Matrix<Float64Array>;
}

/**
 * Fits a scaling to mean 0 and (population) standard deviation 1, as scikit-learn's `StandardScaler`; constant features
 * are only centred.
 *
 * @param X Training rows, shape [n, d], finite, n ≥ 1.
 * @throws {RangeError} If there is no row or a number is not finite.
 * @example
 * const scaler = fitStandardScaler(train.X);
 * const testX = scaler.transform(test.X);
 */
export function fitStandardScaler(X: Matrix): Scaler {
  const [n, d] = requireRows("fitStandardScaler", X);
  const mean = new Float64Array(d);
  const variance = new Float64Array(d);
  for (let i = 0; i < X.data.length; i++) mean[i % d] += X.data[i];
  for (let j = 0; j < d; j++) mean[j] /= n;
  for (let i = 0; i < X.data.length; i++) variance[i % d] += (X.data[i] - mean[i % d]) ** 2;
  const scale = variance.map((sum, j) => (isConstant(sum / n, mean[j], n) ? 1 : Math.sqrt(sum / n)));
  return scaler("fitStandardScaler", mean, scale);
}

/**
 * Fits a scaling of each feature's range to [0, 1], as scikit-learn's `MinMaxScaler`; constant features become 0.
 *
 * @param X Training rows, shape [n, d], finite, n ≥ 1.
 * @throws {RangeError} If there is no row or a number is not finite.
 */
export function fitMinMaxScaler(X: Matrix): Scaler {
  const [, d] = requireRows("fitMinMaxScaler", X);
  const low = Float64Array.from(X.data.subarray(0, d));
  const high = low.slice();
  for (let i = d; i < X.data.length; i++) {
    const j = i % d;
    if (X.data[i] < low[j]) low[j] = X.data[i];
    else if (X.data[i] > high[j]) high[j] = X.data[i];
  }
  const scale = high.map((top, j) => (top - low[j] < 10 * Number.EPSILON ? 1 : top - low[j]));
  return scaler("fitMinMaxScaler", low, scale);
}

/**
 * Brings bytes of images to single-precision numbers in [0, 1].
 *
 * @param X Shape [n, d], numbers 0–255.
 * @returns X / 255, shape [n, d].
 */
export function rescaleImages(X: Matrix<Uint8Array>): Matrix<Float32Array> {
  return { data: Float32Array.from(X.data, (value) => value / 255), shape: X.shape };
}

/** Variance within what rounding of n equal numbers can leave (scikit-learn's bound for its two-pass variance). */
function isConstant(variance: number, mean: number, n: number): boolean {
  return variance <= n * Number.EPSILON * variance + (n * mean * Number.EPSILON) ** 2;
}

function scaler(fn: string, center: Float64Array, scale: Float64Array): Scaler {
  const d = center.length;
  const map = (X: Matrix, change: (value: number, j: number) => number): Matrix<Float64Array> => {
    if (X.shape[1] !== d) throw new RangeError(`${fn}: was fitted on ${d} features, got ${X.shape[1]}`);
    return { data: Float64Array.from(X.data as ArrayLike<number>, (value, i) => change(value, i % d)), shape: X.shape };
  };
  return {
    center,
    scale,
    transform: (X) => map(X, (value, j) => (value - center[j]) / scale[j]),
    inverseTransform: (X) => map(X, (value, j) => value * scale[j] + center[j]),
  };
}

function requireRows(fn: string, X: Matrix): readonly [number, number] {
  if (X.shape[0] < 1) throw new RangeError(`${fn}: X must have at least one row, got none`);
  requireFinite(fn, "X", X.data);
  return X.shape;
}
