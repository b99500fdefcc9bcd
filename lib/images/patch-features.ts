import { throwIfInterrupted } from "../interrupt";
import { largestOf, smallestOf } from "../math/extremes";
import { symmetricEigen } from "../math/symmetric-eigen";
import { matrix, type Matrix, type NumericArray } from "../matrix";
import type { Rng } from "../random";
import { loadTensorflow, tidyNumbers } from "../tensorflow";
import { largestForProducts, requireFloat32, requireImageShape, requireInteger } from "../validate";
import { gridMeans } from "./grid-means";

export interface PatchFeaturesOptions {
  /** [height, width, channels], channels last. */
  imageShape: readonly number[];
  /**
   * Patches that every place of an image is compared with.
   * @defaultValue 128
   */
  filters?: number;
  /**
   * Side of a patch, at most that of an image. Work grows with the sixth power: beyond 8 it takes seconds, and minutes
   * beyond 12.
   * @defaultValue 6
   */
  patchSize?: number;
  /**
   * Cells of the grid along each side in which answers are averaged.
   * @defaultValue 3
   */
  grid?: number;
  /**
   * Answer with the mean for an image and its mirror image: right for photographs, wrong where one class is another's
   * mirror image.
   * @defaultValue false
   */
  mirror?: boolean;
  /** Images that patches are drawn from, so that others can be compared with the same ones; X itself unless told. */
  patchesOf?: Matrix;
  /** Draws the patches. */
  rng: Rng;
}

/** Of the patches that images are compared with. */
export type Patches = Omit<PatchFeaturesOptions, "imageShape" | "rng">;

/** What `patchFeatures` works with when told this. @internal */
export function completePatches({ filters = 128, patchSize = 6, grid = 3, mirror = false }: Patches) {
  return { filters, patchSize, grid, mirror };
}

/** Patches from which directions of variation are learned. @internal */
export const PATCH_SAMPLE = 10_000;

/** Images at a time. */
const BATCH = 50;

/** What is added to each direction's variance, as a share of the mean; answers below this many deviations are 0. */
const [SOFTENING, THRESHOLD] = [0.1, 0.5];

/** Patches at random places of random images, each less its own mean, shape [PATCH_SAMPLE, patchSize² · channels]. */
function drawPatches({ data, shape: [n, width] }: Matrix, { imageShape, patchSize, rng }: Drawing): Float64Array {
  const [height, columns, channels] = imageShape;
  const size = patchSize ** 2 * channels;
  const patches = new Float64Array(PATCH_SAMPLE * size);
  for (let k = 0; k < PATCH_SAMPLE; k++) {
    const [i, r, c] = [rng.integer(n), rng.integer(height - patchSize + 1), rng.integer(columns - patchSize + 1)];
    let sum = 0;
    for (let j = 0; j < size; j++) {
      const [row, rest] = [Math.floor(j / (patchSize * channels)), j % (patchSize * channels)];
      sum += patches[k * size + j] = data[i * width + ((r + row) * columns + c) * channels + rest];
    }
    for (let j = 0; j < size; j++) patches[k * size + j] -= sum / size;
  }
  return patches;
}

type Drawing = Pick<Required<PatchFeaturesOptions>, "imageShape" | "patchSize" | "rng">;

/** A convolution that compares whitened patches of an image with whitened patches that were drawn. */
interface Comparison {
  /** Shape [size, filters]. */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** Directions of variation: W = V (Λ + ε)^(−1/2) Vᵀ, shape [size, size], and the mean patch. */
function whitening(patches: Float64Array, size: number): { W: Float64Array; mean: Float64Array } {
  const mean = new Float64Array(size);
  for (let j = 0; j < patches.length; j++) mean[j % size] += patches[j] / PATCH_SAMPLE;
  const tf = loadTensorflow();
  const covariance = tidyNumbers(tf, () => {
    const rows = tf.tensor2d(Float32Array.from(patches), [PATCH_SAMPLE, size]);
    const centered = tf.sub(rows, tf.tensor1d(Float32Array.from(mean)));
    const products = tf.matMul(centered as never, centered as never, true, false);
    return tf.div(products, PATCH_SAMPLE).dataSync() as Float32Array;
  });
  const { values, vectors } = symmetricEigen(matrix(covariance, [size, size]));
  const softening = SOFTENING * values.reduce((sum, value) => sum + value / size, 0) || 1;
  const W = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    const scale = 1 / Math.sqrt(Math.max(values[k], 0) + softening);
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++) W[a * size + b] += scale * vectors.data[k * size + a] * vectors.data[k * size + b];
  }
  return { W, mean };
}

/** The first patches, whitened and of length 1, as filters that whiten what they are compared with. */
function comparison(patches: Float64Array, size: number, filters: number): Comparison {
  const { W, mean } = whitening(patches, size);
  const white = (v: ArrayLike<number>, from = 0): Float64Array => Float64Array.from({ length: size }, (_, a) => {
    let sum = 0;
    for (let b = 0; b < size; b++) sum += W[a * size + b] * v[from + b];
    return sum;
  });
  const kernel = new Float32Array(size * filters);
  const bias = new Float32Array(filters);
  for (let f = 0; f < filters; f++) {
    const patch = white(Float64Array.from(mean, (value, j) => patches[f * size + j] - value));
    const length = Math.sqrt(patch.reduce((sum, value) => sum + value ** 2, 0)) || 1;
    const filter = white(patch.map((value) => value / length));
    const middle = filter.reduce((sum, value) => sum + value / size, 0);
    filter.forEach((value, j) => {
      kernel[j * filters + f] = value - middle;
      bias[f] -= mean[j] * value;
    });
  }
  return { kernel, bias };
}

/** Requires that float32 can tell pixels apart, unless all are the same. */
function requireVaried(name: string, pixels: NumericArray): void {
  if (!(pixels instanceof Float64Array)) return;
  const [low, high] = [smallestOf(pixels), largestOf(pixels)];
  if (high > low && high - low < 1e-6 * Math.max(Math.abs(low), Math.abs(high)))
    throw new RangeError(`patchFeatures: ${name} must vary by what float32 can hold, lies in [${low}, ${high}]: `
      + "take the mean away first");
}

/**
 * Features of images that no label has a part in: each place is compared with patches of the images themselves, all
 * whitened, and how much it is like each of them, or like its negative, is averaged over a coarse grid.
 *
 * @param X Shape [n, height · width · channels], n at least 1.
 * @returns Shape [n, 2 · filters · grid²].
 * @throws {RangeError} If the shape is not that of the images, a number is not finite, or an option is out of range.
 * @see Coates & Ng, ICML 2011, §3: random patches of the data as the dictionary, a soft threshold as the encoder.
 * @example
 * const digits = matrix(Float32Array.from({ length: 784 }, (_, i) => i % 7), [1, 784]);
 * patchFeatures(digits, { imageShape: [28, 28, 1], filters: 4, rng: seededRng(1) }).shape; // [1, 72]
 */
export function patchFeatures(X: Matrix, options: PatchFeaturesOptions): Matrix<Float32Array> {
  const { imageShape, patchesOf = X, rng } = options;
  const { filters, patchSize, grid, mirror } = completePatches(options);
  const [n, width] = X.shape;
  requireImageShape("patchFeatures", "imageShape", imageShape);
  const [height, columns, channels] = imageShape;
  const pixels = height * columns * channels;
  for (const [name, images] of [["X", X], ["patchesOf", patchesOf]] as const) {
    requireInteger("patchFeatures", `rows of ${name}`, images.shape[0], 1);
    requireInteger("patchFeatures", `columns of ${name}`, images.shape[1], pixels, pixels);
    // Patches are multiplied with each other, in float32.
    requireFloat32("patchFeatures", name, images.data, largestForProducts(PATCH_SAMPLE));
    requireVaried(name, images.data);
  }
  requireInteger("patchFeatures", "filters", filters, 1, PATCH_SAMPLE);
  requireInteger("patchFeatures", "patchSize", patchSize, 1, Math.min(height, columns));
  const [tall, wide] = [height - patchSize + 1, columns - patchSize + 1];
  requireInteger("patchFeatures", "grid", grid, 1, Math.min(tall, wide));
  const size = patchSize ** 2 * channels;
  const patches = drawPatches(patchesOf, { imageShape, patchSize, rng });
  const { kernel, bias } = comparison(patches, size, filters);
  const tf = loadTensorflow();
  const features = new Float32Array(n * 2 * filters * grid ** 2);
  const perRow = 2 * filters * grid ** 2;
  const [filter, offset] = [tf.tensor4d(kernel, [patchSize, patchSize, channels, filters]), tf.tensor1d(bias)];
  try {
    for (let from = 0; from < n; from += BATCH) {
      throwIfInterrupted();
      const count = Math.min(BATCH, n - from);
      const answers = tidyNumbers(tf, () => {
        const rows = Float32Array.from(X.data.subarray(from * width, (from + count) * width));
        const x = tf.tensor4d(rows, [count, height, columns, channels]);
        const answer = (images: typeof x) => {
          const likeness = tf.add(tf.conv2d(images, filter, 1, "valid"), offset);
          return tf.concat([tf.relu(tf.sub(likeness, THRESHOLD)), tf.relu(tf.sub(tf.neg(likeness), THRESHOLD))], 3);
        };
        const all = mirror ? tf.div(tf.add(answer(x), answer(tf.reverse(x, 2))), 2) : answer(x);
        return all.dataSync() as Float32Array;
      });
      const means = gridMeans(matrix(answers, [count, tall * wide * 2 * filters]), [tall, wide, 2 * filters], grid);
      features.set(means.data as Float32Array, from * perRow);
    }
  } finally {
    tf.dispose([filter, offset]);
  }
  return matrix(features, [n, perRow]);
}
