export { hungarian } from "./hungarian";
export { iicTrunk, predictIic, trainIic, type Iic, type IicOptions } from "./iic";
export { assignClusters, kMeans, type KMeans, type KMeansOptions } from "./k-means";
export { clusterClassCounts, labelsOfClusters, matchClusters, type MatchOptions } from "./matching";
export { mutualInformation, type MutualInformation } from "./mutual-information";
export { imageViews, type ViewOptions } from "./views";
