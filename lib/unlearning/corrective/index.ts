export * from "./find-flips";
export * from "./find-swaps";
export * from "./flip-posterior";
export { leaveOneOutProbabilities, type LeaveOneOutOptions } from "./leave-one-out-probabilities";
export { potion, type PotionOptions, type PotionRepair } from "./potion";
export * from "./relearn-partly-known";
export * from "./selective-dampening";
export * from "./similar-to";
export * from "./teachers";
