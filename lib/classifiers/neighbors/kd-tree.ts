import type { Matrix } from "../../matrix";
import { NearestList, type NeighborSearch } from "./search";

const LEAF_SIZE = 12;

/**
 * Neighbour search by a k-d tree over typed arrays: each node halves its rows at the median of their widest feature.
 *
 * @see Friedman, Bentley & Finkel, ACM TOMS 3(3), 1977.
 */
export function kdTreeSearch(T: Matrix): NeighborSearch {
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
    selectMiddle(T, order, from, to - 1, middle, feature[node]);
    threshold[node] = T.data[order[middle] * d + feature[node]];
    build(2 * node + 1, from, middle);
    build(2 * node + 2, middle, to);
  };
  build(0, 0, n);
  const points = new Float64Array(n * d);
  order.forEach((row, i) => {
    for (let j = 0; j < d; j++) points[i * d + j] = T.data[row * d + j];
  });

  return {
    nearest(X, k) {
      const m = X.shape[0];
      const found = new Int32Array(m * k);
      const list = new NearestList(k);
      const query = new Float64Array(d);
      const gaps = new Float64Array(d);
      const search = (node: number, bound: number): void => {
        if (node >= firstLeaf) {
          for (let i = start[node], p = i * d; i < end[node]; i++) {
            let sum = 0;
            for (let j = 0; j < d; j++) {
              const gap = query[j] - points[p++];
              sum += gap * gap;
            }
            if (sum <= list.worst) list.offer(sum, order[i]);
          }
          return;
        }
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
    },
  };
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

/** Reorders order[low … high] so that `middle` holds what sorting by the feature would put there (Hoare, 1961). */
function selectMiddle(T: Matrix, order: Int32Array, low: number, high: number, middle: number, feature: number): void {
  const d = T.shape[1];
  while (low < high) {
    const pivot = T.data[order[(low + high) >> 1] * d + feature];
    let i = low;
    let j = high;
    while (i <= j) {
      while (T.data[order[i] * d + feature] < pivot) i++;
      while (T.data[order[j] * d + feature] > pivot) j--;
      if (i <= j) {
        const kept = order[i];
        order[i++] = order[j];
        order[j--] = kept;
      }
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else return;
  }
}
