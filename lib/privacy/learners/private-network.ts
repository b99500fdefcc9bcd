import type { Tensor, Tensor3D, Tensor4D } from "@tensorflow/tfjs-node";
import { holdInterrupts, throwIfInterrupted } from "../../interrupt";
import type { Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { parameterSpecs, type Architecture, type ConvolutionLayer, type Layer } from "../../training/layers";
import { gatherBatch, requireExamples, requireNetwork, type Network } from "../../training/network";
import { initializeNetwork, networkOf } from "../../training/network-classifier";
import { sgd, type Optimizer } from "../../training/optimizers";
import { freshSlots } from "../../training/parameters";
import { backwardLayer, forward, liveLayers, type LiveLayer } from "../../training/passes";
import { runtimeOf, type Runtime } from "../../training/runtime";
import { requireFinite, requireInteger, requirePositive } from "../../validate";
import { poissonBatch, runNoiseMultiplier, type PrivateRun } from "./private-batches";

export interface TrainPrivateNetworkOptions extends PrivateRun {
  /** Greatest length of one record's gradient over all weights together. */
  clipNorm: number;
  /** `sgd({ learningRate: 0.5, momentum: 0.9 })`. */
  optimizer?: Optimizer;
  /** Records whose norms are computed at a time; 256. It changes memory and speed only. */
  microBatchSize?: number;
  /** First weights, batches and noise. */
  rng: Rng;
  /** Called after each step with the number of steps done. */
  onProgress?: (step: number) => void;
}

/** A network and what it costs the records it was trained on. */
export interface PrivateNetwork {
  network: Network;
  epsilon: number;
  delta: number;
  /** Standard deviation of each step's noise over clipNorm. */
  noiseMultiplier: number;
}

function requirePrivateLayers(layers: readonly Layer[]): void {
  layers.forEach((layer, i) => {
    if (layer.kind === "batchNorm" || layer.kind === "dropout")
      throw new RangeError("trainPrivateNetwork: layers must be dense, conv2d, maxPool or flatten, "
        + `got ${layer.kind} at ${i}${layer.kind === "batchNorm" ? "; batch norm mixes the records of a batch" : ""}`);
  });
}

/** Each output pixel's window of inputs: [n, pixels, kernelSize² · channels]. */
function windows(runtime: Runtime, x: Tensor4D, layer: ConvolutionLayer, height: number, width: number): Tensor3D {
  const { tf } = runtime;
  const size = layer.kernelSize;
  const before = layer.padding === "same" ? Math.floor((size - 1) / 2) : 0;
  const after = layer.padding === "same" ? size - 1 - before : 0;
  const padded = tf.pad(x, [[0, 0], [before, after], [before, after], [0, 0]]);
  const [n, , , channels] = x.shape;
  const shifts = Array.from({ length: size * size }, (_, s) =>
    tf.slice(padded, [0, Math.floor(s / size), s % size, 0], [n, height, width, channels]));
  return tf.concat(shifts, 3).reshape([n, height * width, size * size * channels]);
}

/** Squared length of each record's gradient by a layer's weights, [n]; dz is the gradient by the activation's input. */
function squaredNorms(runtime: Runtime, layer: Layer, x: Tensor, dz: Tensor): Tensor {
  const { tf } = runtime;
  if (layer.kind === "dense")
    return tf.mul(tf.add(tf.sum(tf.square(x), 1), 1), tf.sum(tf.square(dz), 1));
  const [n, height, width, filters] = (dz as Tensor4D).shape;
  const flat = dz.reshape([n, height * width, filters]) as Tensor3D;
  const inputs = windows(runtime, x as Tensor4D, layer as ConvolutionLayer, height, width);
  const kernels = tf.matMul(inputs, flat, true, false);
  return tf.add(tf.sum(tf.square(kernels), [1, 2]), tf.sum(tf.square(tf.sum(flat, 1)), 1));
}

/** The sum of the records' clipped gradients, one tensor a weight. @internal */
export function clippedGradients(runtime: Runtime, inputShape: readonly number[], layers: readonly LiveLayer[],
  batch: Float32Array, labels: Int32Array, clipNorm: number): Tensor[] {
  const { tf, ops } = runtime;
  return tf.tidy(() => {
    const x = tf.tensor(batch, [labels.length, ...inputShape], "float32");
    const tapes = forward(runtime, layers, x, { training: false });
    let [, dy] = ops.softmaxCrossEntropy(tapes[tapes.length - 1].y, tf.tensor1d(labels, "int32"));
    const first = layers.findIndex(({ weights }) => weights.length > 0);
    const outputGradients: Tensor[] = [];
    const squares: Tensor[] = [];
    for (let i = layers.length - 1; i >= first; i--) {
      const { layer } = layers[i];
      outputGradients[i] = dy;
      if (layer.kind === "dense" || layer.kind === "conv2d") {
        const dz = ops.activationGradient(layer.activation, dy, tapes[i].y);
        squares.push(squaredNorms(runtime, layer, tapes[i].x, dz));
      }
      const { dx } = backwardLayer(runtime, layers[i], tapes[i], dy, { input: i > first, weights: false });
      if (dx) dy = dx;
    }
    const factors = tf.div(clipNorm, tf.maximum(tf.sqrt(tf.addN(squares)), clipNorm));
    // Backward passes are linear in each record's own gradient: scaled ones give the sum of clipped gradients.
    return layers.flatMap((live, i) => {
      if (!live.weights.length) return [];
      const column = [-1, ...outputGradients[i].shape.slice(1).map(() => 1)];
      const scaled = tf.mul(outputGradients[i], factors.reshape(column));
      return [...backwardLayer(runtime, live, tapes[i], scaled, { input: false, weights: true }).gradients];
    });
  });
}

/**
 * Trains a network by DP-SGD with Poisson batches: each record's gradient is shortened to clipNorm, and noise is added
 * to their sum. Records' gradients are not kept: for a dense layer the squared length is (‖x‖² + 1) ‖dz‖² from one
 * backward pass, for a convolution it comes from one micro-batch's kernels at a time; then the shortened sum is made
 * from gradients scaled record by record. The number of records is taken as public.
 *
 * Warning: for experiments. The noise is rounded to float32; see `discreteGaussianMechanism` for exact noise.
 *
 * @param start Dense, conv2d, maxPool and flatten layers with fresh weights from `rng`, or a network to go on from,
 * whose weights must be public.
 * @param X Shape [n, product of inputShape], finite; not modified.
 * @param y Classes, shape [n].
 * @throws {RangeError} If data and architecture don't fit, a layer mixes records, or a setting is out of range.
 * @see Abadi et al., CCS 2016, algorithm 1; Goodfellow, arXiv 1510.01799, for norms without gradients; Li et al.,
 * ICLR 2022 (arXiv 2110.05679), §4.
 * @example
 * const { network } = trainPrivateNetwork(mlp({ numFeatures: 784, hidden: [64], numClasses: 10, inputScale: 1 / 255 }),
 *   train.X, train.y, { epsilon: 2, delta: 1e-5, steps: 300, samplingRate: 0.02, clipNorm: 1, rng: seededRng(1) });
 */
export function trainPrivateNetwork(start: Architecture | Network, X: Matrix, y: Int32Array,
  options: TrainPrivateNetworkOptions): PrivateNetwork {
  const { epsilon, delta, steps, samplingRate, clipNorm, microBatchSize = 256, rng, onProgress } = options;
  const { optimizer = sgd({ learningRate: 0.5, momentum: 0.9 }) } = options;
  const fn = "trainPrivateNetwork";
  const architecture = "architecture" in start ? start.architecture : start;
  if ("architecture" in start) requireNetwork(fn, start);
  requireExamples(fn, architecture, X, y);
  requireFinite(fn, "X", X.data);
  requireInteger(fn, "number of records", y.length, 1);
  requirePositive(fn, "clipNorm", clipNorm);
  requireInteger(fn, "microBatchSize", microBatchSize, 1);
  requirePrivateLayers(architecture.layers);
  const noiseMultiplier = runNoiseMultiplier(fn, options);
  const specs = parameterSpecs(architecture);
  const runtime = runtimeOf();
  const { tf } = runtime;
  // A child depends on its key alone: without a new key a second run would repeat the noise of the first.
  const own = rng.spawn(rng.word());
  const { weights } = "architecture" in start ? start : initializeNetwork(architecture, { rng: own.spawn(0) });
  const store = runtime.parameters(specs, { weights, slots: freshSlots(specs, optimizer) }, optimizer);
  const draws = own.spawn(1);
  const release = holdInterrupts();
  try {
    for (let step = 1; step <= steps; step++) {
      throwIfInterrupted();
      const batch = poissonBatch(y.length, samplingRate, draws);
      const sums = specs.map((spec) => new Float64Array(spec.size));
      const current = store.read();
      const layers = liveLayers(architecture, current);
      for (let from = 0; from < batch.length; from += microBatchSize) {
        const positions = batch.subarray(from, from + microBatchSize);
        const rows = gatherBatch(X, positions, architecture.inputScale);
        const labels = Int32Array.from(positions, (i) => y[i]);
        const gradients = clippedGradients(runtime, architecture.inputShape, layers, rows, labels, clipNorm);
        gradients.forEach((gradient, i) => {
          const values = gradient.dataSync();
          for (let w = 0; w < values.length; w++) sums[i][w] += values[w];
        });
        tf.dispose(gradients);
      }
      tf.dispose(current);
      const expected = samplingRate * y.length;
      const noised = specs.map((spec, i) => {
        const mean = sums[i].map((sum) => (sum + noiseMultiplier * clipNorm * draws.normal()) / expected);
        return tf.tensor(Float32Array.from(mean), [...spec.shape]);
      });
      store.apply(noised, step);
      tf.dispose(noised);
      onProgress?.(step);
    }
    return { network: networkOf(architecture, store.values().weights), epsilon, delta, noiseMultiplier };
  } finally {
    release();
    store.dispose();
  }
}
