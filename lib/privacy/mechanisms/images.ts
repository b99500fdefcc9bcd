import { type Matrix, matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireFinite, requireInteger, requireOneOf } from "../../validate";
import { fastNormal } from "./fast-normal";
import { analyticGaussianSigma, classicalGaussianSigma, gaussianEpsilon } from "../accounting/gaussian";

/** Greatest distance between two unit-norm images: √2 if no pixel is negative, else 2. */
export type ImageRange = "non-negative" | "any";

/** What rounding to float32 may do to the square of a length of 1. */
const UNIT_TOLERANCE = 1e-6;

function norm(values: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < values.length; j++) sum += values[j] * values[j];
  return Math.sqrt(sum);
}

/**
 * Divides each image by its Euclidean norm.
 *
 * @param X Shape [n, d]; not modified.
 * @param options.imagesPerNorm How many images in a row share one norm; 1 by default. More is a fault of the source's
 * clustering script (700 there): each image's own norm then is about 1/√700, and a change of one changes them all.
 * @throws {RangeError} If a pixel is not finite or an image is all zero.
 * @example
 * const unit = normalizeImages(X);
 */
export function normalizeImages(
  X: Matrix,
  { imagesPerNorm = 1 }: { imagesPerNorm?: number } = {},
): Matrix<Float32Array> {
  requireInteger("normalizeImages", "imagesPerNorm", imagesPerNorm, 1);
  const [n, d] = X.shape;
  const data = new Float32Array(n * d);
  const buffer = new Float64Array(Math.min(n, imagesPerNorm) * d);
  for (let i = 0; i < n; i += imagesPerNorm) {
    const [from, to] = [i * d, Math.min(n, i + imagesPerNorm) * d];
    const values = buffer.subarray(0, to - from);
    values.set(X.data.subarray(from, to));
    const length = norm(values);
    if (!(length < Infinity)) {
      requireFinite("normalizeImages", "X", X.data);
      throw new RangeError(`normalizeImages: the norm of image ${i} must be finite, got ${length}`);
    }
    if (length === 0) throw new RangeError(`normalizeImages: image ${i} must have a pixel that is not 0, got none`);
    const scale = 1 / length;
    for (let j = 0; j < values.length; j++) data[from + j] = values[j] * scale;
  }
  return matrix(data, [n, d]);
}

export interface NoiseImagesOptions {
  /** The ε asked for, for one image, above 0; neighbours replace one image by another. */
  epsilon: number;
  /** In (0, 1). */
  delta: number;
  /** `non-negative` refuses negative pixels and has sensitivity √2. Default non-negative. */
  range?: ImageRange;
  /**
   * `analytic` gives the ε asked for. `classical` is the source's σ = √(2 ln(1.25/δ))/ε, made for sensitivity 1 and
   * ε ≤ 1, so that the true ε is another. Default analytic.
   */
  calibration?: "analytic" | "classical";
  /**
   * Sets negative results to 0, as the source does: costs no privacy, but biases what is averaged later.
   * Default false.
   */
  clip?: boolean;
  rng: Rng;
}

/** Noised images and what they truly cost. */
export interface NoisedImages {
  X: Matrix<Float32Array>;
  sigma: number;
  sensitivity: number;
  /** The exact ε of one image at δ. */
  epsilon: number;
  delta: number;
}

/**
 * Adds Gaussian noise to unit-norm images, each noised by its owner (local privacy).
 *
 * Warning: for experiments. The noise is float32 from a quick generator; for a release, use
 * `discreteGaussianMechanism`.
 *
 * @param X Unit-norm images, shape [n, d] (`normalizeImages`); not modified.
 * @throws {RangeError} If an image's norm is not 1, a pixel is not finite or, where promised, negative, or a setting is
 * out of range.
 * @see Balle & Wang, ICML 2018.
 * @example
 * const { X: noised, sigma } = noiseImages(normalizeImages(train.X), {
 *   epsilon: 150, delta: 784 ** -2, rng: seededRng(42),
 * });
 */
export function noiseImages(X: Matrix<Float32Array>, options: NoiseImagesOptions): NoisedImages {
  const { range = "non-negative", rng, clip = false } = options;
  requireOneOf("noiseImages", "range", range, ["non-negative", "any"]);
  const [n, d] = X.shape;
  const noise = imageNoise("noiseImages", options);
  const data = addImageNoise(X.data, [n, d], { sigma: noise.sigma, clip, rng }, (i, square, least) => {
    if (!(Math.abs(square - 1) < UNIT_TOLERANCE))
      throw new RangeError(`noiseImages: every image must have norm 1, got ${Math.sqrt(square)} for image ${i}`);
    if (least < 0 && range === "non-negative")
      throw new RangeError(`noiseImages: pixels must be at least 0, got ${least} in image ${i}; or set range to "any"`);
  });
  return { X: matrix(data, [n, d]), ...noise };
}

/** σ for the noise, and what it truly costs one image. */
export function imageNoise(fn: string, options: Omit<NoiseImagesOptions, "rng" | "clip">): Omit<NoisedImages, "X"> {
  const { epsilon, delta, range = "non-negative", calibration = "analytic" } = options;
  requireOneOf(fn, "calibration", calibration, ["analytic", "classical"]);
  const sensitivity = range === "any" ? 2 : Math.SQRT2;
  if (calibration === "analytic")
    return { sigma: analyticGaussianSigma({ epsilon, delta, sensitivity }), sensitivity, epsilon, delta };
  const sigma = classicalGaussianSigma({ epsilon, delta, sensitivity: 1 });
  return { sigma, sensitivity, epsilon: gaussianEpsilon({ sigma, sensitivity, delta }), delta };
}

/** Noise on every pixel; `check` sees each image's squared norm and least pixel in the same pass. */
export function addImageNoise(
  data: Float32Array,
  [n, d]: readonly [number, number],
  { sigma, clip, rng }: { sigma: number; clip: boolean; rng: Rng },
  check?: (image: number, square: number, least: number) => void,
): Float32Array {
  const out = new Float32Array(n * d);
  const noise = new Float32Array(d);
  const fill = fastNormal(rng);
  const floor = clip ? 0 : -Infinity;
  for (let i = 0, p = 0; i < n; i++) {
    fill(noise);
    let square = 0;
    let least = 0;
    for (let j = 0; j < d; j++, p++) {
      const pixel = data[p];
      square += pixel * pixel;
      least = Math.min(least, pixel);
      out[p] = Math.max(floor, pixel + sigma * noise[j]);
    }
    check?.(i, square, least);
  }
  return out;
}
