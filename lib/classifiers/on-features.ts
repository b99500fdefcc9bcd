import { selectColumns, type Matrix, type NumericArray } from "../matrix";
import { requireInteger } from "../validate";
import type { Classifier, Estimator, SerializedClassifier } from "./classifier";
import { checkQuery, checkTraining } from "./fitting";

function fittedOnFeatures(classifier: Classifier, features: Int32Array, numFeatures: number): Classifier {
  const { predictProba } = classifier;
  const chosen = (X: Matrix): Matrix => {
    checkQuery("onFeatures", X, numFeatures);
    return selectColumns(X as Matrix<NumericArray>, features);
  };
  return {
    family: `onFeatures(${classifier.family})`,
    classes: classifier.classes,
    numFeatures,
    predict: (X) => classifier.predict(chosen(X)),
    ...(predictProba && { predictProba: (X: Matrix) => predictProba.call(classifier, chosen(X)) }),
    serialize: () => ({
      family: "onFeatures", features: [...features], numFeatures, classifier: classifier.serialize(),
    }),
  };
}

/**
 * A classifier that sees some of the features only, when it is fitted and when it answers: the others may be given, and
 * change nothing.
 *
 * @param features Positions, integers in [0, d), at least one, none twice.
 * @throws {RangeError} If there is none, one is named twice, or is out of range.
 * @example
 * const blind = onFeatures(decisionTree(), [1]).fit(fromRows([[0, 5], [1, 6]]), Int32Array.of(0, 1));
 * blind.predict(fromRows([[9, 5]])); // Int32Array [0]
 */
export function onFeatures(estimator: Estimator, features: ArrayLike<number>): Estimator {
  const positions = Int32Array.from(features);
  requireInteger("onFeatures", "number of features", positions.length, 1);
  for (let j = 0; j < features.length; j++) requireInteger("onFeatures", "feature", features[j], 0);
  if (new Set(positions).size < positions.length)
    throw new RangeError(`onFeatures: features must differ, got ${positions.join(", ")}`);
  return {
    family: `onFeatures(${estimator.family})`,
    fit(X, y) {
      checkTraining("onFeatures", X, y);
      for (const j of positions) requireInteger("onFeatures", "feature", j, 0, X.shape[1] - 1);
      const seen = selectColumns(X as Matrix<NumericArray>, positions);
      return fittedOnFeatures(estimator.fit(seen, y), positions, X.shape[1]);
    },
  };
}

/** Makes such a classifier again from its `serialize()`; `restore` makes the one inside. */
export function restoreOnFeatures(
  saved: SerializedClassifier, restore: (saved: SerializedClassifier) => Classifier,
): Classifier {
  const { features, numFeatures, classifier } = saved as unknown as {
    features: number[]; numFeatures: number; classifier: SerializedClassifier;
  };
  return fittedOnFeatures(restore(classifier), Int32Array.from(features), numFeatures);
}
