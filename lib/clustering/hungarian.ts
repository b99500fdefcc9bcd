import { type Matrix } from "../matrix";
import { requireFinite, requireInteger } from "../validate";

/**
 * The cheapest way to give each row a column of its own: the assignment problem, by shortest augmenting
 * paths in O(n² m).
 *
 * @param cost Shape [n, m] with n ≤ m; lower is better.
 * @returns The column of each row, shape [n].
 * @throws {RangeError} If there are more rows than columns or a cost is not finite.
 * @see Kuhn, Naval Research Logistics 2, 1955; Jonker & Volgenant, Computing 38, 1987.
 * @example
 * hungarian(fromRows([[4, 1], [2, 0]])); // [1, 0]: 1 + 2 is less than 4 + 0
 */
export function hungarian(cost: Matrix): Int32Array {
  const [n, m] = cost.shape;
  requireInteger("hungarian", "rows", n, 0, m);
  requireFinite("hungarian", "cost", cost.data);
  // Position m stands for "no column"; rowOfColumn[j] is the row that holds column j.
  const rowOfColumn = new Int32Array(m + 1).fill(-1);
  const rowPrice = new Float64Array(n);
  const columnPrice = new Float64Array(m + 1);
  for (let row = 0; row < n; row++) {
    const slack = new Float64Array(m).fill(Infinity);
    const previous = new Int32Array(m).fill(m);
    const visited = new Uint8Array(m + 1);
    rowOfColumn[m] = row;
    let column = m;
    while (rowOfColumn[column] !== -1) {
      visited[column] = 1;
      const current = rowOfColumn[column];
      let step = Infinity;
      let next = m;
      for (let j = 0; j < m; j++) {
        if (visited[j]) continue;
        const reduced = cost.data[current * m + j] - rowPrice[current] - columnPrice[j];
        if (reduced < slack[j]) {
          slack[j] = reduced;
          previous[j] = column;
        }
        if (slack[j] < step) {
          step = slack[j];
          next = j;
        }
      }
      for (let j = 0; j <= m; j++) {
        if (visited[j]) {
          rowPrice[rowOfColumn[j]] += step;
          columnPrice[j] -= step;
        } else if (j < m) slack[j] -= step;
      }
      column = next;
    }
    while (column !== m) {
      rowOfColumn[column] = rowOfColumn[previous[column]];
      column = previous[column];
    }
  }
  const assigned = new Int32Array(n);
  for (let j = 0; j < m; j++) if (rowOfColumn[j] >= 0) assigned[rowOfColumn[j]] = j;
  return assigned;
}
