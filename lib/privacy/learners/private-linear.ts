import type { Tensor2D } from "@tensorflow/tfjs-node";
import { holdInterrupts, throwIfInterrupted } from "../../interrupt";
import { type Matrix, matrix } from "../../matrix";
import type { Rng } from "../../random";
import { loadTensorflow } from "../../tensorflow";
import { requireFloat32, requireInRange, requireInteger, requirePositive, requireSameLength } from "../../validate";
import { requireLabels } from "../local/randomized-response";
import { poissonBatch, runNoiseMultiplier, type PrivateRun } from "./private-batches";
import { type PrivateLinear, privateLinearOf } from "./private-linear-model";
import { disposeBlocks, type RecordBlock, recordBlocks } from "./record-blocks";

export interface TrainPrivateLinearOptions extends Omit<PrivateRun, "samplingRate"> {
  /** Labels are integers in [0, numClasses); at least 2. */
  numClasses: number;
  /** Each record's chance to be in a step's batch, in (0, 1]; 1, the default, takes all records at every step. */
  samplingRate?: number;
  /**
   * Spend one more release, as large as a step, on the mean of the rows (longer ones shortened to 1), subtract it and
   * bring rows back to length 1: features that all rows share then no longer slow the training. Needs full
   * batches. Default false.
   */
  center?: boolean;
  /**
   * Learn a bias a class; true. Without one a record of length 1 has a gradient shorter by √2, so that the noise weighs
   * less beside it: for classes about equally frequent, with `center`.
   */
  bias?: boolean;
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

/** The mean of rows shortened to length 1, with noise; the number of rows is public. */
function privateMean(X: Matrix, noiseMultiplier: number, rng: Rng): Float64Array {
  const [n, d] = X.shape;
  const sum = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    let square = 0;
    for (let j = 0; j < d; j++) square += X.data[i * d + j] ** 2;
    const weight = 1 / Math.max(1, Math.sqrt(square));
    for (let j = 0; j < d; j++) sum[j] += weight * X.data[i * d + j];
  }
  return sum.map((value) => (value + noiseMultiplier * rng.normal()) / n);
}

/** Weights of all classes, each class's with its bias last; shape [numClasses · (d + 1)]. */
function splitBias(weights: Float64Array, numClasses: number): { kernel: Matrix<Float32Array>; bias: Float32Array } {
  const width = weights.length / numClasses;
  const d = width - 1;
  const kernel = new Float32Array(numClasses * d);
  const bias = new Float32Array(numClasses);
  for (let c = 0; c < numClasses; c++) {
    kernel.set(weights.subarray(c * width, c * width + d), c * d);
    bias[c] = weights[c * width + d];
  }
  return { kernel: matrix(kernel, [numClasses, d]), bias };
}

/** Adds the sum of the block's clipped gradients over clipNorm; one that float32 can't hold counts as 0, as any may. */
function addGradients(sum: Float64Array, { x, length, y }: RecordBlock,
  { kernel, bias, clipNorm }: { kernel: Matrix<Float32Array>; bias: Float32Array; clipNorm: number }): void {
  const tf = loadTensorflow();
  const [numClasses, d] = kernel.shape;
  tf.tidy(() => {
    const logits = tf.add(tf.matMul(x, tf.tensor2d(kernel.data, [numClasses, d]), false, true), tf.tensor1d(bias));
    const error = tf.sub(tf.softmax(logits), y) as Tensor2D;
    const norms = tf.mul(tf.norm(error, 2, 1), length);
    const factors = tf.div(1, tf.maximum(norms, clipNorm)).expandDims(1);
    const clipped = tf.where(tf.isFinite(norms).expandDims(1), tf.mul(error, factors), 0) as Tensor2D;
    const gradient = tf.matMul(clipped, x, true, false).dataSync();
    const biasGradient = tf.sum(clipped, 0).dataSync();
    for (let c = 0; c < numClasses; c++) {
      for (let j = 0; j < d; j++) sum[c * (d + 1) + j] += gradient[c * d + j];
      sum[c * (d + 1) + d] += biasGradient[c];
    }
  });
}

function requireSettings(fn: string, X: Matrix, y: Int32Array, options: TrainPrivateLinearOptions): void {
  const { numClasses, steps, samplingRate = 1, center, clipNorm, learningRate, momentum = 0 } = options;
  requireSameLength(fn, "X", X.shape[0], "y", y.length);
  requireInteger(fn, "number of records", y.length, 1);
  requireFloat32(fn, "X", X.data);
  requireLabels(fn, "y", y, numClasses);
  requirePositive(fn, "clipNorm", clipNorm);
  requirePositive(fn, "learningRate", learningRate);
  requireInRange(fn, "momentum", momentum, 0, 1 - Number.EPSILON);
  requireInteger(fn, "steps", steps, 1);
  if (center && samplingRate < 1)
    throw new RangeError(`${fn}: center must be false with a samplingRate below 1, got ${samplingRate}`);
}

/**
 * Trains a linear softmax classifier by DP-SGD: at every step each record's gradient is shortened to clipNorm, noise is
 * added to their sum, and the weights take one step with momentum. One record's gradient is (p − y)(x, 1)ᵀ, so its
 * length is ‖p − y‖ √(‖x‖² + 1), or ‖p − y‖ ‖x‖ without a bias, and no gradient is ever made for one record alone.
 * Accounted exactly: full batches as Gaussian releases, sampled ones by privacy-loss distributions. The number of
 * records is taken as public.
 *
 * Warning: for experiments. The noise is rounded to float32; see `discreteGaussianMechanism` for exact noise.
 *
 * @param X Features that were made without looking at other records, shape [n, d], finite; not modified.
 * @param y Classes, shape [n].
 * @throws {RangeError} If a number is not finite in float32, the lengths differ, or a setting is out of range.
 * @see Abadi et al., CCS 2016, algorithm 1; Tramèr & Boneh, ICLR 2021 (arXiv 2011.11660) for the linear model on
 * scattering features. There batches are sampled; here all records at every step is the default.
 * @returns A classifier of 0 … numClasses − 1.
 * @example
 * const features = (X: Matrix) => normalizeGroups(scatteringFeatures(X, { inputScale: 1 / 255 }), { groups: 27 });
 * const model = trainPrivateLinear(features(train.X), train.y, {
 *   numClasses: 10, epsilon: 3, delta: 1e-5, steps: 20, center: true, clipNorm: 0.01, learningRate: 60,
 *   rng: seededRng(1),
 * });
 * const predicted = model.predict(features(test.X));
 */
export function trainPrivateLinear(X: Matrix, y: Int32Array, options: TrainPrivateLinearOptions): PrivateLinear {
  requireSettings("trainPrivateLinear", X, y, options);
  const { numClasses, epsilon, delta, steps, samplingRate = 1, clipNorm, learningRate, momentum = 0.9 } = options;
  const { center: centered = false, bias: withBias = true, rng, onProgress } = options;
  const [n, d] = X.shape;
  const releases = steps + (centered ? 1 : 0);
  const noiseMultiplier = runNoiseMultiplier("trainPrivateLinear", { epsilon, delta, steps: releases, samplingRate });
  const center = centered ? privateMean(X, noiseMultiplier, rng) : null;
  const records = { X, y, numClasses, center, bias: withBias };
  const weights = new Float64Array(numClasses * (d + 1));
  const velocity = new Float64Array(weights.length);
  const everyone = samplingRate === 1 ? recordBlocks(records, poissonBatch(n, 1, rng)) : null;
  const release = holdInterrupts();
  try {
    for (let step = 0; step < steps; step++) {
      throwIfInterrupted();
      const blocks = everyone ?? recordBlocks(records, poissonBatch(n, samplingRate, rng));
      const sum = new Float64Array(weights.length);
      const model = { ...splitBias(weights, numClasses), clipNorm };
      for (const block of blocks) addGradients(sum, block, model);
      if (!everyone) disposeBlocks(blocks);
      for (let w = 0; w < sum.length; w++) {
        if (!withBias && w % (d + 1) === d) continue;
        velocity[w] = momentum * velocity[w] + (sum[w] + noiseMultiplier * rng.normal()) / (samplingRate * n);
        weights[w] -= learningRate * velocity[w];
      }
      onProgress?.(step + 1);
    }
  } finally {
    release();
    if (everyone) disposeBlocks(everyone);
  }
  const { kernel, bias } = splitBias(weights, numClasses);
  return privateLinearOf({ weights: kernel, bias, center, epsilon, delta, noiseMultiplier });
}
