import type { Matrix } from "../../matrix";
import { FastKernelRows, arePairable } from "./fast-kernel-rows";
import { allowsDotProducts, type Kernel } from "./kernel";
import { PlainKernelRows } from "./plain-kernel-rows";

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

/**
 * The fast way where its distances are exact enough, else the plain one.
 *
 * @param fixed Rows less the kernel's center, shape [n, d].
 */
export function rowKernel(fixed: Matrix, kernel: Kernel): RowKernel {
  const isFast = allowsDotProducts(fixed, kernel) || arePairable(fixed, 0, fixed.shape[0]);
  return isFast ? new FastKernelRows(fixed, kernel, TILE) : new PlainKernelRows(fixed, kernel);
}
