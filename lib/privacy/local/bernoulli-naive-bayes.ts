import type { Classifier, SerializedClassifier } from "../../classifiers/classifier";
import { registerFamily } from "../../classifiers/deserialize";
import { labelsOfLargest, zeros } from "../../classifiers/fitting";
import { softmaxInPlace } from "../../math/softmax";
import { type Matrix, matrix, rowOf } from "../../matrix";
import { requireInRange, requireSameLength } from "../../validate";
import { requireBits } from "./bits";

/** How often each bit is set in each class, and how often each class occurs. */
export interface ClassTables {
  /** Share of ones of each bit in each class, above 0 and below 1, shape [numClasses, d]. */
  readonly means: Matrix<Float64Array>;
  /** Shares of the classes, at least 0, shape [numClasses]. */
  readonly shares: Float64Array;
}

/** A naive Bayes classifier of rows of bits. Its classes are 0 … numClasses − 1. */
export interface BernoulliNaiveBayes extends ClassTables, Classifier {
  readonly family: "bernoulliNaiveBayes";
  predictProba(X: Matrix): Matrix<Float64Array>;
}

/**
 * The classifier that takes the bits of a class for independent: what is made of noisy tables, however they came about.
 *
 * @throws {RangeError} If shapes don't fit, a mean is not in (0, 1) or a share not in [0, 1].
 * @see McCallum & Nigam, AAAI-98 workshop on learning for text categorization, §2.1.
 * @example
 * const model = bernoulliNaiveBayes({ means: fromRows([[0.9, 0.5], [0.1, 0.5]]), shares: Float64Array.of(0.5, 0.5) });
 * model.predict(fromRows([[1, 0], [0, 0]])); // [0, 1]
 */
export function bernoulliNaiveBayes({ means, shares }: ClassTables): BernoulliNaiveBayes {
  const [k, d] = means.shape;
  requireSameLength("bernoulliNaiveBayes", "means", k, "shares", shares.length);
  for (const mean of means.data)
    if (!(mean > 0 && mean < 1)) throw new RangeError(`bernoulliNaiveBayes: means must be in (0, 1), got ${mean}`);
  for (const share of shares) requireInRange("bernoulliNaiveBayes", "shares", share, 0, 1);
  const classes = Int32Array.from({ length: k }, (_, label) => label);
  const weights = means.data.map((mean) => Math.log(mean / (1 - mean)));
  const base = Float64Array.from({ length: k }, (_, c) =>
    rowOf(means, c).reduce((sum, mean) => sum + Math.log(1 - mean), Math.log(shares[c])));
  const logits = (fn: string, X: Matrix): Matrix<Float64Array> => {
    requireBits(fn, X, d);
    const n = X.shape[0];
    const scores = zeros(n, k);
    for (let i = 0; i < n; i++)
      for (let c = 0; c < k; c++) {
        let score = base[c];
        for (let j = 0; j < d; j++) if (X.data[i * d + j]) score += weights[c * d + j];
        scores.data[i * k + c] = score;
      }
    return scores;
  };
  return {
    family: "bernoulliNaiveBayes",
    classes,
    numFeatures: d,
    means,
    shares,
    predict: (X) => labelsOfLargest(logits("predict", X), classes),
    predictProba: (X) => softmaxInPlace(logits("predictProba", X)),
    serialize: () => ({ family: "bernoulliNaiveBayes", means: [...means.data], shares: [...shares] }),
  };
}

function restoreBernoulliNaiveBayes(saved: SerializedClassifier): BernoulliNaiveBayes {
  const { means, shares } = saved as unknown as { means: number[]; shares: number[] };
  const shape = [shares.length, means.length / shares.length] as const;
  return bernoulliNaiveBayes({ means: matrix(Float64Array.from(means), shape), shares: Float64Array.from(shares) });
}
registerFamily("bernoulliNaiveBayes", restoreBernoulliNaiveBayes);
