export {
  electInCluster, flipsToElect, worstAttack, type ElectInClusterOptions, type WorstAttack,
} from "./collective";
export { certifyBySmoothing } from "./label-smoothing";
export { partitionByContent, partitionVotes, type PartitionVotes, type PartitionVotesOptions } from "./partitions";
export { certifyInsertions, neighborVotes, type NeighborVotesOptions } from "./neighbor-votes";
export { ridgeWeights } from "./ridge-weights";
export { certifyRunOff } from "./run-off";
export { certifiedAccuracy, certifiedMedian, certifyVotes, readBy, type Certified } from "./votes";
export { certifyWeightedVotes } from "./weighted-votes";
