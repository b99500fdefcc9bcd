export * from "./accounting/composition";
export * from "./accounting/budget";
export * from "./mechanisms/discrete-gaussian";
export { discreteGaussianNoise, discreteLaplaceNoise } from "./mechanisms/exact-draws";
export * from "./mechanisms/exponential";
export * from "./accounting/gaussian";
export * from "./mechanisms/gaussian-mechanism";
export * from "./accounting/gdp";
export * from "./accounting/exponential-gdp";
export * from "./mechanisms/laplace";
export type { NoiseKind } from "./mechanisms/whole-vectors";
export type { NeighborRelation } from "./neighbor-relation";
export * from "./accounting/dp-sgd";
export type { PrivacyEvent, SubsampledGaussian } from "./accounting/events";
export {
  debiasedClassShares, randomizedResponse, randomizedResponseProbabilities, type RandomizedResponseOptions,
} from "./local/randomized-response";
export {
  defaultRdpOrders, dpSgdRdpEpsilon, gaussianRho, rdpEpsilon, subsampledGaussianRdp, zcdpDelta, zcdpEpsilon,
  zcdpEpsilonClosed,
} from "./accounting/rdp";
export type { RdpCurve } from "./accounting/rdp";
export {
  debiasedShares, decodeUnaryLabels, unaryEncode, randomizeBits, unaryEpsilon, unaryProbabilities,
} from "./local/unary-encoding";
export type { BitFlip } from "./local/unary-encoding";
export * from "./attacks/audit";
export { noiseImages, normalizeImages } from "./mechanisms/images";
export type { ImageRange, NoisedImages, NoiseImagesOptions } from "./mechanisms/images";
export { sourceNoisedImages, type SourceImagesOptions } from "./mechanisms/source-noised-images";
export { linkageRate, nearestDistanceScores, nearestReleased, type NearestReleased } from "./attacks/linkage";
export { bernoulliNaiveBayes, type BernoulliNaiveBayes, type ClassTables } from "./local/bernoulli-naive-bayes";
export { classMeansFromReports, reportRandomBits } from "./local/random-bit";
export type { RandomBitBudget, RandomBitReports } from "./local/random-bit";
export {
  labeledBitDesign, reportLabeledBits, type LabeledBitDesign, type LabeledBitOptions, type LabeledBitReports,
} from "./local/labeled-bits";
export { fitLabeledBits, type LabeledBitModel } from "./local/labeled-bit-model";
export { normalizeGroups } from "./learners/normalize-groups";
export { trainPrivateLinear, type TrainPrivateLinearOptions } from "./learners/private-linear";
export type { PrivateLinear } from "./learners/private-linear-model";
export { privateStandardScaler, type PrivateScaler, type PrivateScalerOptions } from "./learners/private-scaler";
export { subsetSelection, subsetSelectionProbabilities, type SubsetSelectionOptions } from "./local/subset-selection";
export {
  privateMarginals, sampleFromMarginals, type PrivateMarginals, type PrivateMarginalsOptions,
} from "./learners/marginals";
export { trainPrivateNetwork, type PrivateNetwork, type TrainPrivateNetworkOptions } from "./learners/private-network";
export type { PrivateRun } from "./learners/private-batches";
export {
  fitPrivateDigits, type DigitsModel, type PrivateDigits, type PrivateDigitsOptions,
} from "./synthetic/private-digits";
export { condenseImages, type CondenseImagesOptions, type LabeledImages } from "./synthetic/condense-images";
export { digitsPlan, releaseShares, type PrivateDigitsPlan, type TeacherPlan } from "./synthetic/digits-plan";
export { drawnFeatures, type DrawnFeaturesOptions } from "./synthetic/drawn-features";
export { frechetDistance } from "./synthetic/frechet";
export { planReleases, type PlannedRelease, type ReleaseShare } from "./synthetic/release-plan";
export { centralPictures, type CentralImages } from "./synthetic/central-images";
export type { DrawImagesStyle } from "./synthetic/draw-images";
export type { Bends } from "./synthetic/bends";
export type { NodeGrid } from "../images/node-grid";
export type { Modes } from "./synthetic/modes";
export type { ClassLaw, PoseLaw } from "./synthetic/pose";
export { syntheticTable, type SyntheticTable, type SyntheticTableOptions } from "./tables/synthetic-table";
export { marginalDistance } from "./tables/marginal-distance";
export type { CategoricalDomain, CodedColumn, ColumnDomain, NumericDomain } from "./tables/column-domain";
export type { MarginalChoice } from "./tables/learn-table";
export type { TableRelease } from "./tables/table-releases";
