import type { Tensor } from "@tensorflow/tfjs-node";
import { matrix, type Matrix } from "../matrix";
import { requireFinite, requireInteger, requireSameLength } from "../validate";
import { DivergenceError } from "./divergence";
import { layerShapes, parameterSpecs } from "./layers";
import {
  gatherBatch, numClassesOf, requireClasses, requireExamples, requireImages, requireNetwork, type Network,
  type NetworkPart,
} from "./network";
import { forward, liveLayers } from "./passes";
import { runtimeOf, type Kernels } from "./runtime";

export interface PredictOptions {
  /**
   * Examples at a time. It changes memory and speed only.
   * @defaultValue 256
   */
  batchSize?: number;
  /**
   * Answer with the mean for an image and its mirror image.
   * @defaultValue false
   */
  mirror?: boolean;
  /** @defaultValue "native" */
  kernels?: Kernels;
}

/**
 * What the last layer gives, in inference mode: logits of a whole network, features of a trunk.
 *
 * @param X Shape [n, product of inputShape], finite.
 * @returns Shape [n, numbers the last layer gives].
 * @throws {RangeError} If weights or examples don't fit, or are not finite.
 * @throws {DivergenceError} If the outputs overflow.
 */
export function networkOutputs(network: NetworkPart, X: Matrix, options: PredictOptions = {}): Matrix<Float32Array> {
  const { batchSize = 256, mirror = false, kernels } = options;
  const { architecture } = network;
  if (mirror) requireImages("networkOutputs", "mirror", architecture.inputShape);
  requireNetwork("networkOutputs", network);
  requireExamples("networkOutputs", architecture, X, null);
  requireInteger("networkOutputs", "batchSize", batchSize, 1);
  const runtime = runtimeOf(kernels);
  const { tf } = runtime;
  const width = layerShapes(architecture)[architecture.layers.length].reduce((product, side) => product * side, 1);
  const [n] = X.shape;
  const outputs = new Float32Array(n * width);
  const weights = runtime.tensors(parameterSpecs(architecture), network.weights);
  const layers = liveLayers(architecture, weights);
  try {
    for (let start = 0; start < n; start += batchSize) {
      const positions = Int32Array.from({ length: Math.min(batchSize, n - start) }, (_, i) => start + i);
      tf.tidy(() => {
        const values = gatherBatch(X, positions, architecture.inputScale);
        const x = tf.tensor(values, [positions.length, ...architecture.inputShape], "float32");
        const answer = (images: Tensor): Tensor => forward(runtime, layers, images, { training: false }).at(-1)!.y;
        const plain = answer(x);
        const mean = mirror ? tf.div(tf.add(plain, answer(tf.reverse(x, 2))), 2) : plain;
        outputs.set(mean.dataSync(), start * width);
      });
    }
  } finally {
    tf.dispose(weights);
  }
  const bad = outputs.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new DivergenceError(
      `networkOutputs: row ${Math.floor(bad / width)} is answered with ${outputs[bad]}: the weights have diverged`,
    );
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

/** Cross-entropy of each row against its class, shape [n]. */
export function crossEntropies(logits: Matrix, y: Int32Array): Float64Array {
  const [n, k] = logits.shape;
  requireSameLength("crossEntropies", "logits", n, "y", y.length);
  requireFinite("crossEntropies", "logits", logits.data);
  requireClasses("crossEntropies", y, k);
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
