export * from "./balance";
export { blackBox, QueryBudgetError, WidthError } from "./black-box";
export type {
  BlackBox, BlackBoxOptions, FunctionBlackBoxOptions, PredictFunction,
} from "./black-box";
export { boundaryPoints, crossingSegments, decisionMap } from "./boundary";
export type { BoundaryPoints, BoundaryPointsOptions, DecisionMap, DecisionMapOptions, Segments } from "./boundary";
export * from "./copy";
export * from "./defenses";
export * from "./evaluate";
export * from "./extraction";
export * from "./features";
export * from "./http-black-box";
export * from "./massage";
export * from "./metrics";
export * from "./queries";
export {
  dynamicalRange, equalCategories, findCategories, mixedRange, rangesOnly, reducedSpace,
} from "./ranges";
export type { CategoricalRange, FeatureRange, NumericRange } from "./ranges";
export * from "./refresh";
export * from "./reweigh";
export * from "./samplers";
export { rangeScaler } from "./scaling";
export * from "./strategies";
export * from "./stream";
export { mean, type Spread, spreadOf } from "../math/spread";
