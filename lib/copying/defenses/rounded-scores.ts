import type { Classifier } from "../../classifiers/classifier";
import { matrix, type Matrix } from "../../matrix";
import { requireInteger } from "../../validate";
import { decides, type DecidingClassifier } from "../certainty";
import { withProbabilities } from "./changed-answers";

/**
 * The same model with its scores and probabilities, where it has them, rounded to so many decimals: a cheap defence.
 * Labels stay, and rounded probabilities need not sum to 1.
 *
 * @param model Has a `decisionFunction` or `predictProba`.
 * @throws {RangeError} If the model has neither, or `decimals` is not an integer in [0, 15].
 * @example
 * const thirds = reluNetwork([{ weights: fromRows([[1 / 3]]), biases: Float64Array.of(0) }]);
 * roundedScores(thirds, { decimals: 3 }).decisionFunction(fromRows([[1]])).data; // [0.333]
 */
export function roundedScores(model: DecidingClassifier, options: { decimals: number }): DecidingClassifier;
export function roundedScores(model: Classifier, options: { decimals: number }): Classifier;
export function roundedScores(model: Classifier, { decimals }: { decimals: number }): Classifier {
  requireInteger("roundedScores", "decimals", decimals, 0, 15);
  if (!decides(model) && !model.predictProba)
    throw new RangeError(`roundedScores: model must have scores or probabilities, got ${model.family}`);
  const unit = 10 ** decimals;
  const rounded = ({ data, shape }: Matrix<Float64Array>): Matrix<Float64Array> =>
    matrix(data.map((value) => Math.round(value * unit) / unit), shape);
  const plain = withProbabilities(model, rounded);
  if (!decides(model)) return plain;
  const deciding: DecidingClassifier = { ...plain, decisionFunction: (X) => rounded(model.decisionFunction(X)) };
  return deciding;
}
