import type { Matrix } from "../../matrix";

/** A training set by columns, each with its rows in ascending order: what trees are grown from. */
export interface SortedColumns {
  /** n. */
  readonly numRows: number;
  /** d. */
  readonly numFeatures: number;
  /** Column-major values, shape [d, n]. */
  readonly values: Float64Array;
  /** Row numbers, ascending by value, of each feature, shape [d, n]. */
  readonly order: Uint32Array;
  /** 1 where all values of a feature differ, shape [d]. */
  readonly distinct: Uint8Array;
}

const BITS = 11;
const BUCKETS = 1 << BITS;
const PASSES = 3;

/** Sorts every column of a matrix of finite numbers. */
export function sortColumns(X: Matrix): SortedColumns {
  const [n, d] = X.shape;
  const values = new Float64Array(new SharedArrayBuffer(8 * n * d));
  const order = new Uint32Array(new SharedArrayBuffer(4 * n * d));
  const distinct = new Uint8Array(new SharedArrayBuffer(d));
  for (let i = 0, p = 0; i < n; i++) for (let j = 0; j < d; j++) values[j * n + i] = X.data[p++];
  const sorter = rowSorter(n);
  for (let j = 0; j < d; j++) {
    const column = values.subarray(j * n, (j + 1) * n);
    const rows = order.subarray(j * n, (j + 1) * n);
    sorter(column, rows);
    let allDiffer = true;
    for (let p = 1; p < n && allDiffer; p++) allDiffer = column[rows[p - 1]] < column[rows[p]];
    distinct[j] = allDiffer ? 1 : 0;
  }
  return { numRows: n, numFeatures: d, values, order, distinct };
}

/**
 * Sorts row numbers by value: three radix passes over the high word of the float64 (its bits, made to ascend with the
 * number), then each run of equal high words by the whole number.
 */
function rowSorter(n: number): (column: Float64Array, rows: Uint32Array) => void {
  const keys = new Uint32Array(n);
  const spareKeys = new Uint32Array(n);
  const spareRows = new Uint32Array(n);
  const sortedKeys = new Uint32Array(n);
  const counts = new Uint32Array(PASSES * BUCKETS);
  const words = new Uint32Array(2 * n);
  const floats = new Float64Array(words.buffer);

  return (column, rows) => {
    floats.set(column);
    counts.fill(0);
    for (let i = 0; i < n; i++) {
      const high = words[2 * i + 1];
      const key = (high & 0x80000000 ? ~high : high | 0x80000000) >>> 0;
      keys[i] = key;
      for (let pass = 0; pass < PASSES; pass++) counts[pass * BUCKETS + ((key >>> (pass * BITS)) & (BUCKETS - 1))]++;
    }
    let fromKeys = keys;
    let toKeys = spareKeys;
    let fromRows: Uint32Array | null = null;
    let toRows = rows;
    for (let pass = 0; pass < PASSES; pass++) {
      const shift = pass * BITS;
      const base = pass * BUCKETS;
      for (let b = 0, sum = 0; b < BUCKETS; b++) {
        const count = counts[base + b];
        counts[base + b] = sum;
        sum += count;
      }
      for (let i = 0; i < n; i++) {
        const key = fromKeys[i];
        const at = counts[base + ((key >>> shift) & (BUCKETS - 1))]++;
        toKeys[at] = key;
        toRows[at] = fromRows ? fromRows[i] : i;
      }
      fromKeys = toKeys;
      toKeys = pass === 0 ? sortedKeys : spareKeys;
      fromRows = toRows;
      toRows = fromRows === rows ? spareRows : rows;
    }
    for (let start = 0; start < n; ) {
      let end = start + 1;
      while (end < n && fromKeys[end] === fromKeys[start]) end++;
      if (end - start > 1) sortRun(column, rows, start, end);
      start = end;
    }
  };
}

const LONGEST_INSERTION = 32;

function sortRun(column: Float64Array, rows: Uint32Array, start: number, end: number): void {
  if (end - start <= LONGEST_INSERTION) {
    for (let p = start + 1; p < end; p++) {
      const row = rows[p];
      const value = column[row];
      let q = p;
      for (; q > start && column[rows[q - 1]] > value; q--) rows[q] = rows[q - 1];
      rows[q] = row;
    }
    return;
  }
  let p = start + 1;
  while (p < end && column[rows[p - 1]] <= column[rows[p]]) p++;
  if (p < end) rows.subarray(start, end).sort((a, b) => column[a] - column[b] || a - b);
}
