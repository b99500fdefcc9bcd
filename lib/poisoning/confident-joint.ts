import type { Matrix } from "../matrix";
import { checkScores, columnsOf } from "./margins";

export interface ConfidentJoint {
  /** Labels, in the order of rows and columns. */
  classes: Int32Array;
  /** `counts[given][likely]`: estimated rows with one label that belong to a class; a row sums to its label's count. */
  counts: number[][];
  /** The class each row counts for; its own label where no class claims it, shape [n]. */
  likely: Int32Array;
}

/**
 * Confident learning: estimates how many rows of each given label belong to each class, from scores of a model that was
 * not shown the row. A row counts for the class with its best score among those whose score reaches that class's mean
 * over the rows labelled so; the counts are then scaled to the number of rows of each label.
 *
 * @param y Labels, poisoned or not, shape [n].
 * @param scores From `heldOutScores`, shape [n, classes.length].
 * @param classes Label of each column, at least two.
 * @throws {RangeError} If the shapes disagree, a score is not finite, or a label has no column.
 * @see Northcutt, Jiang & Chuang, "Confident Learning", JAIR 70, 2021, §3.1: there the scores are probabilities; here
 * they are votes and margins of a support vector machine.
 */
export function confidentJoint(y: Int32Array, scores: Matrix<Float64Array>, classes: Int32Array): ConfidentJoint {
  checkScores("confidentJoint", y, scores, classes);
  const k = classes.length;
  const columns = columnsOf(classes);
  const given = Array.from(y, (label) => columns.get(label) as number);
  const totals = new Float64Array(k);
  const sums = new Float64Array(k);
  given.forEach((c, i) => {
    totals[c]++;
    sums[c] += scores.data[i * k + c];
  });
  const thresholds = sums.map((sum, c) => (totals[c] ? sum / totals[c] : Infinity));
  const counts = Array.from({ length: k }, () => new Array<number>(k).fill(0));
  const likely = y.slice();
  given.forEach((own, i) => {
    let best = -1;
    for (let c = 0; c < k; c++) {
      const score = scores.data[i * k + c];
      if (score >= thresholds[c] && (best < 0 || score > scores.data[i * k + best])) best = c;
    }
    if (best < 0) return;
    counts[own][best]++;
    likely[i] = classes[best];
  });
  const scaled = counts.map((row, c) => {
    const sum = row.reduce((a, b) => a + b, 0);
    return row.map((value, j) => (sum ? (value * totals[c]) / sum : j === c ? totals[c] : 0));
  });
  return { classes, counts: scaled, likely };
}

export interface StrongestFlow {
  /** The label the rows carry. */
  given: number;
  /** The class they likely belong to. */
  likely: number;
  /** How many such rows there are, beyond those that go the other way. */
  excess: number;
}

/**
 * The two classes between which labels went one way most: honest confusion goes both ways, a targeted flip only one.
 */
export function strongestFlow({ classes, counts }: ConfidentJoint): StrongestFlow {
  let strongest = { given: classes[0], likely: classes[1], excess: -Infinity };
  counts.forEach((row, a) => row.forEach((value, b) => {
    const excess = value - counts[b][a];
    if (a !== b && excess > strongest.excess) strongest = { given: classes[a], likely: classes[b], excess };
  }));
  return strongest;
}
