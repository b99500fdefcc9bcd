import { restoreAdaBoost } from "./boosting/ada-boost";
import type { Classifier, SerializedClassifier } from "./classifier";
import { restoreCalibrated } from "./confidence/calibrated";
import { restoreRejecting } from "./confidence/rejecting";
import { restoreConstant } from "./constant";
import { restoreDecisionTree } from "./trees/decision-tree";
import { restoreGaussianNaiveBayes } from "./bayes/gaussian-naive-bayes";
import { restoreGradientBoosting } from "./boosting/gradient-boosting";
import { restoreKnn } from "./neighbors/knn";
import { restoreLogisticRegression } from "./linear/logistic-regression";
import { restoreMlp } from "./neural/mlp";
import { restoreOnFeatures } from "./on-features";
import { restoreReluNetwork } from "./neural/relu-network";
import { restorePipeline } from "./pipeline";
import { restoreRandomForest } from "./trees/random-forest";
import { restoreScorecard } from "./linear/scorecard";
import { restoreSvc } from "./svm/svc";

const restorers: Record<string, (saved: SerializedClassifier) => Classifier> = {
  adaBoost: restoreAdaBoost,
  calibrated: (saved) => restoreCalibrated(saved, deserialize),
  constant: restoreConstant,
  decisionTree: restoreDecisionTree,
  gaussianNaiveBayes: restoreGaussianNaiveBayes,
  gradientBoosting: restoreGradientBoosting,
  knn: restoreKnn,
  logisticRegression: restoreLogisticRegression,
  mlpClassifier: restoreMlp,
  onFeatures: (saved) => restoreOnFeatures(saved, deserialize),
  pipeline: (saved) => restorePipeline(saved, deserialize),
  randomForest: restoreRandomForest,
  rejecting: (saved) => restoreRejecting(saved, deserialize),
  scorecard: restoreScorecard,
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
