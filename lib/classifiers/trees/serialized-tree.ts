import type { Tree } from "./grow-tree";

/** A tree as plain JSON. */
export interface SerializedTree {
  feature: number[];
  threshold: number[];
  right: number[];
  value: number[];
}

export const serializeTree = (tree: Tree): SerializedTree => ({
  feature: [...tree.feature],
  threshold: [...tree.threshold],
  right: [...tree.right],
  value: [...tree.value],
});

export const restoreTree = ({ feature, threshold, right, value }: SerializedTree): Tree => ({
  feature: Int32Array.from(feature),
  threshold: Float64Array.from(threshold),
  left: Int32Array.from(feature, (f, node) => (f < 0 ? -1 : node + 1)),
  right: Int32Array.from(right),
  value: Float64Array.from(value),
});
