export { headChances } from "./head-chances";
export { hungarian } from "./hungarian";
export { iicTrunk, trainIic, type Iic, type IicOptions } from "./iic";
export { assignClusters, type Clustering } from "./assign";
export { kMeans, type KMeans, type KMeansOptions } from "./k-means";
export { clusterClassCounts, labelsOfClusters, matchClusters, type MatchOptions } from "./matching";
export { nameClusters, type NameClustersOptions, type NamedClusters } from "./named-clusters";
export { mutualInformation, type MutualInformation } from "./mutual-information";
