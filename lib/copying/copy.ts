import type { Classifier, Estimator } from "../classifiers/classifier";
import type { Rng } from "../random";
import { requireOneOf } from "../validate";
import { QueryBudgetError, requireBudget, type BlackBox } from "./black-box";
import { recordingBox, requireProbabilityLearner } from "./probability-answers";
import type { LabeledQueries } from "./queries";
import type { Sampler } from "./samplers/sampler";
import { samplerStrategy, type QueryStrategy } from "./strategies/strategy";

interface CopyCommonOptions {
  /** Family of the copy. A strategy that rebuilds the model itself (line search, path finding, `auto`) needs none. */
  estimator?: Estimator;
  /**
   * What is learned: labels, or probabilities, where the black box gives them and the family learns them.
   * @defaultValue "labels"
   */
  answers?: "labels" | "probabilities";
  /** Rows to ask, a positive integer; at most what the black box has left. */
  budget: number;
  rng: Rng;
}

/** Where the points come from: a sampler, drawn from once, or a strategy that looks at answers before it asks on. */
export type CopyOptions = CopyCommonOptions & ({ sampler: Sampler } | { strategy: QueryStrategy });

export interface Copy {
  readonly classifier: Classifier;
  /** What was asked and answered: the synthetic set the copy was fitted on. */
  readonly queries: LabeledQueries;
  /** Rows asked; may be below the budget. */
  readonly spent: number;
  /** Name of the strategy; `auto` names its choice. */
  readonly strategy: string;
}

const familyMissing = ({ name }: QueryStrategy): RangeError =>
  new RangeError(`copy: estimator must be given with the strategy ${name}, got none`);

/**
 * Copies a black box: asks it for the labels of chosen points and fits a fresh classifier to the answers.
 *
 * @throws {RangeError} If the budget is not a positive integer, a family is needed and none is given, or probabilities
 *   are to be learned and the black box does not give them or the family can't learn them.
 * @throws {QueryBudgetError} If the budget is above what the black box has left.
 * @see Unceta, Nin, Pujol, "Copying machine learning classifiers", 2019, §3.
 * @example
 * const stolen = await copy(blackBox(original), {
 *   sampler: uniformSampler(ranges), estimator: knn(), budget: 1000, rng: seededRng(42),
 * });
 * fidelityError(original.predict(test.X), stolen.classifier.predict(test.X));
 */
export async function copy(blackBox: BlackBox, options: CopyOptions): Promise<Copy> {
  const { estimator, answers = "labels", budget, rng } = options;
  requireBudget("copy", budget);
  requireOneOf("copy", "answers", answers, ["labels", "probabilities"]);
  if (budget === Infinity) throw new RangeError("copy: budget must be finite, got Infinity: use copyStream");
  if (budget > blackBox.remaining) throw new QueryBudgetError(blackBox.budget, blackBox.used, budget);
  const strategy = "strategy" in options ? options.strategy : samplerStrategy(options.sampler);
  // Whatever can be known before is said before a single row is spent.
  if (!estimator && strategy.gathersOnly) throw familyMissing(strategy);
  if (answers === "probabilities") requireProbabilityLearner("copy", estimator);
  const before = blackBox.used;
  const recording = answers === "probabilities" ? recordingBox("copy", blackBox) : undefined;
  const collected = await strategy.collect(recording ?? blackBox, { budget, rng });
  const { X, y } = collected.queries;
  const classifier = estimator ? recording?.fit(estimator) ?? estimator.fit(X, y) : collected.classifier;
  if (!classifier) throw familyMissing(strategy);
  return {
    classifier,
    queries: collected.queries,
    spent: blackBox.used - before,
    strategy: collected.chosen ?? strategy.name,
  };
}
