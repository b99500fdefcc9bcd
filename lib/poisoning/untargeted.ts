import type { Matrix } from "../matrix";
import { requireInteger, requireOneOf } from "../validate";
import type { FlippedLabels } from "./flip-labels";
import { checkScores, columnsOf, labelMargins } from "./margins";

export interface FlipToRunnerUpOptions {
  /** How many labels, in [0, n]. */
  count: number;
  /** Scores of a model fitted on the clean labels, shape [n, classes.length]. */
  scores: Matrix<Float64Array>;
  /** Label of each column of the scores. */
  classes: Int32Array;
  /** Which rows: those nearest to the boundary, or those the model is surest of. */
  order: "nearest" | "farthest";
}

/**
 * An untargeted attack: gives each chosen row the label of the class that the model finds next likely.
 *
 * @param y True classes, shape [n]; not modified.
 * @throws {RangeError} If an option is out of range, the shapes disagree, a score is not finite, or a label has no
 * column.
 * @see Biggio, Nelson & Laskov, "Support vector machines under adversarial label noise", ACML 2011: there the rows are
 * found by maximising the error of the poisoned machine; here they are ranked once by the clean one's margin.
 */
export function flipToRunnerUp(y: Int32Array, options: FlipToRunnerUpOptions): FlippedLabels {
  const { count, scores, classes, order } = options;
  checkScores("flipToRunnerUp", y, scores, classes);
  requireInteger("flipToRunnerUp", "count", count, 0, y.length);
  const margins = labelMargins(y, scores, classes);
  requireOneOf("flipToRunnerUp", "order", order, ["nearest", "farthest"]);
  const sign = order === "nearest" ? 1 : -1;
  const rows = Int32Array.from(y.keys()).sort((a, b) => sign * (margins[a] - margins[b]) || a - b);
  const flipped = rows.slice(0, count).sort();
  const columns = columnsOf(classes);
  const k = classes.length;
  const poisoned = y.slice();
  for (const i of flipped) {
    const own = columns.get(y[i]);
    let best = own === 0 ? 1 : 0;
    for (let c = 0; c < k; c++)
      if (c !== own && scores.data[i * k + c] > scores.data[i * k + best]) best = c;
    poisoned[i] = classes[best];
  }
  return { y: poisoned, flipped };
}
