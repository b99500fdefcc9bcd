import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-node";
import { type Matrix, matrix } from "../matrix";
import type { Rng } from "../random";
import { argMax } from "../training/predict";
import { loadTensorflow } from "../training/tensorflow";
import { requireFinite, requireInRange, requireInteger, requirePositive, requireSameLength } from "../validate";
import { dpSgdNoiseMultiplier, gaussianNoiseMultiplier } from "./accounting";
import { requireDelta, requireEpsilon } from "./parameters";
import { requireLabels } from "./randomised-response";

export interface TrainPrivateLinearOptions {
  /** Labels are integers in [0, numClasses); at least 2. */
  numClasses: number;
  /** What the finished classifier costs each record, above 0; neighbours differ by one record there or not. */
  epsilon: number;
  /** In (0, 1). */
  delta: number;
  /** Gradient steps. */
  steps: number;
  /** Each record's chance to be in a step's batch, in (0, 1]; 1, the default, takes all records at every step. */
  samplingRate?: number;
  /** Greatest length of one record's gradient. */
  clipNorm: number;
  /** Of steps along mean clipped gradients divided by clipNorm, so that both settings can be chosen apart. */
  learningRate: number;
  /** In [0, 1); 0.9. */
  momentum?: number;
  /** Batches and noise. */
  rng: Rng;
  /** Called after each step with the number of steps done. */
  onProgress?: (step: number) => void;
}

/** A linear softmax classifier and what it costs the records it was trained on. It holds no tensors. */
export interface PrivateLinear {
  /** Shape [numClasses, d]. */
  weights: Matrix<Float32Array>;
  /** Shape [numClasses]. */
  bias: Float32Array;
  epsilon: number;
  delta: number;
  /** Standard deviation of each step's noise over clipNorm. */
  noiseMultiplier: number;
}

/** Rows held in one tensor. */
const BLOCK = 5000;

interface Block {
  x: Tensor2D;
  /** √(‖x‖² + 1), the 1 for the bias. */
  length: Tensor1D;
  y: Tensor2D;
}

/**
 * Trains a linear softmax classifier by DP-SGD: at every step each record's gradient is shortened to clipNorm, noise is
 * added to their sum, and the weights take one step with momentum. One record's gradient is (p − y)(x, 1)ᵀ, so its
 * length is ‖p − y‖ √(‖x‖² + 1) and no gradient is ever made for one record alone. Accounted exactly: full batches as
 * Gaussian releases, sampled ones by privacy-loss distributions. The returned weights are the mean of the second half of
 * the steps', which costs nothing more. The number of records is taken as public.
 *
 * Warning: for experiments. The noise is rounded to float32; see `discreteGaussianMechanism` for exact noise.
 *
 * @param X Features that were made without looking at other records, shape [n, d], finite; not modified.
 * @param y Classes, shape [n].
 * @throws {RangeError} If a number is not finite, the lengths differ, or a setting is out of range.
 * @see Abadi et al., CCS 2016, algorithm 1; Tramèr & Boneh, ICLR 2021 (arXiv 2011.11660) for the linear model on
 * scattering features. There batches are sampled; here all records at every step is the default.
 * @example
 * const features = normaliseGroups(scatteringFeatures(train.X, { inputScale: 1 / 255 }), { groups: 27 });
 * const model = trainPrivateLinear(features, train.y, {
 *   numClasses: 10, epsilon: 3, delta: 1e-5, steps: 100, clipNorm: 0.1, learningRate: 20, rng: seededRng(1),
 * });
 */
export function trainPrivateLinear(X: Matrix, y: Int32Array, options: TrainPrivateLinearOptions): PrivateLinear {
  const { numClasses, epsilon, delta, steps, samplingRate = 1, clipNorm, learningRate, momentum = 0.9 } = options;
  const { rng, onProgress } = options;
  const fn = "trainPrivateLinear";
  const [n, d] = X.shape;
  requireSameLength(fn, "X", n, "y", y.length);
  requireInteger(fn, "number of records", n, 1);
  requireFinite(fn, "X", X.data);
  requireLabels(fn, "y", y, numClasses);
  requireEpsilon(fn, epsilon);
  requireDelta(fn, delta);
  requireInteger(fn, "steps", steps, 1);
  requirePositive(fn, "clipNorm", clipNorm);
  requirePositive(fn, "learningRate", learningRate);
  requireInRange(fn, "momentum", momentum, 0, 1 - Number.EPSILON);
  requirePositive(fn, "samplingRate", samplingRate);
  requireInRange(fn, "samplingRate", samplingRate, 0, 1);
  const noiseMultiplier = samplingRate === 1
    ? gaussianNoiseMultiplier({ epsilon, delta, count: steps })
    : dpSgdNoiseMultiplier({ epsilon, delta, samplingRate, steps });

  const tf = loadTensorflow();
  const block = (positions: ArrayLike<number>): Block => {
    const rows = new Float32Array(positions.length * d);
    const classes = new Float32Array(positions.length * numClasses);
    const length = new Float32Array(positions.length);
    for (let i = 0; i < positions.length; i++) {
      let square = 1;
      for (let j = 0; j < d; j++) square += (rows[i * d + j] = X.data[positions[i] * d + j]) ** 2;
      length[i] = Math.sqrt(square);
      classes[i * numClasses + y[positions[i]]] = 1;
    }
    const size = positions.length;
    return { x: tf.tensor2d(rows, [size, d]), length: tf.tensor1d(length), y: tf.tensor2d(classes, [size, numClasses]) };
  };
  const blocks = (positions: ArrayLike<number>): Block[] =>
    Array.from({ length: Math.ceil(positions.length / BLOCK) }, (_, b) =>
      block(Array.prototype.slice.call(positions, b * BLOCK, (b + 1) * BLOCK) as number[]));
  const dispose = (used: readonly Block[]): void => used.forEach((each) => tf.dispose([each.x, each.length, each.y]));

  const width = d + 1;
  const weights = new Float64Array(numClasses * width);
  const velocity = new Float64Array(numClasses * width);
  const mean = new Float64Array(numClasses * width);
  /** Sum of the block's clipped gradients over clipNorm, shape [numClasses, d] and [numClasses]. */
  const addGradients = ({ x, length, y: truth }: Block, sum: Float64Array): void => tf.tidy(() => {
    const kernel = new Float32Array(numClasses * d);
    const bias = new Float32Array(numClasses);
    for (let c = 0; c < numClasses; c++) {
      kernel.set(weights.subarray(c * width, c * width + d), c * d);
      bias[c] = weights[c * width + d];
    }
    const logits = tf.add(tf.matMul(x, tf.tensor2d(kernel, [numClasses, d]), false, true), tf.tensor1d(bias));
    const error = tf.sub(tf.softmax(logits), truth) as Tensor2D;
    const norms = tf.mul(tf.norm(error, 2, 1), length);
    const factors = tf.div(1, tf.maximum(norms, clipNorm));
    const clipped = tf.mul(error, factors.expandDims(1)) as Tensor2D;
    const gradient = tf.matMul(clipped, x, true, false).dataSync();
    const biasGradient = tf.sum(clipped, 0).dataSync();
    for (let c = 0; c < numClasses; c++) {
      for (let j = 0; j < d; j++) sum[c * width + j] += gradient[c * d + j];
      sum[c * width + d] += biasGradient[c];
    }
  });

  const everyone = samplingRate === 1 ? blocks(Int32Array.from({ length: n }, (_, i) => i)) : null;
  const averaged = steps - Math.floor(steps / 2);
  for (let step = 0; step < steps; step++) {
    const batch = everyone ?? blocks([...y.keys()].filter(() => rng.uniform() < samplingRate));
    const sum = new Float64Array(numClasses * width);
    for (const each of batch) addGradients(each, sum);
    if (!everyone) dispose(batch);
    for (let w = 0; w < sum.length; w++) {
      velocity[w] = momentum * velocity[w] + (sum[w] + noiseMultiplier * rng.normal()) / (samplingRate * n);
      weights[w] -= learningRate * velocity[w];
      if (step >= steps - averaged) mean[w] += weights[w] / averaged;
    }
    onProgress?.(step + 1);
  }
  if (everyone) dispose(everyone);
  const kernel = new Float32Array(numClasses * d);
  const bias = new Float32Array(numClasses);
  for (let c = 0; c < numClasses; c++) {
    kernel.set(mean.subarray(c * width, c * width + d), c * d);
    bias[c] = mean[c * width + d];
  }
  return { weights: matrix(kernel, [numClasses, d]), bias, epsilon, delta, noiseMultiplier };
}

/**
 * Classes by a linear classifier.
 *
 * @param X Shape [n, d].
 * @returns Shape [n].
 * @throws {RangeError} If the widths differ.
 */
export function predictPrivateLinear({ weights, bias }: PrivateLinear, X: Matrix): Int32Array {
  const [numClasses, d] = weights.shape;
  requireSameLength("predictPrivateLinear", "features", X.shape[1], "weights", d);
  return Int32Array.from({ length: X.shape[0] }, (_, i) => {
    const scores = Float64Array.from({ length: numClasses }, (_unused, c) => {
      let score = bias[c];
      for (let j = 0; j < d; j++) score += weights.data[c * d + j] * X.data[i * d + j];
      return score;
    });
    return argMax(scores, 0, numClasses);
  });
}
