import type { Tensor3D, Tensor4D } from "@tensorflow/tfjs-node";
import { type Matrix, matrix } from "../matrix";
import { loadTensorflow, type Tensorflow } from "../tensorflow";
import { LARGEST_FLOAT32, largestForProducts, requireFinite, requireFloat32, requireInteger } from "../validate";

export const ORIENTATIONS = 8;
/** Distance between output positions, 2^J with J = 2. */
const STRIDE = 4;
/** Side of the largest kernel. */
const KERNEL_SIZE = 19;
const LOW_PASS_SIGMA = 1.6;

/** Feature maps of one image: 1 of order 0, 16 of order 1, 64 of order 2. */
export const SCATTERING_CHANNELS = 1 + 2 * ORIENTATIONS + ORIENTATIONS ** 2;

/**
 * The real parts, then the imaginary parts, of the Morlet wavelets of one scale: an elongated Gaussian times a wave
 * along its short axis, less as much of the Gaussian as makes the sum 0.
 *
 * @param scale 0 or 1: the wave's length is 8/3 · 2^scale pixels.
 * @returns Kernel of shape [side, side, 1, 16], row-major.
 * @see Bruna & Mallat, IEEE TPAMI 35(8), 2013, §2.1; the constants are those of Andreux et al., JMLR 21(60), 2020.
 */
export function morletKernels(scale: 0 | 1): { side: number; values: Float32Array } {
  const reach = scale === 0 ? 5 : 9;
  const side = 2 * reach + 1;
  const sigma = 0.8 * 2 ** scale;
  const frequency = (0.75 * Math.PI) / 2 ** scale;
  const slant = 4 / ORIENTATIONS;
  const values = new Float32Array(side * side * 2 * ORIENTATIONS);
  for (let k = 0; k < ORIENTATIONS; k++) {
    const angle = (k * Math.PI) / ORIENTATIONS;
    const envelope = new Float64Array(side * side);
    const phase = new Float64Array(side * side);
    let sum = 0;
    let wave = 0;
    for (let row = 0, p = 0; row < side; row++)
      for (let column = 0; column < side; column++, p++) {
        const along = (column - reach) * Math.cos(angle) + (row - reach) * Math.sin(angle);
        const across = (row - reach) * Math.cos(angle) - (column - reach) * Math.sin(angle);
        const distance = along ** 2 + (slant * across) ** 2;
        envelope[p] = (slant * Math.exp(-distance / (2 * sigma ** 2))) / (2 * Math.PI * sigma ** 2);
        phase[p] = frequency * along;
        sum += envelope[p];
        wave += envelope[p] * Math.cos(phase[p]);
      }
    for (let p = 0; p < envelope.length; p++) {
      values[p * 2 * ORIENTATIONS + k] = envelope[p] * (Math.cos(phase[p]) - wave / sum);
      values[p * 2 * ORIENTATIONS + ORIENTATIONS + k] = envelope[p] * Math.sin(phase[p]);
    }
  }
  return { side, values };
}

/** Gaussian averages around the middle of each 4 × 4 block, for maps sampled at the given rows and columns. */
function lowPass(positions: readonly number[], outputs: number): Float32Array {
  const weights = Array.from({ length: outputs }, (_, o) => {
    const center = STRIDE * o + (STRIDE - 1) / 2;
    const row = positions.map((x) => Math.exp(-((x - center) ** 2) / (2 * LOW_PASS_SIGMA ** 2)));
    const whole = Math.sqrt(2 * Math.PI) * LOW_PASS_SIGMA / (positions[1] - positions[0]);
    return row.map((weight) => weight / whole);
  });
  const m = positions.length;
  const values = new Float32Array(m * m * outputs * outputs);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < m; j++)
      for (let a = 0; a < outputs; a++)
        for (let b = 0; b < outputs; b++)
          values[((i * m + j) * outputs + a) * outputs + b] = weights[a][i] * weights[b][j];
  return values;
}

/** |x ∗ ψ| for every orientation, maps last turned first: [n, height, width, 1] → [n · 8, height · width]. */
function moduli(tf: Tensorflow, x: Tensor4D, kernel: Tensor4D, stride: number): { maps: Tensor3D; side: number } {
  const [real, imaginary] = tf.split(tf.square(tf.conv2d(x, kernel, stride, "same")), 2, 3) as [Tensor4D, Tensor4D];
  const modulus = tf.sqrt(tf.add(real, imaginary)) as Tensor4D;
  const [n, side] = modulus.shape;
  return { maps: tf.transpose(modulus, [0, 3, 1, 2]).reshape([n, ORIENTATIONS, side * side]), side };
}

export interface ScatteringOptions {
  /** Multiplies every pixel: 1/255 for grey values. */
  inputScale: number;
  /** Images at a time; 128. It changes memory and speed only. */
  batchSize?: number;
  /** Called after each batch with the number of images done. */
  onProgress?: (done: number) => void;
}

/** Requires that sums over a kernel, times the scale, can be squared in float32. */
export function requireScatterable(fn: string, X: Matrix, scale: number): void {
  const most = largestForProducts(KERNEL_SIZE ** 2) / Math.max(Math.abs(scale), Number.MIN_VALUE);
  requireFloat32(fn, "X", X.data, Math.min(LARGEST_FLOAT32, most));
}

/**
 * The scattering transform of square images with two scales, eight orientations and two orders: averages of |x ∗ ψ| and
 * ||x ∗ ψ| ∗ ψ′| around every fourth pixel. The wavelets are fixed, nothing is learnt, so no privacy is spent.
 *
 * @param X Shape [n, side²], side a multiple of 4; not modified. Beyond the edge all is taken as 0.
 * @returns Shape [n, 81 · (side/4)²]: map by map (order 0; fine then coarse wavelets; then for each fine one the eight
 * coarse ones), each map row by row. For 28 × 28 pixels, 3969 numbers.
 * @throws {RangeError} If the images are not square with such a side, or a pixel is not finite, or too large for
 * float32 once it is scaled and squared.
 * @see Bruna & Mallat, IEEE TPAMI 35(8), 2013; Oyallon & Mallat, CVPR 2015. Here kernels end at 5 and 9 pixels from
 * their middle, and averages sit at the middles of 4 × 4 blocks.
 * @example
 * const features = scatteringFeatures(train.X, { inputScale: 1 / 255 });
 */
export function scatteringFeatures(X: Matrix, options: ScatteringOptions): Matrix<Float32Array> {
  const { inputScale, batchSize = 128, onProgress } = options;
  const [n, d] = X.shape;
  const side = Math.sqrt(d);
  requireInteger("scatteringFeatures", "side of the images", side, STRIDE);
  requireInteger("scatteringFeatures", "a quarter of the side", side / STRIDE, 1);
  requireFinite("scatteringFeatures", "inputScale", [inputScale]);
  requireInteger("scatteringFeatures", "batchSize", batchSize, 1);
  requireScatterable("scatteringFeatures", X, inputScale);
  const tf = loadTensorflow();
  const outputs = side / STRIDE;
  const places = outputs ** 2;
  const width = SCATTERING_CHANNELS * places;
  const data = new Float32Array(n * width);
  const every = (step: number, from: number): number[] =>
    Array.from({ length: side / step }, (_, i) => from + step * i);
  const kernel = (scale: 0 | 1): Tensor4D => {
    const { side: size, values } = morletKernels(scale);
    return tf.tensor4d(values, [size, size, 1, 2 * ORIENTATIONS]);
  };
  const constants = {
    fine: kernel(0),
    coarse: kernel(1),
    full: tf.tensor2d(lowPass(every(1, 0), outputs), [side ** 2, places]),
    // Convolution with stride 2 and "same" padding samples the odd rows and columns.
    half: tf.tensor2d(lowPass(every(2, 1), outputs), [(side / 2) ** 2, places]),
  };
  const average = (maps: Tensor3D, filter: typeof constants.full, count: number): Tensor3D =>
    tf.matMul(maps.reshape([-1, maps.shape[2]]), filter).reshape([count, -1, places]);
  for (let start = 0; start < n; start += batchSize) {
    const count = Math.min(batchSize, n - start);
    tf.tidy(() => {
      const pixels = Float32Array.from(X.data.subarray(start * d, (start + count) * d), (value) => value * inputScale);
      const images = tf.tensor4d(pixels, [count, side, side, 1]);
      const fine = moduli(tf, images, constants.fine, 1);
      const coarse = moduli(tf, images, constants.coarse, 2);
      const second = moduli(tf, fine.maps.reshape([-1, side, side, 1]), constants.coarse, 2);
      const maps = tf.concat([
        average(images.reshape([count, 1, d]), constants.full, count),
        average(fine.maps, constants.full, count),
        average(coarse.maps, constants.half, count),
        average(second.maps, constants.half, count),
      ], 1);
      data.set(maps.dataSync(), start * width);
    });
    onProgress?.(start + count);
  }
  tf.dispose(Object.values(constants));
  return matrix(data, [n, width]);
}
