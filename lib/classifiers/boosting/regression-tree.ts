import type { SortedColumns } from "../trees/sorted-columns";
import { between } from "../trees/threshold";

/** A small tree of numbers, level by level: the children of node i are 2 i + 1 and 2 i + 2. */
export interface RegressionTree {
  /** Feature that is asked for, −1 at a leaf; shape [nodes]. */
  readonly feature: Int32Array;
  /** Rows at most this go left; shape [nodes]. */
  readonly threshold: Float64Array;
  /** What a leaf answers; shape [nodes]. */
  readonly value: Float64Array;
}

/** The best cut of each open node; `feature` is −1 where no cut gains anything. */
interface Cuts {
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
}

const LEAST_GAIN = 1e-12;
/** Share of the squared targets by which rounding may part the two ways to write a gain. */
const ROUNDING = 1e-12;

/**
 * The fall of the squared error where l rows of sum L part from r rows of sum R. It equals
 * L²/l + R²/r − (L + R)²/(l + r), which needs no division where 1/l and 1/r are at hand: that says which cuts are worth
 * this.
 */
function fallOf(sumLeft: number, left: number, sumRight: number, right: number): number {
  const gap = sumLeft / left - sumRight / right;
  return (gap * gap * left * right) / (left + right);
}

/** `bestCuts` where all rows are in one node. */
function bestRootCut({ numRows: n, numFeatures: d, values, order }: SortedColumns, targets: Float64Array): Cuts {
  const inverse = inverses(n);
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    sum += targets[i];
    squares += targets[i] * targets[i];
  }
  let gain = LEAST_GAIN;
  let feature = -1;
  let threshold = 0;
  let worth = gain + (sum * sum) / n - ROUNDING * squares;
  for (let f = 0; f < d; f++) {
    const start = f * n;
    let row = order[start];
    let sumLeft = targets[row];
    for (let left = 1; left < n; left++) {
      const before = row;
      row = order[start + left];
      const sumRight = sum - sumLeft;
      if (sumLeft * sumLeft * inverse[left] + sumRight * sumRight * inverse[n - left] > worth) {
        const [low, high] = [values[start + before], values[start + row]];
        const fall = high > low ? fallOf(sumLeft, left, sumRight, n - left) : 0;
        if (fall > gain) {
          worth += fall - gain;
          gain = fall;
          feature = f;
          threshold = between(low, high);
        }
      }
      sumLeft += targets[row];
    }
  }
  return { feature: Int32Array.of(feature), threshold: Float64Array.of(threshold) };
}

const inverses = (n: number): Float64Array => Float64Array.from({ length: n + 1 }, (_, k) => 1 / k);

/** The best cut of each open node, by the fall of the squared error: one pass over each feature's sorted rows. */
function bestCuts(columns: SortedColumns, targets: Float64Array, node: Int32Array, numNodes: number): Cuts {
  const { numRows: n, numFeatures: d, values, order } = columns;
  const sum = new Float64Array(numNodes);
  const count = new Int32Array(numNodes);
  const gain = new Float64Array(numNodes).fill(LEAST_GAIN);
  const feature = new Int32Array(numNodes).fill(-1);
  const threshold = new Float64Array(numNodes);
  const inverse = inverses(n);
  let squares = 0;
  for (let i = 0; i < n; i++)
    if (node[i] >= 0) {
      sum[node[i]] += targets[i];
      count[node[i]]++;
      squares += targets[i] * targets[i];
    }
  const worth = sum.map((total, k) => gain[k] + (total * total) / count[k] - ROUNDING * squares);
  const leftSum = new Float64Array(numNodes);
  const leftCount = new Int32Array(numNodes);
  const previous = new Int32Array(numNodes);
  for (let f = 0; f < d; f++) {
    leftSum.fill(0);
    leftCount.fill(0);
    const start = f * n;
    for (let p = start; p < start + n; p++) {
      const row = order[p];
      const at = node[row];
      if (at < 0) continue;
      const left = leftCount[at];
      const sumLeft = leftSum[at];
      const right = count[at] - left;
      const sumRight = sum[at] - sumLeft;
      if (left > 0 && sumLeft * sumLeft * inverse[left] + sumRight * sumRight * inverse[right] > worth[at]) {
        const [low, high] = [values[start + previous[at]], values[start + row]];
        const fall = high > low ? fallOf(sumLeft, left, sumRight, right) : 0;
        if (fall > gain[at]) {
          worth[at] += fall - gain[at];
          gain[at] = fall;
          feature[at] = f;
          threshold[at] = between(low, high);
        }
      }
      leftSum[at] = sumLeft + targets[row];
      leftCount[at] = left + 1;
      previous[at] = row;
    }
  }
  return { feature, threshold };
}

/**
 * Grows a tree of bounded depth that predicts a number, by exact cuts of least squared error; the first feature wins a
 * tie. The value of a leaf is left to the caller, who is told which rows reach it.
 *
 * @param targets Shape [n].
 * @param maxDepth Edges from the root to the deepest leaf, at least 1.
 * @param leafValue Gives a leaf's value from its rows.
 * @returns The tree, and the node each row ends in, shape [n].
 */
export function growRegressionTree(
  columns: SortedColumns,
  targets: Float64Array,
  maxDepth: number,
  leafValue: (rows: readonly number[]) => number,
): { tree: RegressionTree; leaves: Int32Array } {
  const n = columns.numRows;
  const size = 2 ** (maxDepth + 1) - 1;
  const tree: RegressionTree = {
    feature: new Int32Array(size).fill(-1),
    threshold: new Float64Array(size),
    value: new Float64Array(size),
  };
  const leaves = new Int32Array(n);
  for (let depth = 0, open = true; depth < maxDepth && open; depth++) {
    const first = 2 ** depth - 1;
    const node = leaves.map((at) => (at >= first ? at - first : -1));
    const cuts = depth === 0 ? bestRootCut(columns, targets) : bestCuts(columns, targets, node, 2 ** depth);
    tree.feature.set(cuts.feature, first);
    tree.threshold.set(cuts.threshold, first);
    open = cuts.feature.some((f) => f >= 0);
    for (let i = 0; i < n; i++) {
      const f = node[i] < 0 ? -1 : tree.feature[leaves[i]];
      if (f >= 0) leaves[i] = 2 * leaves[i] + (columns.values[f * n + i] <= tree.threshold[leaves[i]] ? 1 : 2);
    }
  }
  const rowsOf = new Map<number, number[]>();
  leaves.forEach((leaf, i) => {
    const rows = rowsOf.get(leaf);
    if (rows) rows.push(i);
    else rowsOf.set(leaf, [i]);
  });
  for (const [leaf, rows] of rowsOf) tree.value[leaf] = leafValue(rows);
  return { tree, leaves };
}

/** The leaf value of the row that starts at `offset`. */
export function regressionValue(
  { feature, threshold, value }: RegressionTree, data: ArrayLike<number>, offset: number,
): number {
  let node = 0;
  while (feature[node] >= 0) node = 2 * node + (data[offset + feature[node]] <= threshold[node] ? 1 : 2);
  return value[node];
}
