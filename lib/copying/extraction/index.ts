export { extractTree, type ExtractedTree, type ExtractTreeOptions } from "./tree-extraction";
export { proveTreesEqual, type TreeEquality, type TreeEqualityOptions } from "./tree-equality";
