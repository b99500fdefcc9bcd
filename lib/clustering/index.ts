export { hungarian } from "./hungarian";
export { assignClusters, kMeans, type KMeans, type KMeansOptions } from "./k-means";
export { clusterClassCounts, labelsOfClusters, matchClusters, type MatchOptions } from "./matching";
