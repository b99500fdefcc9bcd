import { matrix, selectRows, type Matrix } from "../matrix";
import type { Rng } from "../random";
import { requireFinite, requireInteger, requireSameLength } from "../validate";
import { stratifiedKFold } from "../data";
import type { GramMatrix } from "../classifiers";
import { svc, type SvcOptions } from "../classifiers";

/** The column of each label. */
export function columnsOf(classes: Int32Array): Map<number, number> {
  return new Map(Array.from(classes, (label, column) => [label, column]));
}

/** Checks labels against finite scores: one row a label, one column a class, at least two, and one for every label. */
export function checkScores(fn: string, y: Int32Array, scores: Matrix<Float64Array>, classes: Int32Array): void {
  requireSameLength(fn, "y", y.length, "scores", scores.shape[0]);
  requireSameLength(fn, "classes", classes.length, "columns of scores", scores.shape[1]);
  requireInteger(fn, "number of classes", classes.length, 2);
  requireFinite(fn, "scores", scores.data);
  const columns = columnsOf(classes);
  for (const label of y)
    if (!columns.has(label)) throw new RangeError(`${fn}: labels must be among ${classes.join(", ")}, got ${label}`);
}

/**
 * How much the score of each row's own label exceeds the best other score; below 0 where the model would say another.
 *
 * @param y Labels, shape [n].
 * @param scores Shape [n, classes.length].
 * @param classes Label of each column, at least two.
 * @returns Shape [n].
 * @throws {RangeError} If the shapes disagree, a score is not finite, or a label has no column.
 */
export function labelMargins(y: Int32Array, scores: Matrix<Float64Array>, classes: Int32Array): Float64Array {
  checkScores("labelMargins", y, scores, classes);
  const columns = columnsOf(classes);
  const k = classes.length;
  return Float64Array.from(y, (label, i) => {
    const own = columns.get(label) as number;
    let best = -Infinity;
    for (let c = 0; c < k; c++) if (c !== own) best = Math.max(best, scores.data[i * k + c]);
    return scores.data[i * k + own] - best;
  });
}

export interface HeldOutScoresOptions extends SvcOptions {
  /** Number of folds, at least 2. */
  folds: number;
  rng: Rng;
}

export interface HeldOutScores {
  /** Shape [n, classes.length]. */
  scores: Matrix<Float64Array>;
  /** Label of each column, ascending. */
  classes: Int32Array;
}

/** Stands for a class the machine was not shown: below every vote count and its margin share. */
const UNSEEN = -1;

/**
 * Scores each training row by a support vector machine that was not shown it: cross-validation on one Gram matrix.
 *
 * @param gram Of the training rows, shape [n, n].
 * @param y Labels, poisoned or not, shape [n].
 * @throws {RangeError} If the lengths differ, or no class has as many rows as there are folds.
 */
export function heldOutScores(gram: GramMatrix, y: Int32Array, options: HeldOutScoresOptions): HeldOutScores {
  const { folds, rng, ...svcOptions } = options;
  requireSameLength("heldOutScores", "gram", gram.K.shape[0], "y", y.length);
  const classes = Int32Array.from(new Set(y)).sort();
  const columns = columnsOf(classes);
  const k = classes.length;
  const scores = new Float64Array(y.length * k).fill(UNSEEN);
  for (const { train, test } of stratifiedKFold(y, { folds, rng })) {
    const model = svc({ kernel: gram.kernel.type, ...svcOptions }).fitGram(gram, y, train);
    const seen = Array.from(model.classes, (label) => columns.get(label) as number);
    if (seen.length === 1) {
      for (const i of test) scores[i * k + seen[0]] = 0;
      continue;
    }
    const { data, shape: [, width] } = model.decisionFunctionGram(selectRows(gram.K, test));
    test.forEach((i, row) => seen.forEach((column, c) => {
      scores[i * k + column] = width === 1 ? (c === 1 ? 1 : -1) * data[row] : data[row * width + c];
    }));
  }
  return { scores: matrix(scores, [y.length, k]), classes };
}
