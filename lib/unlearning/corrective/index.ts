export { blockFeatures } from "./block-features";
export { crossFittedProbabilities, type CrossFitOptions } from "./cross-fitted";
export * from "./find-flips";
export * from "./find-swaps";
export * from "./flip-posterior";
export * from "./relearn-partly-known";
export * from "./selective-dampening";
export * from "./similar-to";
export * from "./teachers";
