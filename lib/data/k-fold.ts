import { largestOf } from "../math/extremes";
import type { Rng } from "../random";
import { requireInteger } from "../validate";
import { classPositions } from "./classes";
import type { Split } from "./split";

export interface KFoldOptions {
  /** Number of folds, in [2, n]. */
  folds: number;
  /** Shuffles before cutting. Without it the rows keep their order, as scikit-learn's `shuffle=False`. */
  rng?: Rng;
}

/**
 * The splits of k-fold cross-validation, as scikit-learn's `KFold`: each row is tested once; the first n mod k folds
 * have one row more. Positions ascend.
 *
 * @param n Number of rows.
 * @throws {RangeError} If there are fewer rows than folds.
 */
export function kFold(n: number, { folds, rng }: KFoldOptions): Split[] {
  requireInteger("kFold", "n", n, 2);
  requireInteger("kFold", "folds", folds, 2, n);
  const order = rng ? rng.permutation(n) : Int32Array.from({ length: n }, (_, i) => i);
  const foldOf = new Int32Array(n);
  for (let fold = 0, start = 0; fold < folds; fold++) {
    const end = start + Math.floor(n / folds) + (fold < n % folds ? 1 : 0);
    for (const row of order.subarray(start, end)) foldOf[row] = fold;
    start = end;
  }
  return splitsOf(foldOf, folds);
}

/**
 * The splits of k-fold cross-validation with the classes in proportion, as scikit-learn's `StratifiedKFold`.
 * Positions ascend.
 *
 * @param y Labels, shape [n].
 * @throws {RangeError} If no class has as many rows as there are folds.
 */
export function stratifiedKFold(y: Int32Array, { folds, rng }: KFoldOptions): Split[] {
  requireInteger("stratifiedKFold", "folds", folds, 2, Math.max(2, y.length));
  const positions = classPositions(y).sort((a, b) => a[0] - b[0]);
  const largest = Math.max(0, largestOf(positions.map((rows) => rows.length)));
  if (largest < folds)
    throw new RangeError(`stratifiedKFold: folds must be at most the largest class's size, ${largest}, got ${folds}`);
  const foldOf = new Int32Array(y.length);
  let before = 0;
  for (const rows of positions) {
    const foldsOfClass = allocation(before, rows.length, folds);
    const order = rng ? rng.permutation(rows.length) : null;
    rows.forEach((row, i) => (foldOf[row] = foldsOfClass[order ? order[i] : i]));
    before += rows.length;
  }
  return splitsOf(foldOf, folds);
}

/** Deals a class, which begins at `before` in the rows sorted by class, to the folds in turn; the folds, ascending. */
function allocation(before: number, count: number, folds: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => (before + i) % folds).sort();
}

function splitsOf(foldOf: Int32Array, folds: number): Split[] {
  const positions = Int32Array.from(foldOf, (_, i) => i);
  return Array.from({ length: folds }, (_, fold) => ({
    train: positions.filter((i) => foldOf[i] !== fold),
    test: positions.filter((i) => foldOf[i] === fold),
  }));
}
