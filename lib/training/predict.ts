import { matrix, type Matrix } from "../matrix";
import { requireInteger } from "../validate";
import { layerShapes, parameterSpecs } from "./layers";
import { gatherBatch, numClassesOf, requireExamples, requireNetwork, weightsByLayer, type Network } from "./network";
import { forward } from "./passes";
import { runtimeOf, type Kernels } from "./runtime";

export interface PredictOptions {
  /** Examples at a time; 256. It changes memory and speed only. */
  batchSize?: number;
  /** "native". */
  kernels?: Kernels;
}

/**
 * What the last layer gives, in inference mode: logits of a whole network, features of a trunk.
 *
 * @param X Shape [n, product of inputShape].
 * @returns Shape [n, numbers the last layer gives].
 */
export function networkOutputs(network: Network, X: Matrix, options: PredictOptions = {}): Matrix<Float32Array> {
  const { batchSize = 256, kernels } = options;
  const { architecture } = network;
  requireNetwork("networkOutputs", network);
  requireExamples("networkOutputs", architecture, X, null);
  requireInteger("networkOutputs", "batchSize", batchSize, 1);
  const { tf, ops, tensors } = runtimeOf(kernels);
  const specs = parameterSpecs(architecture);
  const width = layerShapes(architecture)[architecture.layers.length].reduce((product, side) => product * side, 1);
  const [n] = X.shape;
  const outputs = new Float32Array(n * width);
  const weights = tensors(specs, network.weights);
  const byLayer = weightsByLayer(specs, weights, architecture.layers.length);
  for (let start = 0; start < n; start += batchSize) {
    const positions = Int32Array.from({ length: Math.min(batchSize, n - start) }, (_, i) => start + i);
    tf.tidy(() => {
      const values = gatherBatch(X, positions, architecture.inputScale);
      const x = tf.tensor(values, [positions.length, ...architecture.inputShape], "float32");
      const tapes = forward(tf, ops, architecture.layers, byLayer, x, { training: false });
      outputs.set(tapes[tapes.length - 1].y.dataSync(), start * width);
    });
  }
  tf.dispose(weights);
  return matrix(outputs, [n, width]);
}

/** Position of the largest of `width` numbers that begin at `from`; the first among equals. */
export function argMax(values: ArrayLike<number>, from: number, width: number): number {
  let best = 0;
  for (let j = 1; j < width; j++) if (values[from + j] > values[from + best]) best = j;
  return best;
}

/** The class of the largest logit of each row, shape [n]. */
export function classesOf(logits: Matrix): Int32Array {
  const [n, k] = logits.shape;
  return Int32Array.from({ length: n }, (_, i) => argMax(logits.data, i * k, k));
}

/** Predicted classes, shape [n]. */
export function predictClasses(network: Network, X: Matrix, options: PredictOptions = {}): Int32Array {
  return classesOf(networkOutputs(network, X, options));
}

/** Probabilities of each row, shape [n, classes]; rows sum to 1. */
export function softmaxRows(logits: Matrix): Matrix<Float64Array> {
  const [n, k] = logits.shape;
  const probabilities = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    const largest = logits.data[i * k + argMax(logits.data, i * k, k)];
    let sum = 0;
    for (let j = 0; j < k; j++) sum += probabilities[i * k + j] = Math.exp(logits.data[i * k + j] - largest);
    for (let j = 0; j < k; j++) probabilities[i * k + j] /= sum;
  }
  return { data: probabilities, shape: [n, k] };
}

/** Cross-entropy of each row against its class, shape [n]. */
export function crossEntropies(logits: Matrix, y: Int32Array): Float64Array {
  const [n, k] = logits.shape;
  return Float64Array.from({ length: n }, (_, i) => {
    const largest = logits.data[i * k + argMax(logits.data, i * k, k)];
    let sum = 0;
    for (let j = 0; j < k; j++) sum += Math.exp(logits.data[i * k + j] - largest);
    return Math.log(sum) + largest - logits.data[i * k + y[i]];
  });
}

export interface Evaluation {
  /** Share of right classes. */
  readonly accuracy: number;
  /** Mean cross-entropy. */
  readonly loss: number;
}

/** Accuracy and mean loss on labelled examples, in inference mode. */
export function evaluateNetwork(network: Network, X: Matrix, y: Int32Array, options: PredictOptions = {}): Evaluation {
  requireExamples("evaluateNetwork", network.architecture, X, y);
  if (!y.length) throw new RangeError("evaluateNetwork: needs at least one example, got none");
  numClassesOf(network.architecture);
  const logits = networkOutputs(network, X, options);
  const predicted = classesOf(logits);
  const losses = crossEntropies(logits, y);
  return {
    accuracy: predicted.reduce((right, label, i) => right + (label === y[i] ? 1 : 0), 0) / y.length,
    loss: losses.reduce((sum, loss) => sum + loss, 0) / y.length,
  };
}
