import {
  restoreTransformer, type FittedTransformer, type SerializedTransformer, type Transformer,
} from "../data/scale";
import type { Classifier, Estimator, SerializedClassifier } from "./classifier";
import { checkTraining } from "./fitting";

function fittedPipeline(step: FittedTransformer, classifier: Classifier): Classifier {
  const { predictProba } = classifier;
  return {
    family: `pipeline(${step.family}, ${classifier.family})`,
    classes: classifier.classes,
    numFeatures: step.numFeatures,
    predict: (X) => classifier.predict(step.transform(X)),
    ...(predictProba && { predictProba: (X) => predictProba.call(classifier, step.transform(X)) }),
    serialize: () => ({ family: "pipeline", step: step.serialize(), classifier: classifier.serialize() }),
  };
}

/**
 * A classifier whose features pass through a transformer first, when it is fitted and when it answers.
 *
 * @example
 * const classifier = pipeline(standardScaler(), logisticRegression()).fit(X, y);
 */
export function pipeline(step: Transformer, estimator: Estimator): Estimator {
  return {
    family: `pipeline(${step.family}, ${estimator.family})`,
    fit(X, y) {
      checkTraining("pipeline", X, y);
      const fitted = step.fit(X);
      return fittedPipeline(fitted, estimator.fit(fitted.transform(X), y));
    },
  };
}

/** Makes a pipeline again from its `serialize()`; `restore` makes the classifier inside. */
export function restorePipeline(
  saved: SerializedClassifier,
  restore: (saved: SerializedClassifier) => Classifier,
): Classifier {
  const { step, classifier } = saved as unknown as { step: SerializedTransformer; classifier: SerializedClassifier };
  return fittedPipeline(restoreTransformer(step), restore(classifier));
}
