import type { Tensor } from "@tensorflow/tfjs-node";
import { holdInterrupts, throwIfInterrupted } from "../../interrupt";
import { type Matrix, matrix } from "../../matrix";
import type { Rng } from "../../random";
import { parameterSpecs } from "../../training/layers";
import type { Network, NetworkPart } from "../../training/network";
import { splitNetwork } from "../../training/network-classifier";
import { backwardLayer, forward, type LiveLayer, liveLayers } from "../../training/passes";
import { networkOutputs } from "../../training/predict";
import { type Runtime, runtimeOf } from "../../training/runtime";
import { requireInteger, requirePositive, requireSameLength } from "../../validate";

export interface CondenseImagesOptions {
  /** Networks through whose eyes images are compared, each with grey values as its input; at least one. */
  networks: readonly Network[];
  /** Features are the input of this layer, in [1, layers.length − 1]. */
  layer: number;
  /** Steps, each with one of the networks. */
  iterations: number;
  /** Of Adam on pixels of full ink 1; it falls to 0 in the second half. */
  learningRate: number;
  rng: Rng;
  /** Called after each step with the number of steps done. */
  onProgress?: (step: number) => void;
  /** Ends the work between two steps with the signal's reason. */
  signal?: AbortSignal;
}

/** A trunk where it is computed, and what each image should look like to it. */
interface Eye {
  readonly part: NetworkPart;
  readonly layers: readonly LiveLayer[];
  readonly tensors: readonly Tensor[];
  readonly targets: Tensor;
}

/** Mean features of each group, shape [groups, width]. */
function groupMeans({ data, shape: [n, width] }: Matrix, groups: Int32Array, numGroups: number): Float32Array {
  const means = new Float32Array(numGroups * width);
  const counts = new Float64Array(numGroups);
  for (let i = 0; i < n; i++) {
    counts[groups[i]]++;
    for (let j = 0; j < width; j++) means[groups[i] * width + j] += data[i * width + j];
  }
  return means.map((sum, p) => sum / Math.max(1, counts[Math.floor(p / width)]));
}

function openEyes(runtime: Runtime, X: Matrix, groups: Int32Array, numGroups: number,
  { networks, layer }: CondenseImagesOptions): Eye[] {
  return networks.map((network) => {
    const part = splitNetwork(network, layer).trunk;
    const features = networkOutputs(part, X);
    const tensors = runtime.tensors(parameterSpecs(part.architecture), part.weights);
    const targets = runtime.tf.tensor2d(groupMeans(features, groups, numGroups), [numGroups, features.shape[1]]);
    return { part, layers: liveLayers(part.architecture, tensors), tensors, targets };
  });
}

/** How the squared distance of all images' features to their targets changes with each pixel, at full ink 1. */
function pixelGradient({ tf, ...rest }: Runtime, { part, layers, targets }: Eye, pixels: Float64Array): Float32Array {
  const runtime = { tf, ...rest };
  return tf.tidy(() => {
    const { inputShape, inputScale } = part.architecture;
    const values = Float32Array.from(pixels, (value) => value * 255 * inputScale);
    const tapes = forward(runtime, layers, tf.tensor(values, [targets.shape[0], ...inputShape]), { training: false });
    let dy: Tensor = tf.sub(tapes[tapes.length - 1].y, targets);
    for (let i = layers.length - 1; i >= 0; i--)
      dy = backwardLayer(runtime, layers[i], tapes[i], dy, { input: true, weights: false }).dx as Tensor;
    return dy.dataSync() as Float32Array;
  });
}

/** Adam on pixels that stay within [0, 1]. */
function pixelSteps(pixels: Float64Array): (gradient: Float32Array, learningRate: number) => void {
  const first = new Float64Array(pixels.length);
  const second = new Float64Array(pixels.length);
  let step = 0;
  return (gradient, learningRate) => {
    step++;
    for (let p = 0; p < pixels.length; p++) {
      first[p] = 0.9 * first[p] + 0.1 * gradient[p];
      second[p] = 0.99 * second[p] + 0.01 * gradient[p] ** 2;
      const move = first[p] / (1 - 0.9 ** step) / (Math.sqrt(second[p] / (1 - 0.99 ** step)) + 1e-8);
      pixels[p] = Math.min(1, Math.max(0, pixels[p] - learningRate * move));
    }
  };
}

/**
 * A few images that stand for many: each is changed until networks see it as they see the mean of its group of images.
 * If images and networks were made from nothing but releases, so are the outcome, and no privacy is spent.
 *
 * @param start One image for each group, grey values, shape [numGroups, d]; not modified.
 * @param X The many images, shape [n, d].
 * @param groups The group of each, in [0, numGroups), shape [n].
 * @returns Grey values, shape [numGroups, d].
 * @throws {RangeError} If shapes differ, a group does not exist, or a setting is out of range.
 * @see Zhao & Bilen, WACV 2023 (distribution matching), who match the means of whole classes in untrained networks.
 */
export function condenseImages(
  start: Matrix<Uint8Array>,
  X: Matrix,
  groups: Int32Array,
  options: CondenseImagesOptions,
): Matrix<Uint8Array> {
  const { networks, iterations, learningRate, rng, onProgress, signal } = options;
  const fn = "condenseImages";
  const [numGroups] = start.shape;
  requireSameLength(fn, "X", X.shape[0], "groups", groups.length);
  requireInteger(fn, "columns of X", X.shape[1], start.shape[1], start.shape[1]);
  for (const group of groups) requireInteger(fn, "groups", group, 0, numGroups - 1);
  requireInteger(fn, "number of networks", networks.length, 1);
  requireInteger(fn, "iterations", iterations, 1);
  requirePositive(fn, "learningRate", learningRate);
  const runtime = runtimeOf();
  const eyes = openEyes(runtime, X, groups, numGroups, options);
  const pixels = Float64Array.from(start.data, (value) => value / 255);
  const move = pixelSteps(pixels);
  const release = holdInterrupts();
  try {
    for (let step = 0; step < iterations; step++) {
      throwIfInterrupted(signal);
      const gradient = pixelGradient(runtime, eyes[rng.integer(eyes.length)], pixels);
      move(gradient, learningRate * Math.min(1, 2 * (1 - step / iterations)));
      onProgress?.(step + 1);
    }
  } finally {
    release();
    runtime.tf.dispose(eyes.flatMap(({ tensors, targets }) => [...tensors, targets]));
  }
  return matrix(Uint8Array.from(pixels, (value) => Math.round(255 * value)), start.shape);
}
