/** Rounds of expectation–maximisation. */
const ROUNDS = 100;

/** Where the rate starts, and between what it stays: beyond one half, swapped labels would be the right ones. */
const [START, LEAST, MOST] = [0.3, 0.02, 0.49];

/** The log of a ratio of densities is taken as at most this. */
const SURE = 30;

/** Rows labelled as one of two classes. */
export interface TwoClasses {
  /** True where the label says the first class, shape [n]. */
  readonly first: readonly boolean[];
  /** True where the label is known to be wrong, shape [n]. */
  readonly known: readonly boolean[];
}

export interface SwapPosterior {
  /** How probable it is that each row is of the first class, shape [n]. */
  readonly chances: Float64Array;
  /** Share of wrong labels among those that are not known. */
  readonly rate: number;
}

/** Centres of the two classes' scores, the first class's first, and their common variance. */
function centersOf(scores: Float64Array, chances: Float64Array): { centers: [number, number]; variance: number } {
  const n = scores.length;
  const weight = chances.reduce((sum, chance) => sum + chance, 0);
  const first = scores.reduce((sum, score, i) => sum + chances[i] * score, 0) / Math.max(weight, 1e-9);
  const second = scores.reduce((sum, score, i) => sum + (1 - chances[i]) * score, 0) / Math.max(n - weight, 1e-9);
  const variance = scores.reduce((sum, score, i) =>
    sum + chances[i] * (score - first) ** 2 + (1 - chances[i]) * (score - second) ** 2, 0) / n;
  return { centers: [first, second], variance: Math.max(variance, 1e-12) };
}

/**
 * Which of two classes each row is of, when labels of both are partly exchanged and some are known to be wrong. Scores
 * are a mixture of two bell curves, one a class; a label is right with one rate for both classes; a known wrong label
 * tells its row's class for sure. Centres, width and rate are found by expectation–maximisation.
 *
 * @param scores Larger where a row looks like the first class, by models not shown it, shape [n].
 * @param rate The rate, if it is known already.
 */
export function swapPosterior(scores: Float64Array, { first, known }: TwoClasses, rate?: number): SwapPosterior {
  let share = rate ?? START;
  const prior = (i: number): number => (known[i] !== first[i] ? 1 - share : share);
  let chances = scores.map((_, i) => (known[i] ? (first[i] ? 0 : 1) : prior(i)));
  for (let round = 0; round < ROUNDS; round++) {
    const { centers: [a, b], variance } = centersOf(scores, chances);
    let [wrong, count] = [0, 0];
    chances = scores.map((score, i) => {
      if (known[i]) return first[i] ? 0 : 1;
      const log = ((score - b) ** 2 - (score - a) ** 2) / (2 * variance);
      const odds = (prior(i) / (1 - prior(i))) * Math.exp(Math.max(-SURE, Math.min(SURE, log)));
      const chance = odds / (1 + odds);
      wrong += first[i] ? 1 - chance : chance;
      count++;
      return chance;
    });
    if (rate === undefined) share = Math.min(MOST, Math.max(LEAST, wrong / count));
  }
  return { chances, rate: share };
}
