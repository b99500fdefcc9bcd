import type { Classifier } from "../../classifiers/classifier";
import { matrix } from "../../matrix";
import { requireInteger } from "../../validate";
import { decides, type DecidingClassifier } from "../certainty";

/**
 * The same model with scores, and probabilities where it has them, rounded to so many decimals: a cheap defence.
 *
 * @param model Has a `decisionFunction`.
 * @throws {RangeError} If the model has no scores, or `decimals` is not an integer in [0, 15].
 * @example
 * const thirds = reluNetwork([{ weights: fromRows([[1 / 3]]), biases: Float64Array.of(0) }]);
 * roundedScores(thirds, { decimals: 3 }).decisionFunction(fromRows([[1]])).data; // [0.333]
 */
export function roundedScores(model: Classifier, { decimals }: { decimals: number }): DecidingClassifier {
  requireInteger("roundedScores", "decimals", decimals, 0, 15);
  if (!decides(model)) throw new RangeError(`roundedScores: model must have scores, got ${model.family}`);
  const unit = 10 ** decimals;
  const rounded = ({ data, shape }: ReturnType<DecidingClassifier["decisionFunction"]>) =>
    matrix(data.map((value) => Math.round(value * unit) / unit), shape);
  const { family, classes, numFeatures } = model;
  return {
    family,
    classes,
    numFeatures,
    predict: (X) => model.predict(X),
    decisionFunction: (X) => rounded(model.decisionFunction(X)),
    ...(model.predictProba ? { predictProba: (X) => rounded(model.predictProba!(X)) } : {}),
    serialize: () => model.serialize(),
  };
}
