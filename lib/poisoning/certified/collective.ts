import { throwIfInterrupted } from "../../interrupt";
import { indexOfLargest } from "../../math/extremes";
import type { Matrix } from "../../matrix";
import { requireInteger, requireSameLength } from "../../validate";
import type { FlippedLabels } from "../flip-labels";
import { votesOf } from "./votes";

/**
 * The fewest changed votes after which one class wins.
 *
 * Each change takes a vote from a class that is ahead and gives it to the candidate: nothing does more.
 *
 * @param votes Counts, whole numbers of at least 0, shape [numClasses].
 * @returns Infinity if there are not enough votes.
 * @throws {RangeError} If a count or the candidate is out of range.
 * @example
 * flipsToElect([10, 9, 0], 2); // 7
 */
export function flipsToElect(votes: ArrayLike<number>, candidate: number): number {
  requireInteger("flipsToElect", "candidate", candidate, 0, votes.length - 1);
  let total = 0;
  for (let c = 0; c < votes.length; c++) {
    requireInteger("flipsToElect", "votes", votes[c], 0);
    total += votes[c];
  }
  const wins = (flips: number): boolean => {
    let excess = 0;
    for (let c = 0; c < votes.length; c++)
      if (c !== candidate)
        excess += Math.max(0, votes[c] - (votes[candidate] + flips - (c < candidate ? 1 : 0)));
    return excess <= flips;
  };
  let [low, high] = [0, total - votes[candidate]];
  if (!wins(high)) return Infinity;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (wins(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

export interface ElectInClusterOptions {
  /** Whose labels are changed. */
  cluster: number;
  /** The label they get, in [0, numClasses). */
  to: number;
  /** How many, at most as many as carry another label. */
  count: number;
  /** Labels are integers in [0, numClasses); at least 2. */
  numClasses: number;
}

/**
 * Changes labels of one cluster to one class, each taken from the class that then has most: no other choice of as many
 * flips brings the class nearer to naming the cluster.
 *
 * @param y Labels, shape [n]; not modified.
 * @param clusters Cluster of each row, shape [n].
 * @throws {RangeError} If lengths differ, a number is out of range, or there are too few labels to change.
 * @example
 * const attack = { cluster: 0, to: 1, count: 2, numClasses: 2 };
 * electInCluster(Int32Array.of(0, 0, 0, 0), Int32Array.of(0, 0, 0, 1), attack).y; // [1, 1, 0, 0]
 */
export function electInCluster(y: Int32Array, clusters: Int32Array, options: ElectInClusterOptions): FlippedLabels {
  const { cluster, to, count, numClasses } = options;
  const fn = "electInCluster";
  requireSameLength(fn, "y", y.length, "clusters", clusters.length);
  requireInteger(fn, "numClasses", numClasses, 2);
  requireInteger(fn, "cluster", cluster, 0);
  requireInteger(fn, "to", to, 0, numClasses - 1);
  const rows: number[][] = Array.from({ length: numClasses }, () => []);
  for (let i = y.length - 1; i >= 0; i--) {
    requireInteger(fn, "label", y[i], 0, numClasses - 1);
    if (clusters[i] === cluster) rows[y[i]].push(i);
  }
  rows[to] = [];
  requireInteger(fn, "count", count, 0, rows.reduce((sum, some) => sum + some.length, 0));
  const poisoned = y.slice();
  const flipped = new Int32Array(count);
  for (let f = 0; f < count; f++) {
    flipped[f] = rows[indexOfLargest(rows.map(({ length }) => length))].pop()!;
    poisoned[flipped[f]] = to;
  }
  return { y: poisoned, flipped: flipped.sort() };
}

/** What the worst attack on a whole test set does. */
export interface WorstAttack {
  /** Test rows still read rightly after the worst attack of 0, 1, … flips, shape [budget + 1]. */
  readonly right: Float64Array;
  /** What each cluster answers after the worst attack of `budget` flips, shape [numClusters]. */
  readonly names: Int32Array;
  /** Flips it spends in each cluster, shape [numClusters]. */
  readonly flips: Int32Array;
}

/**
 * The worst that one attacker can do to a whole test set by flipping labels: which clusters to rename with a budget is
 * a knapsack problem, solved exactly. A certificate for each row alone lets the attacker spend the budget on every row
 * anew; here it is spent once.
 *
 * @param votes Training labels of each class in each cluster, shape [numClusters, numClasses].
 * @param tested Test rows of each true class in each cluster, same shape.
 * @throws {RangeError} If shapes differ or a number is out of range.
 * @see Schuchardt et al., ICLR 2021, for collective certificates; the knapsack is ours.
 * @example
 * const attack = worstAttack(fromRows([[9, 2], [1, 8]]), fromRows([[5, 0], [0, 7]]), { budget: 4 });
 * attack.right; // [12, 12, 12, 12, 5]
 */
export function worstAttack(votes: Matrix, tested: Matrix, { budget }: { budget: number }): WorstAttack {
  const [numClusters, numClasses] = votes.shape;
  requireSameLength("worstAttack", "rows of votes", numClusters, "rows of tested", tested.shape[0]);
  requireSameLength("worstAttack", "columns of votes", numClasses, "columns of tested", tested.shape[1]);
  requireInteger("worstAttack", "budget", budget, 0);
  let right = new Float64Array(budget + 1);
  const names = new Int32Array(numClusters);
  const choices = Array.from({ length: numClusters }, (_, cluster) => {
    throwIfInterrupted();
    const row = votesOf("worstAttack", votes, cluster);
    const hits = votesOf("worstAttack", tested, cluster);
    const costs = Array.from(row, (_count, c) => flipsToElect(row, c));
    const chosen = new Uint16Array(budget + 1).fill(indexOfLargest(row));
    names[cluster] = indexOfLargest(row);
    const next = right.map((count) => count + hits[names[cluster]]);
    costs.forEach((cost, c) => {
      for (let spent = cost; spent <= budget; spent++)
        if (right[spent - cost] + hits[c] < next[spent]) {
          next[spent] = right[spent - cost] + hits[c];
          chosen[spent] = c;
        }
    });
    right = next;
    return { chosen, costs };
  });
  const flips = new Int32Array(numClusters);
  for (let cluster = numClusters - 1, left = budget; cluster >= 0; cluster--) {
    const { chosen, costs } = choices[cluster];
    names[cluster] = chosen[left];
    flips[cluster] = costs[chosen[left]];
    left -= flips[cluster];
  }
  return { right, names, flips };
}
