import type { Classifier } from "../../classifiers/classifier";
import type { Matrix } from "../../matrix";

type Change = (answers: Matrix<Float64Array>) => Matrix<Float64Array>;

/** The same model with other probabilities. */
export function withProbabilities(model: Classifier, change: Change): Classifier {
  const { family, classes, numFeatures } = model;
  return {
    family,
    classes,
    numFeatures,
    predict: (X) => model.predict(X),
    ...(model.predictProba ? { predictProba: (X) => change(model.predictProba!(X)) } : {}),
    serialize: () => model.serialize(),
  };
}
