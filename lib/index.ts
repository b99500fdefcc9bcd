export * from "./classifiers";
export * from "./copying";
export * from "./data";
export * from "./matrix";
export * from "./privacy";
export * from "./poisoning";
export * from "./random";
export * from "./training";
