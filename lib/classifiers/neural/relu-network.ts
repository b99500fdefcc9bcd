import { matrix, type Matrix } from "../../matrix";
import { softmaxInPlace } from "../../math/softmax";
import { requireFinite, requireInteger } from "../../validate";
import type { Classifier, SerializedClassifier } from "../classifier";
import { checkQuery, labelsOfLargest, zeros } from "../fitting";
import type { MlpClassifier } from "./mlp";

/** One layer of a network in float64. */
export interface ReluLayer {
  /** One row a unit, shape [units, inputs]. */
  readonly weights: Matrix<Float64Array>;
  /** Shape [units]. */
  readonly biases: Float64Array;
}

/** A network of ReLU units whose weights can be read, and which answers with raw scores on request. */
export interface ReluNetwork extends Classifier {
  readonly layers: readonly ReluLayer[];
  /** The last layer's scores, shape [n, outputs]: one for two classes, or one a class. */
  decisionFunction(X: Matrix): Matrix<Float64Array>;
}

/** One layer of many rows: the sums of four units at once, each from left to right. */
function layerSums({ weights, biases }: ReluLayer, X: Matrix, relu: boolean): Matrix<Float64Array> {
  const [units, d] = weights.shape;
  const n = X.shape[0];
  const { data } = X;
  const w = weights.data;
  const sums = zeros(n, units);
  for (let i = 0; i < n; i++) {
    const row = i * d;
    let u = 0;
    for (; u + 4 <= units; u += 4) {
      let [a, b, c, e] = [biases[u], biases[u + 1], biases[u + 2], biases[u + 3]];
      for (let j = 0, p = u * d; j < d; j++, p++) {
        const x = data[row + j];
        a += w[p] * x;
        b += w[p + d] * x;
        c += w[p + 2 * d] * x;
        e += w[p + 3 * d] * x;
      }
      sums.data[i * units + u] = a;
      sums.data[i * units + u + 1] = b;
      sums.data[i * units + u + 2] = c;
      sums.data[i * units + u + 3] = e;
    }
    for (; u < units; u++) {
      let sum = biases[u];
      for (let j = 0, p = u * d; j < d; j++, p++) sum += w[p] * data[row + j];
      sums.data[i * units + u] = sum;
    }
  }
  if (relu) for (let p = 0; p < sums.data.length; p++) if (sums.data[p] < 0) sums.data[p] = 0;
  return sums;
}

/**
 * A network of ReLU units from its weights, worked out in float64 throughout. The last layer has no ReLU: one score
 * above 0 is the second class; with more scores the largest is the class.
 *
 * @param layers From the input up; at least one.
 * @param classes The labels, ascending; 0, 1, … unless given.
 * @throws {RangeError} If a number is not finite, or layers or labels do not fit each other.
 * @example
 * const step = reluNetwork([{ weights: fromRows([[1, -1]]), biases: Float64Array.of(0) }]);
 * step.decisionFunction(fromRows([[3, 1]])).data; // [2]
 */
export function reluNetwork(layers: readonly ReluLayer[], classes?: Int32Array): ReluNetwork {
  const fn = "reluNetwork";
  requireInteger(fn, "number of layers", layers.length, 1);
  layers.forEach(({ weights, biases }, l) => {
    requireFinite(fn, `layers[${l}].weights`, weights.data);
    requireFinite(fn, `layers[${l}].biases`, biases);
    requireInteger(fn, `layers[${l}].biases.length`, biases.length, weights.shape[0], weights.shape[0]);
    if (l > 0) {
      const below = layers[l - 1].biases.length;
      requireInteger(fn, `inputs of layers[${l}]`, weights.shape[1], below, below);
    }
  });
  const [outputs] = layers[layers.length - 1].weights.shape;
  const k = Math.max(2, outputs);
  const labels = classes ?? Int32Array.from({ length: k }, (_, c) => c);
  requireInteger(fn, "number of classes", labels.length, k, k);
  const [, d] = layers[0].weights.shape;
  const decisionFunction = (X: Matrix): Matrix<Float64Array> => {
    checkQuery(fn, X, d);
    let values: Matrix = X;
    layers.forEach((one, l) => (values = layerSums(one, values, l < layers.length - 1)));
    return values as Matrix<Float64Array>;
  };
  const scores = (X: Matrix): Matrix<Float64Array> => {
    const raw = decisionFunction(X);
    if (outputs > 1) return raw;
    const both = zeros(X.shape[0], 2);
    raw.data.forEach((score, i) => (both.data[2 * i + 1] = score));
    return both;
  };
  return {
    family: "reluNetwork",
    classes: labels,
    numFeatures: d,
    layers,
    decisionFunction,
    predict: (X) => labelsOfLargest(scores(X), labels),
    predictProba: (X) => softmaxInPlace(scores(X)),
    serialize: () => ({
      family: "reluNetwork",
      classes: [...labels],
      layers: layers.map(({ weights: { data, shape }, biases }) =>
        ({ shape: [...shape], weights: [...data], biases: [...biases] })),
    }),
  };
}

/**
 * The same network as a fitted perceptron, with the weights as they are and sums in float64 instead of float32.
 *
 * @example
 * const fitted = mlpClassifier({ hiddenLayers: [4], maxEpochs: 5, rng: seededRng(1) }).fit(X, y);
 * const exact = reluNetworkOf(fitted as MlpClassifier);
 */
export function reluNetworkOf({ layers, classes }: Pick<MlpClassifier, "layers" | "classes">): ReluNetwork {
  if (!layers) throw new RangeError("reluNetworkOf: mlp must have layers; fitted on one class, it has none");
  return reluNetwork(layers.map(({ shape: [below, above], weights, biases }) => {
    const turned = zeros(above, below);
    for (let i = 0; i < below; i++) for (let u = 0; u < above; u++) turned.data[u * below + i] = weights[i * above + u];
    return { weights: turned, biases: Float64Array.from(biases) };
  }), classes);
}

/** Makes a network again from its `serialize()`. */
export function restoreReluNetwork(saved: SerializedClassifier): ReluNetwork {
  const { classes, layers } = saved as unknown as {
    classes: number[];
    layers: { shape: [number, number]; weights: number[]; biases: number[] }[];
  };
  const own = layers.map(({ shape, weights, biases }) =>
    ({ weights: matrix(Float64Array.from(weights), shape), biases: Float64Array.from(biases) }));
  return reluNetwork(own, Int32Array.from(classes));
}
