export * from "./datamodeling";
export { ekfacInfluence, type EkfacOptions } from "./ekfac";
export { gradientSimilarity } from "./gradient-similarity";
export { solvedInfluence, type SolvedInfluenceOptions } from "./solved-influence";
export { trak, type TrakOptions } from "./trak";
