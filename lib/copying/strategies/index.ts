export * from "./active";
export * from "./bisection";
export * from "./jacobian";
export { equationSolvingStrategy, lineSearchStrategy, type LinearOptions, type LineSearchOptions } from "./linear";
export * from "./strategy";
