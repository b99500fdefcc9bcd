import type { Estimator } from "../classifiers/classifier";
import type { Rng } from "../random";
import { requireInRange, requireInteger } from "../validate";
import { QueryBudgetError, requireBudget, type BlackBox } from "./black-box";
import type { Copy } from "./copy";
import { fidelityError } from "./metrics";
import { concatQueries } from "./queries";
import type { Sampler } from "./samplers/sampler";

export interface RefreshOptions {
  sampler: Sampler;
  estimator: Estimator;
  /** Points that test the old copy, at least 1; 200 unless told. */
  probe?: number;
  /** Points in all, those of the probe too; a whole number of at least `probe`. */
  budget: number;
  /** Fidelity error that the copy is allowed, in [0, 1): drift is what goes beyond it. */
  expectedError: number;
  /** How rarely a faithful copy may be called outdated, in (0, 1); .001 unless told. */
  significance?: number;
  rng: Rng;
}

export interface Refreshed extends Copy {
  /** Whether the original no longer answers as it did; then everything asked before was forgotten. */
  readonly drifted: boolean;
  /** Share of the probe on which the old copy and the original differ. */
  readonly probeError: number;
}

/**
 * Keeps a copy up to date: asks a few points first. Where the old copy differs from the original more often than chance
 * explains, the original has changed (a new class, new data): old answers are forgotten and the whole budget is asked
 * anew. Otherwise only the probe is asked, and learned from as well.
 *
 * @throws {RangeError} If an option is out of range.
 * @throws {QueryBudgetError} If the budget is above what the black box has left.
 * @see Gama et al., "A survey on concept drift adaptation", ACM Computing Surveys 46, 2014, for the test on errors.
 * @example
 * const fresh = await refreshCopy(box, stolen, { sampler, estimator: knn(), budget: 1000, expectedError: 0.05, rng });
 * fresh.drifted; // false
 */
export async function refreshCopy(blackBox: BlackBox, old: Copy, options: RefreshOptions): Promise<Refreshed> {
  const { sampler, estimator, probe = 200, budget, expectedError, significance = 0.001, rng } = options;
  const fn = "refreshCopy";
  requireInteger(fn, "probe", probe, 1);
  requireBudget(fn, budget);
  requireInteger(fn, "budget", budget, probe);
  requireInRange(fn, "expectedError", expectedError, 0, 1 - Number.EPSILON);
  requireInRange(fn, "significance", significance, Number.MIN_VALUE, 1 - Number.EPSILON);
  if (budget > blackBox.remaining) throw new QueryBudgetError(blackBox.budget, blackBox.used, budget);
  const ask = async (n: number) => {
    const X = sampler.sample(n, rng);
    return { X, y: await blackBox.query(X) };
  };
  const probed = await ask(probe);
  const probeError = fidelityError(probed.y, old.classifier.predict(probed.X));
  const drifted = binomialTail(Math.round(probeError * probe), probe, expectedError) < significance;
  const queries = drifted
    ? budget > probe ? concatQueries(probed, await ask(budget - probe)) : probed
    : concatQueries(old.queries, probed);
  return {
    classifier: estimator.fit(queries.X, queries.y), queries, spent: drifted ? budget : probe,
    strategy: old.strategy, drifted, probeError,
  };
}

/** The chance of at least k successes in n tries of chance p. */
function binomialTail(k: number, n: number, p: number): number {
  if (k === 0) return 1;
  if (p === 0) return 0;
  let logTerm = n * Math.log1p(-p);
  let tail = 0;
  for (let i = 0; i <= n; i++) {
    if (i >= k) tail += Math.exp(logTerm);
    logTerm += Math.log((n - i) / (i + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return Math.min(1, tail);
}
