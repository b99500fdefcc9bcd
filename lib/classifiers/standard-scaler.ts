import { matrix, type Matrix } from "../matrix";
import { checkQuery } from "./fitting";
import { requireFinite } from "../validate";

/** A step that changes features before a classifier sees them. */
export interface Transformer {
  readonly family: string;
  /** @param X Shape [n, d], finite, n ≥ 1. */
  fit(X: Matrix): FittedTransformer;
}

export interface FittedTransformer {
  readonly family: string;
  readonly numFeatures: number;
  /** @param X Shape [n, numFeatures]. @returns Shape [n, numFeatures]. */
  transform(X: Matrix): Matrix<Float64Array>;
  /** Plain JSON. */
  serialize(): SerializedTransformer;
}

export interface SerializedTransformer {
  readonly family: string;
  readonly mean: readonly number[];
  readonly scale: readonly number[];
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

function fittedScaler(mean: Float64Array, scale: Float64Array): FittedTransformer {
  const d = mean.length;
  return {
    family: "standardScaler",
    numFeatures: d,
    transform(X) {
      checkQuery("transform", X, d);
      const [n] = X.shape;
      const data = new Float64Array(n * d);
      for (let i = 0, p = 0; i < n; i++) for (let j = 0; j < d; j++, p++) data[p] = (X.data[p] - mean[j]) / scale[j];
      return matrix(data, [n, d]);
    },
    serialize: () => ({ family: "standardScaler", mean: [...mean], scale: [...scale] }),
  };
}

/**
 * Shifts and scales every feature to mean 0 and deviation 1 on the rows it is fitted on; constant features are shifted
 * only.
 *
 * @see scikit-learn's `StandardScaler`, which it equals.
 */
export function standardScaler(): Transformer {
  return {
    family: "standardScaler",
    fit(X) {
      if (X.shape[0] < 1) throw new RangeError("standardScaler: X must have at least one row, got 0");
      requireFinite("standardScaler", "X", X.data);
      const { mean, variance } = columnMoments(X);
      return fittedScaler(mean, columnScales(X.shape[0], mean, variance));
    },
  };
}

/** Makes a fitted transformer again from its `serialize()`. */
export function restoreTransformer(saved: SerializedTransformer): FittedTransformer {
  if (saved.family !== "standardScaler")
    throw new RangeError(`restoreTransformer: family must be standardScaler, got ${JSON.stringify(saved.family)}`);
  return fittedScaler(Float64Array.from(saved.mean), Float64Array.from(saved.scale));
}
