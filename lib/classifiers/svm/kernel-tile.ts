import type { Matrix } from "../../matrix";

/** Rows that `RowKernel.fill` takes at once. */
export const TILE = 32;

/** Works out the kernel between new rows and fixed rows, a tile of new rows at a time. */
export interface RowKernel {
  /** Numbers a row takes in the output, at least the number of fixed rows. */
  readonly width: number;
  /**
   * Writes the kernel of rows `start` … `end` − 1 of X with the fixed rows to `out`, `width` numbers a row.
   *
   * @param end At most `start` + `TILE`.
   * @param from Fixed rows before it may be left out.
   */
  fill(X: Matrix, start: number, end: number, out: Float64Array, from?: number): void;
}
