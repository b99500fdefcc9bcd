import type { Classifier } from "../../classifiers/classifier";
import { matrix } from "../../matrix";
import { requireInRange } from "../../validate";
import { withProbabilities } from "./changed-answers";

/**
 * The same model with probabilities that lean towards all classes alike: (1 − share) · p + share / k for k classes.
 * Labels stay. Whoever learns `share` from the smallest answers can take it back.
 *
 * @param model Has `predictProba`.
 * @throws {RangeError} If it has not, or `share` is not in [0, 1].
 * @see Szegedy et al., CVPR 2016, §7: label smoothing, there in training.
 * @example
 * const shy = smoothedAnswers(gaussianNaiveBayes().fit(X, y), { share: 0.3 });
 * shy.predictProba!(X).data.every((p) => p >= 0.1 - 1e-12); // true
 */
export function smoothedAnswers(model: Classifier, { share }: { share: number }): Classifier {
  requireInRange("smoothedAnswers", "share", share, 0, 1);
  if (!model.predictProba)
    throw new RangeError(`smoothedAnswers: model must have probabilities, got ${model.family}`);
  return withProbabilities(model, ({ data, shape }) =>
    matrix(data.map((p) => (1 - share) * p + share / shape[1]), shape));
}
