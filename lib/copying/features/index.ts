export * from "./adapt-cloud";
export type { Cloud } from "./cloud";
export * from "./contrast";
export * from "./discover-ranges";
export * from "./genetic";
export * from "./number";
export * from "./step";
export { sweepFeatures, type LabelChange, type Sweep, type SweepOptions } from "./sweep";
