import type { Matrix } from "../matrix";
import { requireFinite, requireOneOf } from "../validate";

/** A step that changes features before a classifier sees them. */
export interface Transformer {
  readonly family: string;
  /**
   * @param X Shape [n, d], finite, n ≥ 1.
   * @throws {RangeError} If there is no row or a number is not finite.
   */
  fit(X: Matrix): FittedTransformer;
}

/** A fitted scaling of features, column by column: `(x − center) / scale`. */
export interface FittedTransformer {
  readonly family: string;
  readonly numFeatures: number;
  /** What is taken from each feature first, shape [numFeatures]. */
  readonly center: Float64Array;
  /** What each feature is divided by, shape [numFeatures]; 1 for constant features. */
  readonly scale: Float64Array;
  /**
   * @param X Shape [n, numFeatures], finite.
   * @throws {RangeError} If the width is another, or a number is not finite.
   */
  transform(X: Matrix): Matrix<Float64Array>;
  /** Undoes `transform`. @param X Shape [n, numFeatures]. */
  inverseTransform(X: Matrix): Matrix<Float64Array>;
  /** Plain JSON, from which `restoreTransformer` makes the same. */
  serialize(): SerializedTransformer;
}

export interface SerializedTransformer {
  readonly family: string;
  readonly center: readonly number[];
  readonly scale: readonly number[];
}

/**
 * Scales features to mean 0 and (population) standard deviation 1 on the rows it is fitted on; constant features are
 * only centred.
 *
 * @throws {RangeError} In `fit`, if there is no row, a number is not finite, or a column's spread is too large for one.
 * @see scikit-learn's `StandardScaler`, which it equals.
 * @example
 * const scaler = standardScaler().fit(train.X);
 * const testX = scaler.transform(test.X);
 */
export function standardScaler(): Transformer {
  return {
    family: "standardScaler",
    fit(X) {
      requireRows("standardScaler", X);
      const { mean, variance } = columnMoments(X);
      requireScalable("standardScaler", mean, variance);
      return scaling("standardScaler", mean, columnScales(X.shape[0], mean, variance));
    },
  };
}

/**
 * Scales each feature's range to [0, 1] on the rows it is fitted on; constant features become 0.
 *
 * @see scikit-learn's `MinMaxScaler`, which it equals.
 */
export function minMaxScaler(): Transformer {
  return {
    family: "minMaxScaler",
    fit(X) {
      requireRows("minMaxScaler", X);
      const d = X.shape[1];
      const low = Float64Array.from(X.data.subarray(0, d));
      const high = low.slice();
      for (let i = d; i < X.data.length; i++) {
        const j = i % d;
        if (X.data[i] < low[j]) low[j] = X.data[i];
        else if (X.data[i] > high[j]) high[j] = X.data[i];
      }
      requireScalable("minMaxScaler", low, high.map((top, j) => top - low[j]));
      const scale = high.map((top, j) => (top - low[j] < 10 * Number.EPSILON ? 1 : top - low[j]));
      return scaling("minMaxScaler", low, scale);
    },
  };
}

/** Requires columns whose center and spread are doubles: an infinite one would turn all values into 0. */
function requireScalable(fn: string, center: Float64Array, spread: Float64Array): void {
  center.forEach((value, j) => {
    if (!Number.isFinite(value) || !Number.isFinite(spread[j]))
      throw new RangeError(`${fn}: column ${j} of X must be smaller, its spread is no double: divide it first`);
  });
}

/** Makes a fitted scaling again from its `serialize()`. @throws {RangeError} If the family is unknown. */
export function restoreTransformer({ family, center, scale }: SerializedTransformer): FittedTransformer {
  requireOneOf("restoreTransformer", "family", family, ["standardScaler", "minMaxScaler"]);
  return scaling(family, Float64Array.from(center), Float64Array.from(scale));
}

function scaling(family: string, center: Float64Array, scale: Float64Array): FittedTransformer {
  const d = center.length;
  const map = (fn: string, X: Matrix, change: (value: number, j: number) => number): Matrix<Float64Array> => {
    const [n, width] = X.shape;
    if (width !== d) throw new RangeError(`${fn}: X must have ${d} columns, as fitted, got ${width}`);
    requireFinite(fn, "X", X.data);
    const data = new Float64Array(n * d);
    for (let i = 0, p = 0; i < n; i++) for (let j = 0; j < d; j++, p++) data[p] = change(X.data[p], j);
    return { data, shape: X.shape };
  };
  return {
    family, center, scale,
    numFeatures: d,
    transform: (X) => map("transform", X, (value, j) => (value - center[j]) / scale[j]),
    inverseTransform: (X) => map("inverseTransform", X, (value, j) => value * scale[j] + center[j]),
    serialize: () => ({ family, center: [...center], scale: [...scale] }),
  };
}

/** Mean and population variance of each column, by two passes; each shape [d]. */
export function columnMoments(X: Matrix): { mean: Float64Array; variance: Float64Array } {
  const [n, d] = X.shape;
  const mean = new Float64Array(d);
  const variance = new Float64Array(d);
  for (let i = 0, p = 0; i < n; i++) for (let j = 0; j < d; j++) mean[j] += X.data[p++];
  for (let j = 0; j < d; j++) mean[j] /= n;
  for (let i = 0, p = 0; i < n; i++)
    for (let j = 0; j < d; j++) {
      const gap = X.data[p++] - mean[j];
      variance[j] += gap * gap;
    }
  for (let j = 0; j < d; j++) variance[j] /= n;
  return { mean, variance };
}

/**
 * Standard deviations to divide by, with 1 in place of a constant column's; shape [d].
 * A column counts as constant where its variance is within the rounding error of computing it, as in scikit-learn.
 */
export function columnScales(n: number, mean: Float64Array, variance: Float64Array): Float64Array {
  const eps = Number.EPSILON;
  return variance.map((v, j) => (v <= n * eps * v + (n * mean[j] * eps) ** 2 ? 1 : Math.sqrt(v)));
}

function requireRows(fn: string, X: Matrix): void {
  if (X.shape[0] < 1) throw new RangeError(`${fn}: X must have at least one row, got none`);
  requireFinite(fn, "X", X.data);
}
