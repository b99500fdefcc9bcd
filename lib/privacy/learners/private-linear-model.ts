import type { Classifier, SerializedClassifier } from "../../classifiers/classifier";
import { registerFamily } from "../../classifiers/deserialize";
import { checkQuery, labelsOfLargest, zeros } from "../../classifiers/fitting";
import { softmaxInPlace } from "../../math/softmax";
import { type Matrix, matrix, rowOf } from "../../matrix";

/** A linear softmax classifier and what it costs the records it was trained on. */
export interface PrivateLinear extends Classifier {
  readonly family: "privateLinear";
  /** Shape [numClasses, d]. */
  readonly weights: Matrix<Float32Array>;
  /** Shape [numClasses]. */
  readonly bias: Float32Array;
  /** What is subtracted from each row before it is brought to length 1, shape [d]; null: nothing is done. */
  readonly center: Float64Array | null;
  readonly epsilon: number;
  readonly delta: number;
  /** Standard deviation of each step's noise over clipNorm. */
  readonly noiseMultiplier: number;
  predictProba(X: Matrix): Matrix<Float64Array>;
}

/** What a private linear model consists of. */
export type PrivateLinearParts =
  Pick<PrivateLinear, "weights" | "bias" | "center" | "epsilon" | "delta" | "noiseMultiplier">;

/** Subtracts the center in place and brings the row to length 1. */
export function centerRow(row: Float32Array, center: Float64Array): void {
  let square = 0;
  for (let j = 0; j < row.length; j++) square += (row[j] -= center[j]) ** 2;
  const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
  for (let j = 0; j < row.length; j++) row[j] *= scale;
}

function logits({ weights, bias, center }: PrivateLinearParts, X: Matrix): Matrix<Float64Array> {
  const [k, d] = weights.shape;
  const scores = zeros(X.shape[0], k);
  const row = new Float32Array(d);
  for (let i = 0; i < X.shape[0]; i++) {
    row.set(rowOf(X, i));
    if (center) centerRow(row, center);
    for (let c = 0; c < k; c++) {
      let score = bias[c];
      for (let j = 0; j < d; j++) score += weights.data[c * d + j] * row[j];
      scores.data[i * k + c] = score;
    }
  }
  return scores;
}

/** The classifier of these weights. */
export function privateLinearOf(parts: PrivateLinearParts): PrivateLinear {
  const [numClasses, numFeatures] = parts.weights.shape;
  const classes = Int32Array.from({ length: numClasses }, (_, label) => label);
  const scores = (fn: string, X: Matrix): Matrix<Float64Array> => {
    checkQuery(fn, X, numFeatures);
    return logits(parts, X);
  };
  return {
    family: "privateLinear",
    classes,
    numFeatures,
    ...parts,
    predict: (X) => labelsOfLargest(scores("predict", X), classes),
    predictProba: (X) => softmaxInPlace(scores("predictProba", X)),
    serialize: () => ({
      ...parts,
      family: "privateLinear",
      weights: [...parts.weights.data],
      bias: [...parts.bias],
      center: parts.center && [...parts.center],
    }),
  };
}

function restorePrivateLinear(saved: SerializedClassifier): PrivateLinear {
  const { weights, bias, center, epsilon, delta, noiseMultiplier } = saved as unknown as
    { weights: number[]; bias: number[]; center: number[] | null } & PrivateLinearParts;
  return privateLinearOf({
    weights: matrix(Float32Array.from(weights), [bias.length, weights.length / bias.length]),
    bias: Float32Array.from(bias),
    center: center && Float64Array.from(center),
    epsilon, delta, noiseMultiplier,
  });
}
registerFamily("privateLinear", restorePrivateLinear);
