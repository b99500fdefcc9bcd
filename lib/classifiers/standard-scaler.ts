import { fitStandardScaler, type Scaler, scalerOf } from "../data/scale";
import type { Matrix } from "../matrix";
import { checkQuery } from "./fitting";

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

function fittedScaler(scaler: Scaler): FittedTransformer {
  const numFeatures = scaler.center.length;
  return {
    family: "standardScaler",
    numFeatures,
    transform(X) {
      checkQuery("transform", X, numFeatures);
      return scaler.transform(X);
    },
    serialize: () => ({ family: "standardScaler", mean: [...scaler.center], scale: [...scaler.scale] }),
  };
}

/**
 * Shifts and scales every feature to mean 0 and deviation 1 on the rows it is fitted on; constant features are shifted
 * only.
 *
 * @see scikit-learn's `StandardScaler`, which it equals.
 */
export function standardScaler(): Transformer {
  return { family: "standardScaler", fit: (X) => fittedScaler(fitStandardScaler(X)) };
}

/** Makes a fitted transformer again from its `serialize()`. */
export function restoreTransformer(saved: SerializedTransformer): FittedTransformer {
  if (saved.family !== "standardScaler")
    throw new RangeError(`restoreTransformer: family must be standardScaler, got ${JSON.stringify(saved.family)}`);
  return fittedScaler(scalerOf(Float64Array.from(saved.mean), Float64Array.from(saved.scale)));
}
