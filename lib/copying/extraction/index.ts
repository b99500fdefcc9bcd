export { extractTree, type ExtractedTree, type ExtractTreeOptions } from "./tree-extraction";
export { proveTreesEqual, type TreeEquality, type TreeEqualityOptions } from "./tree-equality";
export { extractRelu, type ExtractedRelu, type ExtractReluOptions } from "./relu-extraction";
export { reluDifferenceBound } from "./relu-difference";
export { linearAngle } from "./linear-angle";
export {
  extractReluFromLabels, type ExtractedReluFromLabels, type ExtractReluFromLabelsOptions,
} from "./relu-label-extraction";
export { extractDeepRelu, type ExtractDeepReluOptions, type ExtractedDeepRelu } from "./deep-extraction";
