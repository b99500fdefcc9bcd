import type { Classifier } from "../../classifiers/classifier";
import type { LinearClassifier } from "../../classifiers/linear/logistic-regression";
import { norm } from "../../math/linear-algebra";

/** Coefficients and intercept of each class less those of the first, one after the other. */
function boundaryOf(model: LinearClassifier): Float64Array {
  const { coefficients: { data, shape: [rows, d] }, intercepts } = model;
  const row = (c: number): number[] => [...data.subarray(c * d, (c + 1) * d), intercepts[c]];
  if (rows === 1) return Float64Array.from(row(0));
  const first = row(0);
  return Float64Array.from(Array.from({ length: rows - 1 }, (_, c) => row(c + 1).map((w, j) => w - first[j])).flat());
}

/**
 * The angle between two linear models' weights, in radians: all that labels depend on is the direction of the
 * coefficients with the intercepts, since a common factor changes no label.
 *
 * @returns In [0, π].
 * @throws {RangeError} If a model is not linear, or the two have not the same shape.
 * @example
 * const linear = logisticRegression().fit(X, y);
 * linearAngle(linear, linear); // 0
 */
export function linearAngle(original: Classifier, copied: Classifier): number {
  for (const model of [original, copied])
    if (!("coefficients" in model)) throw new RangeError(`linearAngle: models must be linear, got ${model.family}`);
  const [a, b] = [original, copied].map((model) => boundaryOf(model as LinearClassifier));
  if (a.length !== b.length)
    throw new RangeError(`linearAngle: models must have as many weights, got ${a.length} and ${b.length}`);
  const [sizeA, sizeB] = [norm(a), norm(b)];
  const gap = norm(a.map((value, p) => value / sizeA - b[p] / sizeB));
  return 2 * Math.asin(Math.min(1, gap / 2));
}
