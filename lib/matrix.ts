import { requireInteger } from "./validate";

export type NumericArray = Float64Array | Float32Array | Uint8Array;

/** Rows of numbers, row-major: `X.data[i * d + j]` is feature j of row i. */
export interface Matrix<A extends NumericArray = NumericArray> {
  readonly data: A;
  /** [rows, columns]. */
  readonly shape: readonly [number, number];
}

/**
 * Wraps row-major numbers as a matrix, without copying.
 *
 * @throws {RangeError} If the length is not rows × columns.
 */
export function matrix<A extends NumericArray>(data: A, shape: readonly [number, number]): Matrix<A> {
  requireInteger("matrix", "rows", shape[0], 0);
  requireInteger("matrix", "columns", shape[1], 0);
  if (data.length !== shape[0] * shape[1])
    throw new RangeError(`matrix: ${shape[0]} × ${shape[1]} needs ${shape[0] * shape[1]} numbers, got ${data.length}`);
  return { data, shape };
}

/**
 * Copies rows of numbers into a matrix.
 *
 * @param rows Shape [n][d].
 * @throws {RangeError} If the rows differ in length.
 */
export function fromRows(rows: readonly ArrayLike<number>[]): Matrix<Float64Array> {
  const columns = rows.length ? rows[0].length : 0;
  const data = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    if (row.length !== columns)
      throw new RangeError(`fromRows: row ${i} has ${row.length} numbers, row 0 has ${columns}`);
    data.set(row, i * columns);
  });
  return matrix(data, [rows.length, columns]);
}

/**
 * Copies columns of numbers into a matrix.
 *
 * @param columns Shape [d][n].
 * @throws {RangeError} If the columns differ in length.
 */
export function fromColumns(columns: readonly ArrayLike<number>[]): Matrix<Float64Array> {
  const [n, d] = [columns.length ? columns[0].length : 0, columns.length];
  const data = new Float64Array(n * d);
  columns.forEach((column, j) => {
    if (column.length !== n)
      throw new RangeError(`fromColumns: column ${j} has ${column.length} numbers, column 0 has ${n}`);
    for (let i = 0; i < n; i++) data[i * d + j] = column[i];
  });
  return matrix(data, [n, d]);
}

/** Copies a matrix into plain nested arrays, shape [n][d]. */
export function toRows(X: Matrix): number[][] {
  return Array.from({ length: X.shape[0] }, (_, i) => Array.from(rowOf(X, i)));
}

/** One row, shape [d]: a view, not a copy. */
export function rowOf<A extends NumericArray>(X: Matrix<A>, i: number): A {
  const [, d] = X.shape;
  return X.data.subarray(i * d, (i + 1) * d) as A;
}

function emptyLike<A extends NumericArray>(data: A, length: number): A {
  return new (data.constructor as new (n: number) => A)(length);
}

/** Copies the named rows, in the order given, shape [positions.length, d]. */
export function selectRows<A extends NumericArray>(X: Matrix<A>, positions: ArrayLike<number>): Matrix<A> {
  const [n, d] = X.shape;
  const data = emptyLike(X.data, positions.length * d);
  for (let i = 0; i < positions.length; i++) {
    requireInteger("selectRows", "position", positions[i], 0, n - 1);
    data.set(rowOf(X, positions[i]), i * d);
  }
  return { data, shape: [positions.length, d] };
}

/** Copies the named columns, in the order given, shape [n, positions.length]. */
export function selectColumns<A extends NumericArray>(X: Matrix<A>, positions: ArrayLike<number>): Matrix<A> {
  const [n, d] = X.shape;
  const k = positions.length;
  const data = emptyLike(X.data, n * k);
  for (let j = 0; j < k; j++) {
    requireInteger("selectColumns", "position", positions[j], 0, d - 1);
    for (let i = 0; i < n; i++) data[i * k + j] = X.data[i * d + positions[j]];
  }
  return { data, shape: [n, k] };
}

/**
 * Puts matrices under each other.
 *
 * @throws {RangeError} If their widths differ, or there is none.
 */
export function concatRows<A extends NumericArray>(...parts: Matrix<A>[]): Matrix<A> {
  if (!parts.length) throw new RangeError("concatRows: needs at least one matrix, got none");
  const d = parts[0].shape[1];
  for (const part of parts)
    if (part.shape[1] !== d) throw new RangeError(`concatRows: widths must be equal, got ${d} and ${part.shape[1]}`);
  const n = parts.reduce((sum, part) => sum + part.shape[0], 0);
  const data = emptyLike(parts[0].data, n * d);
  let offset = 0;
  for (const part of parts) {
    data.set(part.data, offset);
    offset += part.data.length;
  }
  return { data, shape: [n, d] };
}

/** Copies the labels at the named positions, shape [positions.length]. */
export function selectLabels(y: Int32Array, positions: ArrayLike<number>): Int32Array {
  return Int32Array.from({ length: positions.length }, (_, i) => {
    requireInteger("selectLabels", "position", positions[i], 0, y.length - 1);
    return y[positions[i]];
  });
}
