import type { Matrix } from "../../matrix";
import { FastKernelRows, arePairable } from "./fast-kernel-rows";
import { allowsDotProducts, type Kernel } from "./kernel";
import { type RowKernel, TILE } from "./kernel-tile";
import { PlainKernelRows } from "./plain-kernel-rows";

/**
 * The fast way where its distances are exact enough, else the plain one.
 *
 * @param fixed Rows less the kernel's center, shape [n, d].
 */
export function rowKernel(fixed: Matrix, kernel: Kernel): RowKernel {
  const isFast = allowsDotProducts(fixed, kernel) || arePairable(fixed, 0, fixed.shape[0]);
  return isFast ? new FastKernelRows(fixed, kernel, TILE) : new PlainKernelRows(fixed, kernel);
}
