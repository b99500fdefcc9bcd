import { indexOfLargest } from "../../math/extremes";
import { requireInteger, requireSameLength } from "../../validate";
import type { PartitionVotes } from "./partitions";
import { flipsToOvertake, type Certified, votesOf } from "./votes";

/** Fewest changed votes that bring two rivals before one class: a change gains 2 on one of them and 1 on the other. */
function flipsToOvertakeTwice(votes: Float64Array, holder: number, [a, b]: readonly [number, number]): number {
  const lead = (rival: number): number => Math.max(0, votes[holder] - votes[rival] + (rival > holder ? 1 : 0));
  const [one, other] = [lead(a), lead(b)];
  return Math.max(Math.ceil(one / 2), Math.ceil(other / 2), Math.ceil((one + other) / 3));
}

/** The two classes of most votes, the lower class first among equals. */
function topTwo(votes: Float64Array): [number, number] {
  const first = indexOfLargest(votes);
  const rest = votes.slice();
  rest[first] = -1;
  return [first, indexOfLargest(rest)];
}

/** How many models put `a` before `b`, and `b` before `a`, at the positions of a and b. */
function duel(preferences: Float64Array, numClasses: number, a: number, b: number): Float64Array {
  const votes = new Float64Array(numClasses);
  votes[a] = preferences[a * numClasses + b];
  votes[b] = preferences[b * numClasses + a];
  return votes;
}

/** Fewest changed models after which `winner` may lose, by missing the run-off or by losing it. */
function flipsToDefeat(votes: Float64Array, preferences: Float64Array, winner: number, second: number): number {
  const k = votes.length;
  let fewest = Infinity;
  for (let a = 0; a < k; a++) {
    if (a === winner) continue;
    for (let b = a + 1; b < k; b++)
      if (b !== winner) fewest = Math.min(fewest, flipsToOvertakeTwice(votes, winner, [a, b]));
    const entry = a === second ? 0 : flipsToOvertake(votes, second, a);
    fewest = Math.min(fewest, Math.max(entry, flipsToOvertake(duel(preferences, k, winner, a), winner, a)));
  }
  return fewest;
}

/**
 * Reads each row by a run-off: the two classes of most votes stand against each other, and every model votes again by
 * which of the two it prefers. Says how many models an attacker may control without changing the reading.
 *
 * The winner loses only if two classes overtake it in the first round, or if another class stands against it (which
 * then has overtaken the one that stands there now) and is preferred. The cheapest of these bounds the attack.
 *
 * @returns Radii that are never too large; they can be too small.
 * @throws {RangeError} If shapes differ or a count is not a whole number of at least 0.
 * @see Rezaei et al., ICML 2023, §3, run-off election for DPA.
 * @example
 * const partitions = partitionByContent(train.X, 20);
 * const ensemble = partitionVotes(train, test.X, { partitions, numPartitions: 20, numClasses: 10 });
 * certifiedMedian(test.y, certifyRunOff(ensemble));
 */
export function certifyRunOff({ votes, preferences }: PartitionVotes): Certified {
  const [n, k] = votes.shape;
  const fn = "certifyRunOff";
  requireInteger(fn, "columns of votes", k, 2);
  requireSameLength(fn, "rows of votes", n, "rows of preferences", preferences.shape[0]);
  requireSameLength(fn, "pairs of classes", k * k, "columns of preferences", preferences.shape[1]);
  const predicted = new Int32Array(n);
  const radii = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const first = votesOf(fn, votes, i);
    const second = votesOf(fn, preferences, i);
    const pair = topTwo(first);
    const winner = winnerOfDuel(second, k, pair);
    predicted[i] = winner;
    radii[i] = flipsToDefeat(first, second, winner, winner === pair[0] ? pair[1] : pair[0]) - 1;
  }
  return { predicted, radii };
}

function winnerOfDuel(preferences: Float64Array, k: number, [a, b]: readonly [number, number]): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  return preferences[high * k + low] > preferences[low * k + high] ? high : low;
}
