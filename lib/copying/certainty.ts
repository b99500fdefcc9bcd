import type { Classifier } from "../classifiers/classifier";
import { largestOf } from "../math/extremes";
import type { Matrix } from "../matrix";

/** A classifier that says how strongly it decides, as support vector machines do. */
export interface DecidingClassifier extends Classifier {
  /** Shape [n, 1] for two classes, [n, classes.length] for more. */
  decisionFunction(X: Matrix): Matrix<Float64Array>;
}

/** Whether a classifier gives scores beside its labels. */
export const decides = (classifier: Classifier): classifier is DecidingClassifier =>
  typeof (classifier as Partial<DecidingClassifier>).decisionFunction === "function";

/** How far the largest of each row is above the second; for rows of one, how far it is from 0; shape [n]. */
function leads({ data, shape: [n, k] }: Matrix<Float64Array>): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => {
    if (k === 1) return Math.abs(data[i]);
    let first = -Infinity;
    let second = -Infinity;
    for (let c = 0; c < k; c++) {
      const score = data[i * k + c];
      if (score > first) [first, second] = [score, first];
      else if (score > second) second = score;
    }
    return first - second;
  });
}

/** Each value's place among all, in (0, 1], so that margins of different families can be added up. */
function ranks(values: Float64Array): Float64Array {
  const order = Int32Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  const result = new Float64Array(values.length);
  order.forEach((i, place) => (result[i] = (place + 1) / values.length));
  return result;
}

/**
 * How sure a committee is of each row, small where it is in doubt: the share that agrees with the majority, and within
 * equal shares the mean place of the members' margins.
 *
 * @returns Shape [n].
 */
export function certainty(committee: readonly Classifier[], X: Matrix): Float64Array {
  const n = X.shape[0];
  const result = new Float64Array(n);
  const votes = committee.length > 1 ? committee.map((member) => member.predict(X)) : [new Int32Array(n)];
  for (let i = 0; i < n; i++) {
    const counts = new Map<number, number>();
    for (const y of votes) counts.set(y[i], (counts.get(y[i]) ?? 0) + 1);
    result[i] = largestOf(counts.values()) / votes.length;
  }
  for (const member of committee.filter(({ classes }) => classes.length > 1)) {
    const scores = decides(member) ? member.decisionFunction(X) : member.predictProba?.(X);
    if (!scores) continue;
    const places = ranks(leads(scores));
    for (let i = 0; i < n; i++) result[i] += places[i] / (committee.length * (committee.length + 1));
  }
  return result;
}

/**
 * k of the rows, far from each other: each next one is the farthest from all before it.
 *
 * @param Z Shape [n, d], in units that make distances comparable.
 * @returns Positions, shape [min(k, n)]; the first row is always one.
 * @see Gonzalez, Theoretical Computer Science 38, 1985.
 */
export function spreadOut({ data, shape: [n, d] }: Matrix, k: number): Int32Array {
  const chosen = new Int32Array(Math.min(k, n));
  const nearest = new Float64Array(n).fill(Infinity);
  for (let c = 0, next = 0; c < chosen.length; c++) {
    chosen[c] = next;
    nearest[next] = -1;
    let farthest = -Infinity;
    let candidate = next;
    for (let i = 0; i < n; i++) {
      if (nearest[i] < 0) continue;
      let squares = 0;
      for (let j = 0; j < d; j++) squares += (data[i * d + j] - data[next * d + j]) ** 2;
      nearest[i] = Math.min(nearest[i], squares);
      if (nearest[i] > farthest) [farthest, candidate] = [nearest[i], i];
    }
    next = candidate;
  }
  return chosen;
}
