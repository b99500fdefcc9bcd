export * from "./copying";
export * from "./matrix";
export * from "./random";
export * from "./classifiers";
