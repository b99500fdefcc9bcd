import type { Matrix } from "../../matrix";
import { NearestList, type NeighborSearch } from "./search";

const LEAF_SIZE = 12;

/** Rows halved again and again: node i has the children 2 i + 1 and 2 i + 2; all leaves are on the last level. */
interface Nodes {
  readonly firstLeaf: number;
  /** Feature and value at which an inner node parts its rows, shape [firstLeaf]. */
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  /** Where a node's rows begin and end in `order`, shape [nodes]. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly order: Int32Array;
}

/** Each node halves its rows at the median of their widest feature. */
function buildNodes(T: Matrix): Nodes {
  const [n, d] = T.shape;
  const depth = Math.max(0, Math.ceil(Math.log2(n / LEAF_SIZE)));
  const numNodes = 2 ** (depth + 1) - 1;
  const firstLeaf = 2 ** depth - 1;
  const feature = new Int32Array(firstLeaf);
  const threshold = new Float64Array(firstLeaf);
  const start = new Int32Array(numNodes);
  const end = new Int32Array(numNodes);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const build = (node: number, from: number, to: number): void => {
    start[node] = from;
    end[node] = to;
    if (node >= firstLeaf) return;
    feature[node] = widestFeature(T, order, from, to);
    const middle = (from + to) >> 1;
    selectMiddle(T, feature[node], order.subarray(from, to), middle - from);
    threshold[node] = T.data[order[middle] * d + feature[node]];
    build(2 * node + 1, from, middle);
    build(2 * node + 2, middle, to);
  };
  build(0, 0, n);
  return { firstLeaf, feature, threshold, start, end, order };
}

/**
 * Neighbour search by a k-d tree over typed arrays.
 *
 * @see Friedman, Bentley & Finkel, ACM TOMS 3(3), 1977; `plainSearch`, its plain twin.
 */
export function kdTreeSearch(T: Matrix): NeighborSearch {
  const d = T.shape[1];
  const nodes = buildNodes(T);
  const points = new Float64Array(T.shape[0] * d);
  nodes.order.forEach((row, i) => {
    for (let j = 0; j < d; j++) points[i * d + j] = T.data[row * d + j];
  });
  return { nearest: (X, k) => nearestInTree(nodes, points, X, k) };
}

/** @param points The rows in the tree's order, row-major. */
function nearestInTree(nodes: Nodes, points: Float64Array, X: Matrix, k: number): Int32Array {
  const { firstLeaf, feature, threshold, start, end, order } = nodes;
  const [m, d] = X.shape;
  const found = new Int32Array(m * k);
  const list = new NearestList(k);
  const query = new Float64Array(d);
  const gaps = new Float64Array(d);
  const searchLeaf = (node: number): void => {
    for (let i = start[node], p = i * d; i < end[node]; i++) {
      let sum = 0;
      for (let j = 0; j < d; j++) {
        const gap = query[j] - points[p++];
        sum += gap * gap;
      }
      if (sum <= list.worst) list.offer(sum, order[i]);
    }
  };
  const search = (node: number, bound: number): void => {
    if (node >= firstLeaf) { searchLeaf(node); return; }
    const f = feature[node];
    const gap = query[f] - threshold[node];
    const near = gap < 0 ? 2 * node + 1 : 2 * node + 2;
    search(near, bound);
    const kept = gaps[f];
    const farBound = bound - kept * kept + gap * gap;
    // The bound is a running sum: allow for its rounding, so that a tie is never pruned.
    if (farBound * (1 - 1e-12) <= list.worst) {
      gaps[f] = gap;
      search(4 * node + 3 - near, farBound);
      gaps[f] = kept;
    }
  };
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < d; j++) query[j] = X.data[i * d + j];
    list.clear();
    search(0, 0);
    found.set(list.positions, i * k);
  }
  return found;
}

function widestFeature(T: Matrix, order: Int32Array, from: number, to: number): number {
  const d = T.shape[1];
  let widest = 0;
  let width = -1;
  for (let j = 0; j < d; j++) {
    let low = Infinity;
    let high = -Infinity;
    for (let i = from; i < to; i++) {
      const value = T.data[order[i] * d + j];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high - low > width) {
      width = high - low;
      widest = j;
    }
  }
  return widest;
}

/** Reorders rows so that `middle` holds what sorting by the feature would put there (Hoare, 1961). */
function selectMiddle(T: Matrix, feature: number, rows: Int32Array, middle: number): void {
  const d = T.shape[1];
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const pivot = T.data[rows[(low + high) >> 1] * d + feature];
    let i = low;
    let j = high;
    while (i <= j) {
      while (T.data[rows[i] * d + feature] < pivot) i++;
      while (T.data[rows[j] * d + feature] > pivot) j--;
      if (i <= j) {
        const kept = rows[i];
        rows[i++] = rows[j];
        rows[j--] = kept;
      }
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else return;
  }
}
