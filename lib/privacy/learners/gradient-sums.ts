import type { Tensor2D } from "@tensorflow/tfjs-node";
import { softmaxInPlace } from "../../math/softmax";
import { type Matrix, matrix } from "../../matrix";
import type { Rng } from "../../random";
import { loadTensorflow } from "../../tensorflow";
import { exactNoise, toWhole, unitsFor, wholeSigma } from "../mechanisms/whole-vectors";
import { poissonBatch } from "./private-batches";
import { disposeBlocks, type RecordBlock, recordBlocks, type Records } from "./record-blocks";

/** Weights of a linear model in the classes' order, each class's with its bias last; shape [numClasses · (d + 1)]. */
export type LinearWeights = Float64Array;

/** The sum of the records' gradients, each shortened to clipNorm and divided by it, with the noise of one step. */
export interface GradientSums {
  noisy(weights: LinearWeights): Float64Array;
  dispose(): void;
}

export interface GradientSumsOptions {
  /** Greatest length of one record's gradient. */
  clipNorm: number;
  noiseMultiplier: number;
  rng: Rng;
}

/** Weights and biases apart. */
export function splitBias(weights: LinearWeights, numClasses: number):
  { kernel: Matrix<Float32Array>; bias: Float32Array } {
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

/** In float32, with normal noise. */
export function normalGradientSums(
  records: Records, { clipNorm, noiseMultiplier, samplingRate, rng }: GradientSumsOptions & { samplingRate: number },
): GradientSums {
  const n = records.y.length;
  const everyone = samplingRate === 1 ? recordBlocks(records, poissonBatch(n, 1, rng)) : null;
  return {
    noisy(weights) {
      const blocks = everyone ?? recordBlocks(records, poissonBatch(n, samplingRate, rng));
      const sum = new Float64Array(weights.length);
      const model = { ...splitBias(weights, records.numClasses), clipNorm };
      for (const block of blocks) addGradients(sum, block, model);
      if (!everyone) disposeBlocks(blocks);
      for (let w = 0; w < sum.length; w++) sum[w] += noiseMultiplier * rng.normal();
      return sum;
    },
    dispose() {
      if (everyone) disposeBlocks(everyone);
    },
  };
}

/**
 * In whole numbers, with discrete noise. A record's gradient is the product of two vectors, (p − y) and (x, 1), or x
 * without a bias. Each is rounded to whole units of its own, no longer than what it may be, so their product is whole
 * and no longer than the product of both bounds. Every record is worked out by itself: nothing that is computed for one
 * depends, even in its last digit, on which others there are.
 */
export function wholeGradientSums(
  { X, y, numClasses, bias = true }: Records, { clipNorm, noiseMultiplier, rng }: GradientSumsOptions,
): GradientSums {
  const [n, d] = X.shape;
  const width = d + 1;
  const [rowUnits, errorUnits] = unitsFor("trainPrivateLinear", noiseMultiplier, [width, numClasses]);
  const sigma = wholeSigma(noiseMultiplier, (rowUnits * errorUnits) ** 2);
  const lengths = new Float64Array(n);
  const directions = new Int32Array(n * width);
  const row = new Float64Array(width);
  for (let i = 0; i < n; i++) {
    let square = bias ? 1 : 0;
    for (let j = 0; j < d; j++) square += X.data[i * d + j] ** 2;
    lengths[i] = Math.sqrt(square);
    for (let j = 0; j < d; j++) row[j] = X.data[i * d + j] / (lengths[i] || 1);
    row[d] = bias ? 1 / lengths[i] : 0;
    toWhole(row, rowUnits);
    directions.set(row, i * width);
  }
  const error = matrix(new Float64Array(numClasses), [1, numClasses]);
  const learn = (i: number, weights: LinearWeights): void => {
    for (let c = 0; c < numClasses; c++) {
      let score = weights[c * width + d];
      for (let j = 0; j < d; j++) score += weights[c * width + j] * X.data[i * d + j];
      error.data[c] = score;
    }
    softmaxInPlace(error);
    error.data[y[i]] -= 1;
    let square = 0;
    for (let c = 0; c < numClasses; c++) square += error.data[c] ** 2;
    const length = Math.sqrt(square) * lengths[i];
    const factor = Number.isFinite(length) ? lengths[i] / Math.max(length, clipNorm) : 0;
    for (let c = 0; c < numClasses; c++) error.data[c] = factor && factor * error.data[c];
    toWhole(error.data, errorUnits);
  };
  return {
    noisy(weights) {
      const sum = new Float64Array(weights.length);
      for (let i = 0; i < n; i++) {
        learn(i, weights);
        for (let c = 0; c < numClasses; c++) {
          const share = error.data[c];
          if (share) for (let j = 0; j < width; j++) sum[c * width + j] += share * directions[i * width + j];
        }
      }
      return sum.map((value) => (value + exactNoise(sigma, rng)) / (rowUnits * errorUnits));
    },
    dispose() {},
  };
}
