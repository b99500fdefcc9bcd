import { areaUnderRoc } from "../math/auc";
import type { Matrix } from "../matrix";
import { requireFinite, requireInRange, requireSameLength } from "../validate";

function checkPair(fn: string, truth: Int32Array, predicted: ArrayLike<unknown>): void {
  requireSameLength(fn, "truth", truth.length, "predicted", predicted.length);
  if (!truth.length) throw new RangeError(`${fn}: truth must have at least one label, got 0`);
}

/**
 * Share of labels that are equal.
 *
 * @param truth Labels, shape [n].
 * @param predicted Labels, shape [n].
 * @throws {RangeError} If the lengths differ or are 0.
 */
export function accuracy(truth: Int32Array, predicted: Int32Array): number {
  checkPair("accuracy", truth, predicted);
  let equal = 0;
  for (let i = 0; i < truth.length; i++) if (truth[i] === predicted[i]) equal++;
  return equal / truth.length;
}

export interface ConfusionMatrix {
  /** All labels that occur, ascending, shape [k]. */
  readonly classes: Int32Array;
  /** `counts[t][p]`: rows of class t that were called p, shape [k][k]. */
  readonly counts: readonly (readonly number[])[];
}

/**
 * Counts of true against predicted labels.
 *
 * @param classes Labels to count, in this order; all that occur, ascending, unless told.
 * @throws {RangeError} If the lengths differ or are 0, or a label is not among `classes`.
 */
export function confusionMatrix(truth: Int32Array, predicted: Int32Array, classes?: Int32Array): ConfusionMatrix {
  checkPair("confusionMatrix", truth, predicted);
  const labels = classes ?? Int32Array.from(new Set([...truth, ...predicted])).sort();
  const position = new Map(Array.from(labels, (label, i) => [label, i]));
  const counts = Array.from(labels, () => new Array<number>(labels.length).fill(0));
  for (let i = 0; i < truth.length; i++) {
    const t = position.get(truth[i]);
    const p = position.get(predicted[i]);
    if (t === undefined || p === undefined)
      throw new RangeError(
        `confusionMatrix: labels must be among ${labels.join(", ")}, got ${truth[i]}, ${predicted[i]}`,
      );
    counts[t][p]++;
  }
  return { classes: labels, counts };
}

export interface ClassScores {
  readonly label: number;
  /** Share of the rows called this that are this; 0 if none is called this. */
  readonly precision: number;
  /** Share of the rows that are this that are called this; 0 if none is this. */
  readonly recall: number;
  /** Harmonic mean of precision and recall; 0 if both are 0. */
  readonly f1: number;
  /** Rows that are this. */
  readonly support: number;
}

/**
 * Precision, recall and F1 of each class that occurs, by ascending label.
 *
 * @throws {RangeError} If the lengths differ or are 0.
 */
export function classReport(truth: Int32Array, predicted: Int32Array): ClassScores[] {
  const { classes, counts } = confusionMatrix(truth, predicted);
  return Array.from(classes, (label, c) => {
    const hits = counts[c][c];
    const support = counts[c].reduce((a, b) => a + b, 0);
    const called = counts.reduce((sum, row) => sum + row[c], 0);
    return {
      label,
      precision: called ? hits / called : 0,
      recall: support ? hits / support : 0,
      f1: called + support ? (2 * hits) / (called + support) : 0,
      support,
    };
  });
}

/**
 * Mean of −log(probability given to the true class), probabilities kept at least 2⁻⁵² from 0.
 *
 * @param probabilities Shape [n, classes.length].
 * @param classes Label of each column.
 * @throws {RangeError} If the lengths differ or are 0, a true label has no column, or its probability is not in
 * [0, 1].
 */
export function logLoss(truth: Int32Array, probabilities: Matrix, classes: Int32Array): number {
  const [n, k] = probabilities.shape;
  requireSameLength("logLoss", "truth", truth.length, "probabilities", n);
  requireSameLength("logLoss", "columns of probabilities", k, "classes", classes.length);
  if (!n) throw new RangeError("logLoss: truth must have at least one label, got 0");
  requireFinite("logLoss", "probabilities", probabilities.data);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const c = classes.indexOf(truth[i]);
    if (c < 0) throw new RangeError(`logLoss: labels must be among ${classes.join(", ")}, got ${truth[i]}`);
    requireInRange("logLoss", "probabilities", probabilities.data[i * k + c], 0, 1 + 1e-9);
    sum -= Math.log(Math.min(1, Math.max(Number.EPSILON, probabilities.data[i * k + c])));
  }
  return sum / n;
}

/**
 * Area under the ROC curve: the chance that a random positive row scores above a random negative one, where a tie
 * counts half.
 *
 * @param positive 1 for positive, 0 for negative rows, shape [n].
 * @param scores Shape [n], finite.
 * @throws {RangeError} If the lengths differ, a label is not 0 or 1, or one of the two is absent.
 */
export function rocAuc(positive: Int32Array, scores: ArrayLike<number>): number {
  checkPair("rocAuc", positive, scores);
  requireFinite("rocAuc", "scores", scores);
  const above: number[] = [];
  const below: number[] = [];
  for (let i = 0; i < positive.length; i++) {
    const label = positive[i];
    if (label !== 0 && label !== 1) throw new RangeError(`rocAuc: labels must be 0 or 1, got ${label}`);
    (label === 1 ? above : below).push(scores[i]);
  }
  if (!above.length || !below.length)
    throw new RangeError(`rocAuc: both labels must occur, got ${above.length} positive and ${below.length} negative`);
  return areaUnderRoc(above, below);
}

/**
 * Share of the accuracy an attack took that a defence, or an update, gives back: 1 all, 0 nothing, below 0 worse than
 * none.
 *
 * @throws {RangeError} If the attack took nothing, or an accuracy is not in [0, 1].
 */
export function accuracyRecovered(accuracies: { clean: number; poisoned: number; defended: number }): number {
  for (const [name, value] of Object.entries(accuracies)) requireInRange("accuracyRecovered", name, value, 0, 1);
  const { clean, poisoned, defended } = accuracies;
  if (!(clean > poisoned))
    throw new RangeError(`accuracyRecovered: poisoned must be below clean, ${clean}, got ${poisoned}`);
  return (defended - poisoned) / (clean - poisoned);
}
