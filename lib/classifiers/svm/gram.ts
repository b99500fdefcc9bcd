import { throwIfInterrupted } from "../../interrupt";
import { matrix, type Matrix } from "../../matrix";
import { requireFinite, requireInteger, requireSameLength } from "../../validate";
import { aroundCenter, resolveKernel, type GramOptions, type Kernel } from "./kernel";
import { TILE } from "./kernel-tile";
import { rowKernel } from "./row-kernel";

/** The kernel between every two rows of a training set: all that a support vector machine reads of the features. */
export interface GramMatrix {
  /** The rows, shape [n, d]. */
  readonly X: Matrix;
  readonly kernel: Kernel;
  /** Kernel values, shape [n, n], symmetric. */
  readonly K: Matrix<Float64Array>;
}

/**
 * The kernel between every two rows, in float64 (a dot product of raw pixels passes 2²⁴, float32's last exact integer).
 * It does not depend on labels: one Gram matrix serves every relabelling of the same rows.
 *
 * @param X Shape [n, d], finite, n ≥ 1.
 * @throws {RangeError} If there is no row, a number is not finite, or an option is out of range.
 * @example
 * const gram = gramMatrix(train.X);
 * const clean = svc().fitGram(gram, train.y);
 * const poisoned = svc().fitGram(gram, flipFirst(train.y, { from: 1, to: 2, count: 10 }).y);
 */
export function gramMatrix(X: Matrix, options: GramOptions = {}): GramMatrix {
  const [n] = X.shape;
  requireInteger("gramMatrix", "rows of X", n, 1);
  requireFinite("gramMatrix", "X", X.data);
  const kernel = resolveKernel("gramMatrix", X, options);
  const centered = aroundCenter(X, kernel);
  const rows = rowKernel(centered, kernel);
  const tile = new Float64Array(TILE * rows.width);
  const K = new Float64Array(n * n);
  for (let start = 0; start < n; start += TILE) {
    const end = Math.min(start + TILE, n);
    throwIfInterrupted();
    rows.fill(centered, start, end, tile, start);
    for (let i = start; i < end; i++) {
      const offset = (i - start) * rows.width;
      K.set(tile.subarray(offset + i, offset + n), i * n + i);
    }
    for (let j = start + 1; j < n; j++)
      for (let i = start; i < Math.min(j, end); i++) K[j * n + i] = tile[(i - start) * rows.width + j];
  }
  return { X, kernel, K: matrix(K, [n, n]) };
}

/**
 * The kernel between new rows and the rows of a Gram matrix: worked out once, it serves the predictions of every
 * classifier fitted on that Gram matrix.
 *
 * @param X Shape [m, d], finite.
 * @returns Shape [m, n].
 * @throws {RangeError} If a number is not finite, or the widths differ.
 */
export function crossGram(X: Matrix, gram: GramMatrix): Matrix<Float64Array> {
  requireFinite("crossGram", "X", X.data);
  requireSameLength("crossGram", "rows of X", X.shape[1], "rows of the Gram matrix", gram.X.shape[1]);
  const [m] = X.shape;
  const [n] = gram.X.shape;
  const rows = rowKernel(aroundCenter(gram.X, gram.kernel), gram.kernel);
  const centered = aroundCenter(X, gram.kernel);
  const tile = new Float64Array(TILE * rows.width);
  const K = new Float64Array(m * n);
  for (let start = 0; start < m; start += TILE) {
    const end = Math.min(start + TILE, m);
    throwIfInterrupted();
    rows.fill(centered, start, end, tile);
    for (let i = start; i < end; i++) {
      const offset = (i - start) * rows.width;
      K.set(tile.subarray(offset, offset + n), i * n);
    }
  }
  return matrix(K, [m, n]);
}
