import { throwIfInterrupted } from "../../interrupt";
import { indexOfLargest } from "../../math/extremes";
import type { Matrix } from "../../matrix";
import { requireFinite, requireInteger, requireSameLength } from "../../validate";
import type { Certified } from "./votes";

/** More than sums of so many terms lose in rounding, as a share of the terms' sizes; it counts for the attacker. */
const rounding = (terms: number): number => Math.max(1e-12, 2 * terms * Number.EPSILON);

/** How much a flip of each label can gain for the rival against the winner; the least number of flips that suffices. */
function flipsToPass(weights: ArrayLike<number>, y: Int32Array, winner: number, rival: number): number {
  let lead = 0;
  let size = 0;
  const gains = Float64Array.from(y, (label, i) => {
    const weight = weights[i];
    size += Math.abs(weight);
    if (label === winner) {
      lead += weight;
      return Math.max(0, 2 * weight);
    }
    if (label === rival) {
      lead -= weight;
      return Math.max(0, -2 * weight);
    }
    return Math.abs(weight);
  }).sort();
  const unsure = rounding(y.length) * size;
  let flips = 0;
  for (let i = gains.length - 1; i >= 0 && gains[i] > 0; i--) {
    if (lead <= unsure) return flips;
    lead -= gains[i];
    flips++;
  }
  return lead <= unsure ? flips : Infinity;
}

/** Requires weights whose sum, and twice that, a double can hold: a lead that is no number would never be lost. */
function requireSums(fn: string, { data, shape: [m, n] }: Matrix): void {
  for (let i = 0; i < m; i++) {
    let size = 0;
    for (let j = i * n; j < (i + 1) * n; j++) size += Math.abs(data[j]);
    if (!(2 * size < Infinity))
      throw new RangeError(`${fn}: weights must add up to less than 9e307 in size, got more in row ${i}`);
  }
}

/**
 * Reads rows by votes of unequal weight, as every linear rule does: the score of a class is the sum of the weights of
 * the training rows that carry its label. Says how many labels may be flipped without changing the reading.
 *
 * Each flip moves the lead over a rival by an amount of its own, whatever the other flips are. So the worst attack
 * takes the largest amounts first, and the number is exact, but that a lead lost in rounding counts for the attacker.
 *
 * @param weights Of each training row for each query, made without labels, shape [m, n]; may be negative.
 * @param y Labels in [0, numClasses), shape [n].
 * @throws {RangeError} If lengths differ, a weight or a sum of weights is not finite, or a label is out of range.
 * @example
 * const weights = fromRows([[3, 1, 1, -1]]);
 * certifyWeightedVotes(weights, Int32Array.of(0, 0, 1, 1), { numClasses: 2 }).radii; // [0]
 */
export function certifyWeightedVotes(
  weights: Matrix, y: Int32Array, { numClasses }: { numClasses: number },
): Certified {
  const fn = "certifyWeightedVotes";
  const [m, n] = weights.shape;
  requireSameLength(fn, "columns of weights", n, "y", y.length);
  requireInteger(fn, "numClasses", numClasses, 2);
  requireFinite(fn, "weights", weights.data);
  requireSums(fn, weights);
  for (const label of y) requireInteger(fn, "label", label, 0, numClasses - 1);
  const predicted = new Int32Array(m);
  const radii = new Float64Array(m).fill(Infinity);
  for (let i = 0; i < m; i++) {
    throwIfInterrupted();
    const row = weights.data.subarray(i * n, (i + 1) * n);
    const scores = new Float64Array(numClasses);
    y.forEach((label, j) => (scores[label] += row[j]));
    const winner = indexOfLargest(scores);
    predicted[i] = winner;
    for (let rival = 0; rival < numClasses; rival++)
      if (rival !== winner) radii[i] = Math.min(radii[i], flipsToPass(row, y, winner, rival) - 1);
    // A tie in the scores is decided by rounding: nothing is promised.
    radii[i] = Math.max(0, radii[i]);
  }
  return { predicted, radii };
}
