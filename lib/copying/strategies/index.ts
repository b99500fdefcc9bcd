export { activeStrategy, type ActiveOptions } from "./active";
export * from "./auto";
export type { AutoSettings } from "../tuned-settings";
export * from "./bisection";
export * from "./jacobian";
export * from "./knockoff";
export { equationSolvingStrategy, lineSearchStrategy, type LinearOptions, type LineSearchOptions } from "./linear";
export * from "./path-finding";
export * from "./strategy";
