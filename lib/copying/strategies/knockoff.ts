import type { ClassProbabilities, Classifier, Estimator } from "../../classifiers/classifier";
import { encodeLabels } from "../../classifiers/fitting";
import { concatRows, matrix, selectRows, type Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireFinite, requireInteger, requirePositive, requireSameLength } from "../../validate";
import type { BlackBox } from "../black-box";
import { joinedAnswers, likeliest } from "../probability-answers";
import type { QueryStrategy } from "./strategy";

export interface KnockoffOptions {
  /** Rows at hand, shape [n, d]; each is asked at most once. */
  pool: Matrix;
  /** What each row shows, in the thief's own labels, shape [n]: the choice is among these. */
  groups: Int32Array;
  /** The copy so far, which must give probabilities: it says how wrong it still is. */
  learner: Estimator;
  /** Rows of a round, after which the copy is fitted anew, at least 1; a tenth of the budget unless told. */
  batch?: number;
  /** How fast the choice follows the reward, above 0; divided by how often a group was asked. 1 unless told. */
  policyRate?: number;
}

/** Classes and their probabilities; one class of probability 1 where the black box gives labels alone. */
interface Answer {
  readonly classes: ArrayLike<number>;
  readonly chances: ArrayLike<number>;
}

const SMALLEST = 1e-6;

/** What an answer is worth: the lead of its first class, its distance from the answers so far, the copy's loss. */
class Reward {
  readonly #sums = new Map<number, number>();
  #seen = 0;
  readonly #low = [Infinity, Infinity, Infinity];
  readonly #high = [-Infinity, -Infinity, -Infinity];

  /** Each kind between 0 and 1 by the least and greatest so far, and their mean. */
  of({ classes, chances }: Answer, copied?: (label: number) => number): number {
    const [first, second = 0] = Array.from(chances).sort((a, b) => b - a);
    let [diversity, loss] = [0, 0];
    for (let c = 0; c < chances.length; c++) {
      const sum = this.#sums.get(classes[c]) ?? 0;
      if (this.#seen) diversity += Math.max(0, chances[c] - sum / this.#seen);
      if (copied) loss -= chances[c] * Math.log(Math.max(SMALLEST, copied(classes[c])));
      this.#sums.set(classes[c], sum + chances[c]);
    }
    this.#seen++;
    return [first - second, diversity, loss].reduce((total, reward, k) => {
      this.#low[k] = Math.min(this.#low[k], reward);
      this.#high[k] = Math.max(this.#high[k], reward);
      const range = this.#high[k] - this.#low[k];
      return total + (range > 0 ? (reward - this.#low[k]) / range : 0) / 3;
    }, 0);
  }
}

/** A gradient bandit: groups whose reward is above the mean so far are preferred more. */
class GroupPolicy {
  readonly #preferences: Float64Array;
  readonly #asked: Int32Array;
  #meanReward = 0;
  #seen = 0;

  constructor(size: number, readonly rate: number) {
    this.#preferences = new Float64Array(size);
    this.#asked = new Int32Array(size);
  }

  /** The chance of each group, 0 where no row is left. */
  chances(left: readonly (readonly number[])[]): Float64Array {
    const most = this.#preferences.reduce((a, b) => Math.max(a, b));
    const weights = this.#preferences.map((value, g) => (left[g].length ? Math.exp(value - most) + SMALLEST : 0));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  }

  learn(group: number, reward: number, chances: Float64Array): void {
    this.#seen++;
    const advantage = reward - this.#meanReward;
    this.#meanReward += advantage / this.#seen;
    this.#asked[group]++;
    const step = (this.rate * advantage) / this.#asked[group];
    chances.forEach((chance, g) => (this.#preferences[g] += step * (Number(g === group) - chance)));
  }
}

/** A group at random, by its chance. */
function drawGroup(chances: Float64Array, rng: Rng): number {
  let rest = rng.uniform();
  let last = 0;
  for (let g = 0; g < chances.length; g++) {
    if (chances[g] > 0) last = g;
    rest -= chances[g];
    if (rest < 0) break;
  }
  return last;
}

/** Everything that was asked, with labels, and with probabilities where they are given. */
class Answered {
  X: Matrix<Float64Array> | undefined;
  readonly y: number[] = [];
  readonly #answers: ClassProbabilities[] = [];

  async ask(blackBox: BlackBox, X: Matrix<Float64Array>): Promise<Answer[]> {
    this.X = this.X ? concatRows(this.X, X) : X;
    if (!blackBox.queryProba) {
      const y = await blackBox.query(X);
      for (const label of y) this.y.push(label);
      return Array.from(y, (label) => ({ classes: [label], chances: [1] }));
    }
    const answer = await blackBox.queryProba(X);
    const { classes, probabilities: P } = answer;
    this.#answers.push(answer);
    for (const label of likeliest(answer)) this.y.push(label);
    const k = classes.length;
    return Array.from({ length: X.shape[0] }, (_, i) => ({ classes, chances: P.data.subarray(i * k, (i + 1) * k) }));
  }

  fit(learner: Estimator): Classifier {
    const copied = learner.fitProbabilities && this.#answers.length
      ? learner.fitProbabilities(this.X!, joinedAnswers(this.#answers))
      : learner.fit(this.X!, Int32Array.from(this.y));
    // Said before the next round is paid for.
    if (!copied.predictProba)
      throw new RangeError(`knockoffStrategy: learner must give probabilities, ${copied.family} does not`);
    return copied;
  }
}

/** The copy's probability of a label, for each row. */
function chancesOf(copied: Classifier, X: Matrix): (i: number) => (label: number) => number {
  const { data, shape: [, k] } = copied.predictProba!(X);
  const column = new Map(Array.from(copied.classes, (label, c) => [label, c]));
  return (i) => (label) => (column.has(label) ? data[i * k + column.get(label)!] : 0);
}

/**
 * Chooses among a thief's own pictures by what they show: those kinds are asked more often whose answers are sure, new
 * and not yet known to the copy.
 *
 * @throws {RangeError} If the groups are not as many as the rows, an option is out of range, or the learner gives no
 *   probabilities; in `collect`, if the budget is above the number of rows.
 * @see Orekondy, Schiele & Fritz, "Knockoff Nets", CVPR 2019: the adaptive choice. Here it has one level of groups in
 *   place of a tree, and the copy learns in rounds in place of after each answer; the rate falls as in ART's attack.
 * @example
 * const strategy = knockoffStrategy({ pool: train.X, groups: train.y, learner: gaussianNaiveBayes() });
 * const { spent } = await copy(box, { strategy, estimator: knn(), budget: 60, rng });
 * spent; // 60
 */
export function knockoffStrategy(options: KnockoffOptions): QueryStrategy {
  const { pool, groups, learner, batch, policyRate = 1 } = options;
  const fn = "knockoffStrategy";
  const [n] = pool.shape;
  requireSameLength(fn, "pool", n, "groups", groups.length);
  requireInteger(fn, "rows of pool", n, 1);
  requireFinite(fn, "pool", pool.data);
  if (batch !== undefined) requireInteger(fn, "batch", batch, 1);
  requirePositive(fn, "policyRate", policyRate);
  const { classes, codes } = encodeLabels(groups);
  return {
    name: `knockoff(${learner.family})`,
    gathersOnly: true,
    async collect(blackBox, { budget, rng }) {
      requireInteger(fn, "budget", budget, 1, n);
      const left = Array.from(classes, (): number[] => []);
      for (const i of rng.permutation(n)) left[codes[i]].push(i);
      const [answered, reward, policy] = [new Answered(), new Reward(), new GroupPolicy(classes.length, policyRate)];
      let copied: Classifier | undefined;
      const round = batch ?? Math.ceil(budget / 10);
      for (let asked = 0; asked < budget; asked += round) {
        const chosen = Array.from({ length: Math.min(round, budget - asked) }, () => {
          const chances = policy.chances(left);
          const group = drawGroup(chances, rng);
          return { group, chances, row: left[group].pop()! };
        });
        const rows = selectRows(pool, chosen.map(({ row }) => row));
        const X = matrix(Float64Array.from(rows.data), rows.shape);
        const answers = await answered.ask(blackBox, X);
        const known = copied && chancesOf(copied, X);
        chosen.forEach(({ group, chances }, i) => policy.learn(group, reward.of(answers[i], known?.(i)), chances));
        if (asked + round < budget) copied = answered.fit(learner);
      }
      return { queries: { X: answered.X!, y: Int32Array.from(answered.y) } };
    },
  };
}
