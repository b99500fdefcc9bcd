import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-node";
import { holdInterrupts, throwIfInterrupted } from "../../interrupt";
import { type Matrix, matrix, rowOf } from "../../matrix";
import type { Rng } from "../../random";
import { argMax } from "../../training/predict";
import { loadTensorflow } from "../../tensorflow";
import { requireFinite, requireInRange, requireInteger, requirePositive, requireSameLength } from "../../validate";
import { poissonBatch, runNoiseMultiplier, type PrivateRun } from "./private-batches";
import { requireLabels } from "../local/randomised-response";

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
  centre?: boolean;
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
  /** What is subtracted from each row before it is brought to length 1, shape [d]; null: nothing is done. */
  centre: Float64Array | null;
  epsilon: number;
  delta: number;
  /** Standard deviation of each step's noise over clipNorm. */
  noiseMultiplier: number;
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

/** Subtracts the centre in place and brings the row to length 1. */
function centreRow(row: Float32Array, centre: Float64Array): void {
  let square = 0;
  for (let j = 0; j < row.length; j++) square += (row[j] -= centre[j]) ** 2;
  const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
  for (let j = 0; j < row.length; j++) row[j] *= scale;
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
 * Gaussian releases, sampled ones by privacy-loss distributions. The number of records is taken as public.
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
 *   numClasses: 10, epsilon: 3, delta: 1e-5, steps: 160, centre: true, clipNorm: 0.01, learningRate: 60,
 *   rng: seededRng(1),
 * });
 */
export function trainPrivateLinear(X: Matrix, y: Int32Array, options: TrainPrivateLinearOptions): PrivateLinear {
  const { numClasses, epsilon, delta, steps, samplingRate = 1, clipNorm, learningRate, momentum = 0.9 } = options;
  const { centre = false, rng, onProgress } = options;
  const fn = "trainPrivateLinear";
  const [n, d] = X.shape;
  requireSameLength(fn, "X", n, "y", y.length);
  requireInteger(fn, "number of records", n, 1);
  requireFinite(fn, "X", X.data);
  requireLabels(fn, "y", y, numClasses);
  requirePositive(fn, "clipNorm", clipNorm);
  requirePositive(fn, "learningRate", learningRate);
  requireInRange(fn, "momentum", momentum, 0, 1 - Number.EPSILON);
  if (centre && samplingRate < 1)
    throw new RangeError(`${fn}: centre must be false with a samplingRate below 1, got ${samplingRate}`);
  requireInteger(fn, "steps", steps, 1);
  const releases = steps + (centre ? 1 : 0);
  const noiseMultiplier = runNoiseMultiplier(fn, { epsilon, delta, steps: releases, samplingRate });
  const middle = centre ? privateMean(X, noiseMultiplier, rng) : null;

  const tf = loadTensorflow();
  const block = (positions: Int32Array): Block => {
    const rows = new Float32Array(positions.length * d);
    const classes = new Float32Array(positions.length * numClasses);
    const length = new Float32Array(positions.length);
    for (let i = 0; i < positions.length; i++) {
      const row = rows.subarray(i * d, (i + 1) * d);
      row.set(rowOf(X, positions[i]));
      if (middle) centreRow(row, middle);
      length[i] = Math.sqrt(row.reduce((sum, value) => sum + value * value, 1));
      classes[i * numClasses + y[positions[i]]] = 1;
    }
    const size = positions.length;
    const truth = tf.tensor2d(classes, [size, numClasses]);
    return { x: tf.tensor2d(rows, [size, d]), length: tf.tensor1d(length), y: truth };
  };
  const blocks = (positions: Int32Array): Block[] =>
    Array.from({ length: Math.ceil(positions.length / BLOCK) }, (_, b) =>
      block(positions.subarray(b * BLOCK, (b + 1) * BLOCK)));
  const dispose = (used: readonly Block[]): void => used.forEach((each) => tf.dispose([each.x, each.length, each.y]));

  const width = d + 1;
  const weights = new Float64Array(numClasses * width);
  const velocity = new Float64Array(numClasses * width);
  const split = (): { kernel: Float32Array; bias: Float32Array } => {
    const kernel = new Float32Array(numClasses * d);
    const bias = new Float32Array(numClasses);
    for (let c = 0; c < numClasses; c++) {
      kernel.set(weights.subarray(c * width, c * width + d), c * d);
      bias[c] = weights[c * width + d];
    }
    return { kernel, bias };
  };
  /** Adds the sum of the block's clipped gradients over clipNorm. */
  const addGradients = ({ x, length, y: truth }: Block, sum: Float64Array): void => tf.tidy(() => {
    const { kernel, bias } = split();
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

  const everyone = samplingRate === 1 ? blocks(poissonBatch(n, 1, rng)) : null;
  const release = holdInterrupts();
  try {
    for (let step = 0; step < steps; step++) {
      throwIfInterrupted();
      const batch = everyone ?? blocks(poissonBatch(n, samplingRate, rng));
      const sum = new Float64Array(numClasses * width);
      for (const each of batch) addGradients(each, sum);
      if (!everyone) dispose(batch);
      for (let w = 0; w < sum.length; w++) {
        velocity[w] = momentum * velocity[w] + (sum[w] + noiseMultiplier * rng.normal()) / (samplingRate * n);
        weights[w] -= learningRate * velocity[w];
      }
      onProgress?.(step + 1);
    }
  } finally {
    release();
    if (everyone) dispose(everyone);
  }
  const { kernel, bias } = split();
  return { weights: matrix(kernel, [numClasses, d]), bias, centre: middle, epsilon, delta, noiseMultiplier };
}

/**
 * Classes by a linear classifier.
 *
 * @param X Shape [n, d].
 * @returns Shape [n].
 * @throws {RangeError} If the widths differ.
 */
export function predictPrivateLinear({ weights, bias, centre }: PrivateLinear, X: Matrix): Int32Array {
  const [numClasses, d] = weights.shape;
  requireSameLength("predictPrivateLinear", "features", X.shape[1], "weights", d);
  const row = new Float32Array(d);
  return Int32Array.from({ length: X.shape[0] }, (_, i) => {
    row.set(rowOf(X, i));
    if (centre) centreRow(row, centre);
    const scores = Float64Array.from({ length: numClasses }, (_unused, c) => {
      let score = bias[c];
      for (let j = 0; j < d; j++) score += weights.data[c * d + j] * row[j];
      return score;
    });
    return argMax(scores, 0, numClasses);
  });
}
