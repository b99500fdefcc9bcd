import type { Tensor } from "@tensorflow/tfjs-node";
import { holdInterrupts, throwIfInterrupted } from "../../interrupt";
import type { Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { parameterSpecs, type Architecture, type Layer } from "../../training/layers";
import { gatherBatch, requireExamples, requireNetwork, type Network } from "../../training/network";
import { initializeNetwork, networkOf } from "../../training/network-classifier";
import { sgd, type Optimizer } from "../../training/optimizers";
import { freshSlots } from "../../training/parameters";
import { liveLayers } from "../../training/passes";
import { runtimeOf, type Runtime } from "../../training/runtime";
import { requireFinite, requireInteger, requirePositive } from "../../validate";
import { clippedGradients } from "./clipped-gradients";
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
export interface PrivateNetwork extends Network {
  readonly epsilon: number;
  readonly delta: number;
  /** Standard deviation of each step's noise over clipNorm. */
  readonly noiseMultiplier: number;
}

function requirePrivateLayers(layers: readonly Layer[]): void {
  layers.forEach((layer, i) => {
    if (layer.kind === "batchNorm" || layer.kind === "dropout")
      throw new RangeError("trainPrivateNetwork: layers must be dense, conv2d, maxPool or flatten, "
        + `got ${layer.kind} at ${i}${layer.kind === "batchNorm" ? "; batch norm mixes the records of a batch" : ""}`);
  });
}

/** Sums of clipped gradients of a batch, one list a weight; a micro-batch at a time. */
function gradientSums(runtime: Runtime, weights: readonly Tensor[], { architecture, X, y, batch, options }:
  { architecture: Architecture; X: Matrix; y: Int32Array; batch: Int32Array; options: TrainPrivateNetworkOptions }):
  Float64Array[] {
  const { clipNorm, microBatchSize = 256 } = options;
  const { inputShape, inputScale } = architecture;
  const layers = liveLayers(architecture, weights);
  const sums = parameterSpecs(architecture).map((spec) => new Float64Array(spec.size));
  for (let from = 0; from < batch.length; from += microBatchSize) {
    const positions = batch.subarray(from, from + microBatchSize);
    const rows = gatherBatch(X, positions, inputScale);
    const labels = Int32Array.from(positions, (i) => y[i]);
    const gradients = clippedGradients(runtime, layers, { rows, labels, inputShape, clipNorm });
    gradients.forEach((gradient, i) => {
      const values = gradient.dataSync();
      for (let w = 0; w < values.length; w++) sums[i][w] += values[w];
    });
    runtime.tf.dispose(gradients);
  }
  return sums;
}

function requireSettings(fn: string, architecture: Architecture, X: Matrix, y: Int32Array,
  { clipNorm, microBatchSize = 256 }: TrainPrivateNetworkOptions): void {
  requireExamples(fn, architecture, X, y);
  requireFinite(fn, "X", X.data);
  requireInteger(fn, "number of records", y.length, 1);
  requirePositive(fn, "clipNorm", clipNorm);
  requireInteger(fn, "microBatchSize", microBatchSize, 1);
  requirePrivateLayers(architecture.layers);
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
 * @returns A network like any other, and its price.
 * @example
 * const start = mlp({ numFeatures: 784, hidden: [64], numClasses: 10, inputScale: 1 / 255 });
 * const network = trainPrivateNetwork(start, train.X, train.y, {
 *   epsilon: 2, delta: 1e-5, steps: 10, samplingRate: 0.1, clipNorm: 1, rng: seededRng(1),
 * });
 * const predicted = network.predict(test.X);
 */
export function trainPrivateNetwork(start: Architecture | Network, X: Matrix, y: Int32Array,
  options: TrainPrivateNetworkOptions): PrivateNetwork {
  const { epsilon, delta, steps, samplingRate, clipNorm, rng, onProgress } = options;
  const { optimizer = sgd({ learningRate: 0.5, momentum: 0.9 }) } = options;
  const fn = "trainPrivateNetwork";
  const architecture = "architecture" in start ? start.architecture : start;
  if ("architecture" in start) requireNetwork(fn, start);
  requireSettings(fn, architecture, X, y, options);
  const noiseMultiplier = runNoiseMultiplier(fn, options);
  const specs = parameterSpecs(architecture);
  const runtime = runtimeOf();
  const { tf } = runtime;
  // A child depends on its key alone: without a new key a second run would repeat the noise of the first.
  const own = rng.spawn(rng.word());
  const { weights } = "architecture" in start ? start : initializeNetwork(architecture, { rng: own.spawn(0) });
  const store = runtime.parameters(specs, { weights, slots: freshSlots(specs, optimizer) }, optimizer);
  const draws = own.spawn(1);
  const expected = samplingRate * y.length;
  const release = holdInterrupts();
  try {
    for (let step = 1; step <= steps; step++) {
      throwIfInterrupted();
      const batch = poissonBatch(y.length, samplingRate, draws);
      const current = store.read();
      const sums = gradientSums(runtime, current, { architecture, X, y, batch, options });
      tf.dispose(current);
      const noised = specs.map((spec, i) => {
        const mean = sums[i].map((sum) => (sum + noiseMultiplier * clipNorm * draws.normal()) / expected);
        return tf.tensor(Float32Array.from(mean), [...spec.shape]);
      });
      store.apply(noised, step);
      tf.dispose(noised);
      onProgress?.(step);
    }
    return Object.assign(networkOf(architecture, store.values().weights), { epsilon, delta, noiseMultiplier });
  } finally {
    release();
    store.dispose();
  }
}
