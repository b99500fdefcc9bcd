import type { Matrix } from "../matrix";
import type { Classifier, SerializedClassifier } from "./classifier";
import { checkQuery, zeros } from "./fitting";

/**
 * A classifier that always answers one label: what every family's `fit` returns for labels of one class, so that a
 * copy made from one-class answers still answers as its original did.
 *
 * @param family The family that was asked to fit.
 * @param label The only label.
 * @param numFeatures Width of the rows it was fitted on.
 */
export function constantClassifier(family: string, label: number, numFeatures: number): Classifier {
  return {
    family,
    classes: Int32Array.of(label),
    numFeatures,
    predict(X: Matrix) {
      checkQuery("predict", X, numFeatures);
      return new Int32Array(X.shape[0]).fill(label);
    },
    predictProba(X: Matrix) {
      checkQuery("predictProba", X, numFeatures);
      const P = zeros(X.shape[0], 1);
      P.data.fill(1);
      return P;
    },
    serialize: (): SerializedClassifier => ({ family: "constant", fittedAs: family, label, numFeatures }),
  };
}

/** Makes a constant classifier again from its `serialize()`. */
export function restoreConstant(saved: SerializedClassifier): Classifier {
  const { fittedAs, label, numFeatures } = saved as unknown as { fittedAs: string; label: number; numFeatures: number };
  return constantClassifier(fittedAs, label, numFeatures);
}
