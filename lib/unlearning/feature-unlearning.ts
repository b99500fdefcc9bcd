import { matrix, type Matrix } from "../matrix";
import { requireFinite, requireInteger, requireOneOf, requirePositive } from "../validate";
import { logisticObjective } from "./logistic";
import { addScaled } from "../math/linear-algebra";

export interface LogisticFitOptions {
  /** λ of λ ‖w‖² / 2 in the mean loss; above 0. */
  regularization: number;
}

/**
 * Fits a binary logistic regression by Newton's method. No intercept: add a column of ones for one.
 *
 * @param X Shape [n, d], finite. @param y 0 or 1, shape [n].
 * @returns Weights, shape [d].
 */
export function fitLogisticWeights(X: Matrix, y: Int32Array, { regularization }: LogisticFitOptions): Float64Array {
  const objective = logisticObjective("fitLogisticWeights", X, y, regularization);
  return objective.minimize(new Float64Array(objective.size), 1e-9 * y.length);
}

export interface UnlearnFeaturesOptions extends LogisticFitOptions {
  /** Columns whose influence is to go. */
  features: readonly number[];
  /**
   * "second": one Newton step from the old weights on the corrected data. "first": a plain gradient step of `stepSize`.
   */
  order: "first" | "second";
  /**
   * Of the first order, on the summed loss.
   * @defaultValue 1e-3
   */
  stepSize?: number;
}

/** A copy with the named columns set to 0. */
export function withoutFeatures(X: Matrix, features: readonly number[]): Matrix<Float64Array> {
  const [n, d] = X.shape;
  for (const feature of features) requireInteger("withoutFeatures", "feature", feature, 0, d - 1);
  const data = Float64Array.from(X.data);
  for (let i = 0; i < n; i++) for (const feature of features) data[i * d + feature] = 0;
  return matrix(data, [n, d]);
}

/**
 * Removes features from a fitted logistic regression without fitting again: the table with those columns at 0 replaces
 * the old one, and the weights move by d = Σ ∇ℓ(corrected) − Σ ∇ℓ(old): θ − τ d, or θ − H⁻¹ d in closed form. Then the
 * weights of the removed columns are 0.
 *
 * @param weights Fitted on X, y with the same regularization, shape [d]; not modified.
 * @throws {RangeError} If a number is not finite, a label is not 0 or 1, or a column does not exist.
 * @see Warnecke et al., NDSS 2023, §IV and §V.A. The paper takes H on the old data; here on the corrected, whose step
 * error is quadratic in the change.
 */
export function unlearnFeatures(
  weights: ArrayLike<number>,
  X: Matrix,
  y: Int32Array,
  options: UnlearnFeaturesOptions,
): Float64Array {
  const { features, order, regularization, stepSize = 1e-3 } = options;
  if (weights.length !== X.shape[1])
    throw new RangeError(`unlearnFeatures: weights must have ${X.shape[1]} numbers, got ${weights.length}`);
  requireFinite("unlearnFeatures", "weights", weights);
  requireOneOf("unlearnFeatures", "order", order, ["first", "second"]);
  requirePositive("unlearnFeatures", "stepSize", stepSize);
  const corrected = logisticObjective("unlearnFeatures", withoutFeatures(X, features), y, regularization);
  const old = logisticObjective("unlearnFeatures", X, y, regularization);
  const difference = addScaled(corrected.gradient(weights), -1, old.gradient(weights));
  const moved =
    order === "second"
      ? addScaled(weights, -1, corrected.solve(weights, difference))
      : addScaled(weights, -stepSize, difference);
  for (const feature of features) moved[feature] = 0;
  return moved;
}
