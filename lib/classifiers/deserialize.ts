import { restoreAdaBoost } from "./boosting/ada-boost";
import type { Classifier, SerializedClassifier } from "./classifier";
import { restoreConstant } from "./constant";
import { restoreDecisionTree } from "./trees/decision-tree";
import { restoreGaussianNaiveBayes } from "./bayes/gaussian-naive-bayes";
import { restoreGradientBoosting } from "./boosting/gradient-boosting";
import { restoreKnn } from "./neighbors/knn";
import { restoreLogisticRegression } from "./linear/logistic-regression";
import { restoreMlp } from "./neural/mlp";
import { restoreReluNetwork } from "./neural/relu-network";
import { restorePipeline } from "./pipeline";
import { restoreRandomForest } from "./trees/random-forest";
import { restoreSvc } from "./svm/svc";

const restorers: Record<string, (saved: SerializedClassifier) => Classifier> = {
  adaBoost: restoreAdaBoost,
  constant: restoreConstant,
  decisionTree: restoreDecisionTree,
  gaussianNaiveBayes: restoreGaussianNaiveBayes,
  gradientBoosting: restoreGradientBoosting,
  knn: restoreKnn,
  logisticRegression: restoreLogisticRegression,
  mlpClassifier: restoreMlp,
  pipeline: (saved) => restorePipeline(saved, deserialize),
  randomForest: restoreRandomForest,
  reluNetwork: restoreReluNetwork,
  svc: restoreSvc,
};

/** Lets `deserialize` make classifiers of one more family, which a topic beyond this one defines. */
export function registerFamily(family: string, restore: (saved: SerializedClassifier) => Classifier): void {
  restorers[family] = restore;
}

/**
 * Makes a classifier again from what its `serialize()` gave, also after a trip through `JSON.stringify`.
 *
 * @throws {RangeError} If the family is unknown.
 * @example
 * const again = deserialize(JSON.parse(JSON.stringify(classifier.serialize())));
 */
export function deserialize(saved: SerializedClassifier): Classifier {
  const known = Object.keys(restorers);
  if (!Object.hasOwn(restorers, saved.family))
    throw new RangeError(`deserialize: family must be one of ${known.join(", ")}, got ${JSON.stringify(saved.family)}`);
  return restorers[saved.family](saved);
}
