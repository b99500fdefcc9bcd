export { adaBoost, type AdaBoostOptions } from "./boosting/ada-boost";
export {
  calibrated, calibrationBins, calibrationError, confidences, type CalibratedClassifier, type CalibrationOptions,
  type ConfidenceBin,
} from "./confidence/calibrated";
export { rejecting, rejectionCurve, type RejectingOptions, type RejectionPoint } from "./confidence/rejecting";
export * from "./classifier";
export { constantClassifier } from "./constant";
export { decisionTree, type DecisionTreeOptions, type TreeClassifier, type TreeOptions } from "./trees/decision-tree";
export { deserialize } from "./deserialize";
export { encodeLabels, type EncodedLabels } from "./fitting";
export { gaussianNaiveBayes, type GaussianNaiveBayesOptions } from "./bayes/gaussian-naive-bayes";
export { exportModule, type ExportedModule, type ExportOptions } from "./export/module";
export { exportOnnx, type OnnxOptions } from "./export/onnx/onnx";
export * from "./fairness";
export type { Tree } from "./trees/grow-tree";
export { gradientBoosting, type GradientBoostingOptions } from "./boosting/gradient-boosting";
export { knn, type KnnAlgorithm, type KnnOptions } from "./neighbors/knn";
export { logisticRegression } from "./linear/logistic-regression";
export type { LinearClassifier, LogisticRegressionOptions } from "./linear/logistic-regression";
export * from "./metrics";
export { mlpClassifier, type MlpClassifier, type MlpClassifierOptions } from "./neural/mlp";
export { onFeatures } from "./on-features";
export { reluNetwork, reluNetworkOf, type ReluLayer, type ReluNetwork } from "./neural/relu-network";
export { pipeline } from "./pipeline";
export { crossGram, gramMatrix, type GramMatrix } from "./svm/gram";
export { scaleGamma, type GramOptions, type Kernel } from "./svm/kernel";
export { svc } from "./svm/svc";
export type { SerializedSvc, SvcClassifier, SvcEstimator, SvcOptions } from "./svm/svc";
export {
  conditionText, readTree, ruleCoverage, ruleText, treeRules, type ReadingNames, type RuleCondition, type RuleCoverage,
  type TreeNode, type TreeRule,
} from "./trees/rules";
export { scorecard, type ScorecardClassifier, type ScorecardOptions } from "./linear/scorecard";
export { randomForest, type ForestClassifier, type RandomForestOptions } from "./trees/random-forest";
