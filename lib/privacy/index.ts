export * from "./accounting";
export * from "./budget";
export * from "./discrete-gaussian";
export * from "./exponential";
export * from "./gaussian-accounting";
export * from "./gaussian-mechanism";
export * from "./gdp";
export * from "./laplace";
export type { Neighbours } from "./neighbours";
export type { PrivacyEvent } from "./pld";
export * from "./randomised-response";
export {
  defaultRdpOrders, dpSgdRdpEpsilon, gaussianRho, rdpEpsilon, subsampledGaussianRdp, zcdpEpsilon, zcdpEpsilonClosed,
} from "./rdp";
export type { RdpCurve, SubsampledGaussian } from "./rdp";
export {
  debiasedShares, decodeUnaryLabels, unaryEncode, randomiseBits, unaryEpsilon, unaryProbabilities,
} from "./unary-encoding";
export type { BitFlip } from "./unary-encoding";
export * from "./audit";
export { binariseImages, noiseImages, normaliseImages, poolImages, sourceNoisedImages } from "./images";
export type { ImageRange, NoisedImages, NoiseImagesOptions, SourceImagesOptions } from "./images";
export { linkageRate, nearestDistanceScores, nearestReleased, type NearestReleased } from "./linkage";
export { classMeansFromReports, predictByClassMeans, reportRandomBits } from "./random-bit";
export type { ClassMeans, RandomBitBudget, RandomBitReports } from "./random-bit";
export {
  fitLabelledBits, labelledBitDesign, predictLabelledBits, reportLabelledBits, type LabelledBitDesign,
  type LabelledBitModel, type LabelledBitOptions, type LabelledBitReports,
} from "./labelled-bits";
export { normaliseGroups } from "./normalise-groups";
export { orientationFeatures, type OrientationOptions } from "./orientation";
export {
  predictPrivateLinear, trainPrivateLinear, type PrivateLinear, type TrainPrivateLinearOptions,
} from "./private-linear";
export { scatteringFeatures, type ScatteringOptions } from "./scattering";
export { subsetSelection, subsetSelectionProbabilities, type SubsetSelectionOptions } from "./subset-selection";
export {
  privateMarginals, sampleFromMarginals, type PrivateMarginals, type PrivateMarginalsOptions,
} from "./marginals";
export { trainPrivateNetwork, type PrivateNetwork, type TrainPrivateNetworkOptions } from "./private-network";
export type { PrivateRun } from "./private-batches";
