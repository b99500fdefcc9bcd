import { requireLabels } from "../classifiers/fitting";
import { selectLabels, selectRows } from "../matrix";
import type { Rng } from "../random";
import { requireInteger } from "../validate";
import type { BlackBox } from "./black-box";
import { concatQueries, type LabeledQueries } from "./queries";
import { classShares } from "./metrics";
import type { Sampler } from "./samplers/sampler";

export interface BalanceOptions {
  /** Points wanted, at least 1; each class gets the same number, rounded down. */
  n: number;
  /** Points asked in a try, at least 1; n unless said. */
  batch?: number;
  /** Tries at most, at least 1; 10 unless said. Each costs `batch` queries. */
  maxTries?: number;
  /** Labels that should be filled; without them, those the answers show. */
  classes?: ArrayLike<number>;
  rng: Rng;
}

export interface Unfilled {
  readonly label: number;
  readonly found: number;
  readonly wanted: number;
}

export interface BalancedQueries extends LabeledQueries {
  /** Classes that stayed below their number; empty where all are full. */
  readonly unfilled: Unfilled[];
  readonly tries: number;
  /** Everything that was asked, also what the balance left out. */
  readonly asked: LabeledQueries;
}

/**
 * Asks on, try after try, until every class has its part of n points or the tries or the black box's budget run out,
 * and says what it could not fill. A class no answer has shown is not known to be missing unless `classes` names it.
 *
 * @throws {RangeError} If a number is out of range.
 * @throws {QueryBudgetError} If the budget does not allow a first try.
 * @see PRESC's sampling_balancer and, with sphericalSampler, its spherical balancer (there n is divided by the number
 *   of features, here by the number of classes).
 */
export async function balancedQueries(
  blackBox: BlackBox,
  sampler: Sampler,
  { n, batch = n, maxTries = 10, classes, rng }: BalanceOptions,
): Promise<BalancedQueries> {
  requireInteger("balancedQueries", "n", n, 1);
  requireInteger("balancedQueries", "batch", batch, 1);
  requireInteger("balancedQueries", "maxTries", maxTries, 1);
  if (classes) requireLabels("balancedQueries", "classes", classes);
  const ask = async (count: number): Promise<LabeledQueries> => {
    const X = sampler.sample(count, rng);
    return { X, y: await blackBox.query(X) };
  };
  const progress = ({ y }: LabeledQueries): Unfilled[] => {
    const found = new Map(classShares(y).map(({ label, count }) => [label, count]));
    const labels = classes ? Array.from(classes) : [...found.keys()];
    const wanted = Math.floor(n / labels.length);
    return labels.map((label) => ({ label, found: Math.min(wanted, found.get(label) ?? 0), wanted }));
  };
  const isShort = ({ found, wanted }: Unfilled): boolean => found < wanted;
  let asked = await ask(batch);
  let counts = progress(asked);
  let tries = 1;
  for (; counts.some(isShort) && tries < maxTries && blackBox.remaining > 0; tries++) {
    asked = concatQueries(asked, await ask(Math.min(batch, blackBox.remaining)));
    counts = progress(asked);
  }
  const left = new Map(counts.map(({ label, wanted }) => [label, wanted]));
  const kept = Array.from(asked.y.keys()).filter((i) => {
    const room = left.get(asked.y[i]) ?? 0;
    left.set(asked.y[i], room - 1);
    return room > 0;
  });
  return {
    X: selectRows(asked.X, kept),
    y: selectLabels(asked.y, kept),
    unfilled: counts.filter(isShort),
    tries,
    asked,
  };
}
