import { restoreTransformer, type FittedTransformer, type Transformer } from "../data/scale";
import type { Matrix } from "../matrix";
import { requireNumericRanges, type FeatureRange } from "./ranges";

/** The attacker's scaler: shifts and divides by the mean and deviation known of each feature. */
export function rangeTransformer(ranges: readonly FeatureRange[]): FittedTransformer {
  requireNumericRanges("rangeTransformer", ranges);
  return restoreTransformer({
    family: "standardScaler",
    center: ranges.map(({ mean }) => mean),
    scale: ranges.map(({ deviation }) => deviation || 1),
  });
}

/**
 * Scales a copy's features by what is known of them, not by the points that happened to be asked.
 *
 * @throws {RangeError} If a range is categorical or not finite.
 * @example
 * const estimator = pipeline(rangeScaler(ranges), svc({ C: 1000 }));
 */
export function rangeScaler(ranges: readonly FeatureRange[]): Transformer {
  const fitted = rangeTransformer(ranges);
  return {
    family: "rangeScaler",
    fit(X: Matrix) {
      if (X.shape[1] !== fitted.numFeatures)
        throw new RangeError(`rangeScaler: X must have ${fitted.numFeatures} columns, got ${X.shape[1]}`);
      return fitted;
    },
  };
}
