export * from "./adapt-cloud";
export { labelEntropy, type Cloud } from "./cloud";
export * from "./contrast";
export * from "./discover-ranges";
export * from "./genetic";
export * from "./number";
export * from "./step";
export * from "./sweep";
