import type { SortedColumns } from "./sorted-columns";

/** A small tree of numbers, level by level: the children of node i are 2 i + 1 and 2 i + 2. */
export interface RegressionTree {
  /** Feature that is asked for, −1 at a leaf; shape [nodes]. */
  readonly feature: Int32Array;
  /** Rows at most this go left; shape [nodes]. */
  readonly threshold: Float64Array;
  /** What a leaf answers; shape [nodes]. */
  readonly value: Float64Array;
}

interface Cut {
  gain: number;
  feature: number;
  threshold: number;
}

/** The best cut of each open node, by the fall of the squared error: one pass over each feature's sorted rows. */
function bestCuts(columns: SortedColumns, targets: Float64Array, node: Int32Array, numNodes: number): Cut[] {
  const { numRows: n, numFeatures: d, values, order } = columns;
  const sum = new Float64Array(numNodes);
  const count = new Int32Array(numNodes);
  const cuts = Array.from({ length: numNodes }, (): Cut => ({ gain: 1e-12, feature: -1, threshold: 0 }));
  for (let i = 0; i < n; i++)
    if (node[i] >= 0) {
      sum[node[i]] += targets[i];
      count[node[i]]++;
    }
  const leftSum = new Float64Array(numNodes);
  const leftCount = new Int32Array(numNodes);
  const previous = new Float64Array(numNodes);
  for (let f = 0; f < d; f++) {
    leftSum.fill(0);
    leftCount.fill(0);
    for (let p = f * n; p < (f + 1) * n; p++) {
      const row = order[p];
      const at = node[row];
      if (at < 0) continue;
      const value = values[f * n + row];
      const left = leftCount[at];
      if (left > 0 && value > previous[at]) {
        const right = count[at] - left;
        const gap = leftSum[at] / left - (sum[at] - leftSum[at]) / right;
        const gain = (gap * gap * left * right) / count[at];
        if (gain > cuts[at].gain) {
          const middle = previous[at] / 2 + value / 2;
          cuts[at] = { gain, feature: f, threshold: middle < value ? middle : previous[at] };
        }
      }
      leftSum[at] += targets[row];
      leftCount[at]++;
      previous[at] = value;
    }
  }
  return cuts;
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
    const cuts = bestCuts(columns, targets, node, 2 ** depth);
    cuts.forEach(({ feature, threshold }, k) => {
      tree.feature[first + k] = feature;
      tree.threshold[first + k] = threshold;
    });
    open = cuts.some(({ feature }) => feature >= 0);
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
