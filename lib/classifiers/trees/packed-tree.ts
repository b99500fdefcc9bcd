import type { Matrix } from "../../matrix";
import type { Tree } from "./grow-tree";

/** The questions of a tree, each node's numbers side by side in memory, for quick descents. */
export interface PackedTree {
  /** Threshold of node i at 2 i. */
  readonly thresholds: Float64Array;
  /** Feature of node i at 4 i + 2, −1 at a leaf, and right child at 4 i + 3: the same memory. */
  readonly links: Int32Array;
}

export function packTree({ feature, threshold, right }: Tree): PackedTree {
  const thresholds = new Float64Array(2 * feature.length);
  const links = new Int32Array(thresholds.buffer);
  feature.forEach((f, node) => {
    thresholds[2 * node] = threshold[node];
    links[4 * node + 2] = f;
    links[4 * node + 3] = right[node];
  });
  return { thresholds, links };
}

/**
 * Writes the leaf that each row from `from` up to `to` reaches into `leaves`.
 *
 * @see `plainLeaves`, its plain twin.
 */
export function findLeaves(
  { thresholds, links }: PackedTree, X: Matrix, from: number, to: number, leaves: Int32Array,
): void {
  const d = X.shape[1];
  const { data } = X;
  for (let i = from, row = from * d; i < to; i++, row += d) {
    let node = 0;
    for (let f = links[2]; f >= 0; f = links[4 * node + 2])
      node = data[row + f] <= thresholds[2 * node] ? node + 1 : links[4 * node + 3];
    leaves[i - from] = node;
  }
}

/** The leaf that each row reaches, question by question as the tree has them: what `findLeaves` must equal. */
export function plainLeaves({ feature, threshold, left, right }: Tree, X: Matrix): Int32Array {
  const [n, d] = X.shape;
  return Int32Array.from({ length: n }, (_, i) => {
    let node = 0;
    while (feature[node] >= 0) node = X.data[i * d + feature[node]] <= threshold[node] ? left[node] : right[node];
    return node;
  });
}
