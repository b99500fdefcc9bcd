import { indexOfLargest } from "../../math/extremes";
import type { Matrix } from "../../matrix";
import { requireInRange, requireInteger, requireSameLength } from "../../validate";

/** What is read, and how large an attack cannot change it. */
export interface Certified {
  /** The winning class of each row, shape [n]. */
  readonly predicted: Int32Array;
  /** The largest number of changed votes, whichever they are, that leaves the winner; Infinity if every number does. */
  readonly radii: Float64Array;
}

/** How many changed votes bring `rival` before `holder`, where the lower class wins a tie; 0 if it is there already. */
export function flipsToOvertake(votes: ArrayLike<number>, holder: number, rival: number): number {
  const gap = votes[holder] - votes[rival] + (rival > holder ? 1 : 0);
  return Math.max(0, Math.ceil(gap / 2));
}

/** The row of counts that a certificate is made of. @internal */
export function votesOf(fn: string, { data, shape: [, k] }: Matrix, row: number): Float64Array {
  const votes = Float64Array.from(data.subarray(row * k, (row + 1) * k));
  for (const count of votes) requireInteger(fn, "votes", count, 0);
  return votes;
}

/**
 * Reads each row of votes by its majority, and says how many votes an attacker may change before the reading does.
 *
 * A changed vote lowers the winner's lead over one rival by 2 at most, so a lead of g over a rival that loses ties
 * outlasts ⌊g / 2⌋ changes, and over one that wins them ⌈g / 2⌉ − 1. The weakest rival decides. The number is exact:
 * one more change, of the winner's votes to that rival, is enough.
 *
 * @param votes Counts, whole numbers of at least 0, shape [n, numClasses]: labels in a cluster, or models of an
 * ensemble. The lowest class wins a tie.
 * @throws {RangeError} If a count is not a whole number of at least 0.
 * @see Levine & Feizi, ICLR 2021, theorem 1.
 * @example
 * certifyVotes(fromRows([[0, 9, 2], [5, 5, 0]])).radii; // [3, 0]
 */
export function certifyVotes(votes: Matrix): Certified {
  const [n, k] = votes.shape;
  requireInteger("certifyVotes", "columns of votes", k, 1);
  const predicted = new Int32Array(n);
  const radii = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = votesOf("certifyVotes", votes, i);
    const winner = indexOfLargest(row);
    predicted[i] = winner;
    radii[i] = row[winner] > 0 ? Infinity : NaN;
    for (let rival = 0; rival < k; rival++)
      if (rival !== winner) radii[i] = Math.min(radii[i], flipsToOvertake(row, winner, rival) - 1);
    // Where nobody votes there is no vote to change.
    if (Number.isNaN(radii[i])) radii[i] = Infinity;
  }
  return { predicted, radii };
}

/**
 * What rows read that take the reading of one of the certified votes each, as images take their cluster's.
 *
 * @param groups Positions in the certificate, shape [n].
 * @throws {RangeError} If a position is out of range.
 * @example
 * readBy(certifyVotes(fromRows([[9, 2], [1, 8]])), Int32Array.of(1, 1, 0)).predicted; // [1, 1, 0]
 */
export function readBy({ predicted, radii }: Certified, groups: Int32Array): Certified {
  for (const group of groups) requireInteger("readBy", "group", group, 0, predicted.length - 1);
  return {
    predicted: groups.map((group) => predicted[group]),
    radii: Float64Array.from(groups, (group) => radii[group]),
  };
}

/**
 * The share of rows that are read rightly and stay so under every attack of so many changes, for each budget: each row
 * is thought to be the attack's only aim.
 *
 * @param y True classes, shape [n], n ≥ 1.
 * @param budgets Numbers of changes, at least 0.
 * @returns Shares, in the order of the budgets.
 * @throws {RangeError} If lengths differ, there is no row, or a budget is out of range.
 * @example
 * const certified = certifyVotes(fromRows([[9, 2], [1, 8]]));
 * certifiedAccuracy(Int32Array.of(0, 1), certified, [0, 3, 4]); // [1, 1, 0]
 */
export function certifiedAccuracy(
  y: Int32Array, { predicted, radii }: Certified, budgets: ArrayLike<number>,
): Float64Array {
  requireSameLength("certifiedAccuracy", "y", y.length, "predicted", predicted.length);
  if (!y.length) throw new RangeError("certifiedAccuracy: y must have at least one label, got 0");
  return Float64Array.from(budgets, (budget) => {
    requireInRange("certifiedAccuracy", "budget", budget, 0, Number.MAX_SAFE_INTEGER);
    let right = 0;
    for (let i = 0; i < y.length; i++) if (predicted[i] === y[i] && radii[i] >= budget) right++;
    return right / y.length;
  });
}

/**
 * The largest number of changes under which at least half of the rows stay rightly read, whatever they are; −1 if less
 * than half are read rightly to begin with.
 *
 * @param y True classes, shape [n], n ≥ 1.
 * @throws {RangeError} If lengths differ or there is no row.
 * @example
 * certifiedMedian(Int32Array.of(0, 1), certifyVotes(fromRows([[9, 2], [1, 8]]))); // 3
 */
export function certifiedMedian(y: Int32Array, { predicted, radii }: Certified): number {
  requireSameLength("certifiedMedian", "y", y.length, "predicted", predicted.length);
  if (!y.length) throw new RangeError("certifiedMedian: y must have at least one label, got 0");
  const held = radii.map((radius, i) => (predicted[i] === y[i] ? radius : -1)).sort();
  return held[Math.floor(held.length / 2)];
}
