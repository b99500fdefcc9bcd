import type { Tensor, Tensor2D } from "@tensorflow/tfjs-node";
import { randomWarp, requireSpread, warpMatrix, type WarpSpread } from "../../images/warp";
import { holdInterrupts, throwIfInterrupted } from "../../interrupt";
import { type Matrix, matrix, selectRows } from "../../matrix";
import type { Rng } from "../../random";
import { type Architecture, parameterSpecs } from "../../training/layers";
import { initializeNetwork, splitNetwork } from "../../training/network-classifier";
import { inputWidth } from "../../training/network";
import { backwardLayer, forward, type LiveLayer, liveLayers } from "../../training/passes";
import { type Runtime, runtimeOf } from "../../training/runtime";
import { requireBytes, requireInteger, requirePositive, requireSameLength } from "../../validate";

/** Grey values, shape [n, side²], and classes from 0, shape [n]. */
export interface LabeledImages {
  readonly X: Matrix<Uint8Array>;
  readonly y: Int32Array;
}

export interface CondenseImagesOptions {
  /**
   * Of the untrained networks through which images are compared, a new one at each step; they take grey values and,
   * like all networks here, end in logits. Features should be of the order of 1.
   */
  architecture: Architecture;
  /** Features are the input of this layer, in [1, layers.length − 1]. */
  layer: number;
  /** How far images are warped before networks see them, all of a step alike. */
  spread: WarpSpread;
  /** How many images of each class a step looks at. */
  perClass: number;
  iterations: number;
  /** Of Adam on pixels of full ink 1; it falls to 0 in the second half. */
  learningRate: number;
  rng: Rng;
  /** Called after each step with the number of steps done, and waited for. */
  onProgress?: (step: number) => void | Promise<void>;
  /** Ends the work between two steps with the signal's reason. */
  signal?: AbortSignal;
}

/** An untrained network and a warp, where they are computed. */
interface Eye {
  readonly inputShape: readonly number[];
  readonly layers: readonly LiveLayer[];
  readonly warp: Tensor2D;
}

function openEye(runtime: Runtime, side: number, { architecture, layer, spread, rng }: CondenseImagesOptions): Eye {
  const { trunk } = splitNetwork(initializeNetwork(architecture, { rng: rng.spawn(rng.word()) }), layer);
  const tensors = runtime.tensors(parameterSpecs(trunk.architecture), trunk.weights);
  const { data, shape } = warpMatrix(side, randomWarp(side, spread, rng));
  const weights = data.map((weight) => 255 * architecture.inputScale * weight);
  const warp = runtime.tf.tensor2d(weights, shape as [number, number]);
  return { inputShape: architecture.inputShape, layers: liveLayers(trunk.architecture, tensors), warp };
}

const look = (runtime: Runtime, { inputShape, layers, warp }: Eye, pixels: Tensor2D) =>
  forward(runtime, layers, runtime.tf.reshape(runtime.tf.matMul(pixels, warp), [pixels.shape[0], ...inputShape]),
    { training: false });

/** Takes the mean of each class, shape [numClasses, n]. */
function classMeans({ tf }: Runtime, y: Int32Array, numClasses: number): Tensor2D {
  const counts = new Float64Array(numClasses);
  for (const label of y) counts[label]++;
  const weights = new Float32Array(numClasses * y.length);
  y.forEach((label, i) => (weights[label * y.length + i] = 1 / counts[label]));
  return tf.tensor2d(weights, [numClasses, y.length]);
}

/** Images, and what takes the mean of each class. */
interface Crowd {
  readonly pixels: Tensor2D;
  readonly means: Tensor2D;
}

const crowdOf = (runtime: Runtime, ink: Float32Array, y: Int32Array, numClasses: number): Crowd =>
  ({ pixels: runtime.tf.tensor2d(ink, [y.length, ink.length / y.length]), means: classMeans(runtime, y, numClasses) });

/** How half the squared distance of the classes' mean features changes with each pixel, at full ink 1. */
function pixelGradient(runtime: Runtime, eye: Eye, few: Crowd, many: Crowd): Tensor {
  const { tf } = runtime;
  const meanOf = ({ means, pixels }: Crowd, y: Tensor): Tensor =>
    tf.matMul(means, tf.reshape(y, [pixels.shape[0], -1]));
  const seen = look(runtime, eye, many.pixels);
  const tapes = look(runtime, eye, few.pixels);
  const { y } = tapes[tapes.length - 1];
  const apart = tf.sub(meanOf(few, y), meanOf(many, seen[seen.length - 1].y));
  let dy: Tensor = tf.reshape(tf.matMul(few.means, apart, true), y.shape);
  for (let i = eye.layers.length - 1; i >= 0; i--)
    dy = backwardLayer(runtime, eye.layers[i], tapes[i], dy, { input: true, weights: false }).dx as Tensor;
  return tf.matMul(tf.reshape(dy, few.pixels.shape), eye.warp, false, true);
}

/** Adam on pixels that stay within [0, 1]. */
function pixelSteps(pixels: Float32Array): (gradient: Float32Array, learningRate: number) => void {
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

const inkOf = ({ data }: Matrix<Uint8Array>): Float32Array => Float32Array.from(data, (value) => value / 255);

/** Where the images of each class stand. */
const byClass = (y: Int32Array, numClasses: number): number[][] =>
  Array.from({ length: numClasses }, (_, c) => [...y.keys()].filter((i) => y[i] === c));

function requireImages(fn: string, few: LabeledImages, many: LabeledImages): number {
  const side = Math.sqrt(few.X.shape[1]);
  requireInteger(fn, "side of the images", side, 2);
  const numClasses = 1 + few.y.reduce((most, label) => Math.max(most, label), 0);
  for (const [name, { X, y }] of [["few", few], ["many", many]] as const) {
    requireSameLength(fn, `${name}.X`, X.shape[0], `${name}.y`, y.length);
    requireInteger(fn, `columns of ${name}.X`, X.shape[1], side * side, side * side);
    requireBytes(fn, `${name}.X`, X.data);
    for (const label of y) requireInteger(fn, `${name}.y`, label, 0, numClasses - 1);
    byClass(y, numClasses).forEach((own, c) => requireInteger(fn, `number of ${name} of class ${c}`, own.length, 1));
  }
  return numClasses;
}

function requireArchitecture(fn: string, side: number, { architecture, layer }: CondenseImagesOptions): void {
  const { inputShape, layers } = architecture;
  requireInteger(fn, "input of the networks", inputWidth(architecture), side * side, side * side);
  if (inputShape.length > 1 && !(inputShape[0] === side && inputShape[1] === side))
    throw new RangeError(`${fn}: inputShape must be [${side}, ${side}, 1] for these images, got [${inputShape}]`);
  requireInteger(fn, "number of layers", layers.length, 2);
  requireInteger(fn, "layer", layer, 1, layers.length - 1);
}

/**
 * A few images that stand for many: pixels are changed until the mean of each class looks to untrained networks as the
 * mean of that class in the many. If the images were made from nothing but releases, so is the outcome, and no privacy
 * is spent.
 *
 * @param few Where to start, of every class at least one; not modified.
 * @param many Images of the same classes and size.
 * @returns Grey values, shaped like `few.X`, with the labels of `few`.
 * @throws {RangeError} If shapes differ, a class is missing on one side, a setting is out of range, or features
 * overflow.
 * @see Zhao & Bilen, WACV 2023 (distribution matching); Zhao & Bilen, ICML 2021, for warping both sides alike.
 */
export async function condenseImages(few: LabeledImages, many: LabeledImages, options: CondenseImagesOptions):
  Promise<Matrix<Uint8Array>> {
  const { spread, perClass, iterations, learningRate, rng, onProgress, signal } = options;
  const fn = "condenseImages";
  const numClasses = requireImages(fn, few, many);
  const side = Math.sqrt(few.X.shape[1]);
  requireArchitecture(fn, side, options);
  requireSpread(fn, spread, "spread");
  requireInteger(fn, "perClass", perClass, 1);
  requireInteger(fn, "iterations", iterations, 1);
  requirePositive(fn, "learningRate", learningRate);
  const runtime = runtimeOf();
  const pixels = inkOf(few.X);
  const move = pixelSteps(pixels);
  const own = byClass(many.y, numClasses);
  const labels = Int32Array.from({ length: numClasses * perClass }, (_, i) => Math.floor(i / perClass));
  const release = holdInterrupts();
  try {
    for (let step = 0; step < iterations; step++) {
      throwIfInterrupted(signal);
      const rows = Array.from(labels, (label) => own[label][rng.integer(own[label].length)]);
      const gradient = runtime.tf.tidy(() => pixelGradient(runtime, openEye(runtime, side, options),
        crowdOf(runtime, pixels, few.y, numClasses),
        crowdOf(runtime, inkOf(selectRows(many.X, rows)), labels, numClasses)).dataSync() as Float32Array);
      if (!gradient.every(Number.isFinite)) throw new RangeError(`${fn}: what the networks see overflows float32`);
      move(gradient, learningRate * Math.min(1, 2 * (1 - step / iterations)));
      await onProgress?.(step + 1);
    }
  } finally {
    release();
  }
  return matrix(Uint8Array.from(pixels, (value) => Math.round(255 * value)), few.X.shape);
}
