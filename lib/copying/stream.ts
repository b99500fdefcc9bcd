import type { Classifier, Estimator } from "../classifiers/classifier";
import { smallestOf } from "../math/extremes";
import type { Rng } from "../random";
import { requireInRange, requireInteger } from "../validate";
import { QueryBudgetError, requireBudget, type BlackBox } from "./black-box";
import { fidelityError } from "./metrics";
import { concatQueries, type LabeledQueries } from "./queries";
import type { Sampler } from "./samplers/sampler";

export interface StreamOptions {
  sampler: Sampler;
  estimator: Estimator;
  /** Points of the first batch, at least 2; 100 unless said. */
  batch?: number;
  /** Each later batch is this share of all points so far, at least the first batch; .25 unless said, in [0, 4]. */
  growth?: number;
  /** Points at most; what the black box has left unless said. Were both endless, a stream might be, too. */
  budget?: number;
  /** Stops when the error on fresh points has fallen by less than this in `patience` batches; .002 unless said. */
  tolerance?: number;
  /** At least 1; 3 unless said. */
  patience?: number;
  rng: Rng;
}

export interface StreamStep {
  /** Points asked so far. */
  readonly spent: number;
  /** Disagreement on the newest batch, by the copy that had not yet seen it; absent at the first. */
  readonly freshFidelityError?: number;
  /** Fitted on all points so far. */
  readonly classifier: Classifier;
  /** Why the stream ends here, at its last step. */
  readonly stopped?: "levelled-off" | "budget";
  /** All that was asked so far, with the answers. */
  readonly queries: LabeledQueries;
}

/**
 * Copies online: each fresh batch first tests the copy, then teaches it, so that the test costs no query of its own.
 * Ends when fidelity on fresh points levels off.
 *
 * @throws {RangeError} If an option is out of range.
 * @throws {QueryBudgetError} If the black box has nothing left.
 * @see PRESC's ContinuousCopy, which needs an online family and a person to stop it; here any family is fitted anew,
 *   and growing batches keep the whole work a small multiple of the last fit.
 * @example
 * for await (const step of copyStream(box, { sampler, estimator: knn(), rng: seededRng(1) }))
 *   console.log(step.spent, step.freshFidelityError);
 */
export async function* copyStream(blackBox: BlackBox, options: StreamOptions): AsyncGenerator<StreamStep, void> {
  const { sampler, estimator, batch = 100, growth = 0.25, tolerance = 0.002, patience = 3, rng } = options;
  requireInteger("copyStream", "batch", batch, 2);
  requireInRange("copyStream", "growth", growth, 0, 4);
  requireInRange("copyStream", "tolerance", tolerance, 0, 1);
  requireInteger("copyStream", "patience", patience, 1);
  requireBudget("copyStream", options.budget ?? Infinity);
  if (!(blackBox.remaining > 0)) throw new QueryBudgetError(blackBox.budget, blackBox.used, batch);
  const limit = blackBox.used + Math.min(options.budget ?? Infinity, blackBox.remaining);
  const errors: number[] = [];
  let queries: LabeledQueries | undefined;
  let classifier: Classifier | undefined;
  for (;;) {
    const wanted = Math.max(batch, Math.round(growth * (queries?.y.length ?? 0)));
    const X = sampler.sample(Math.min(wanted, limit - blackBox.used), rng);
    const fresh = { X, y: await blackBox.query(X) };
    if (classifier) errors.push(fidelityError(fresh.y, classifier.predict(X)));
    queries = queries ? concatQueries(queries, fresh) : fresh;
    classifier = estimator.fit(queries.X, queries.y);
    const levelled =
      errors.length > patience &&
      smallestOf(errors.slice(0, -patience)) - smallestOf(errors.slice(-patience)) < tolerance;
    const stopped = levelled ? "levelled-off" : blackBox.used >= limit ? "budget" : undefined;
    yield { spent: queries.y.length, freshFidelityError: errors.at(-1), classifier, stopped, queries };
    if (stopped) return;
  }
}
