import { type Matrix, matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireInRange } from "../../validate";
import { addImageNoise, imageNoise, type NoisedImages, normalizeImages } from "./images";

export interface SourceImagesOptions {
  /** The ε the source claims, above 0. */
  epsilon: number;
  /** In (0, 1); the source's is 784⁻². */
  delta: number;
  /** Divide by 255 after normalising and noising: the fault that made every ε look "too damaging". */
  divideAfterNoise: boolean;
  /** Clip negative pixels to 0 after noising. */
  clipAtZero: boolean;
  /** How many images share one norm: 1, or 700 as in the source's clustering script. */
  imagesPerNorm: number;
  rng: Rng;
}

/**
 * Noised images as the source of "Differential privacy on MNIST" made them, each of its faults a switch: normalise, add
 * noise of the classical σ, then perhaps clip and perhaps divide by 255 once more.
 *
 * @param X Raw grey values, shape [n, d]; not modified.
 * @returns Images, and the exact ε for one image at sensitivity √2. A shared norm does not lower it: the images that
 * share one are together one vector of length 1, and since a new image changes the norm of all, it may move that vector
 * by up to √2, however small its own part.
 * @throws {RangeError} If a pixel is negative or not finite, an image is all zero, or a setting is out of range.
 * @example
 * const { X: noised, sigma } = sourceNoisedImages(X, {
 *   epsilon: 2000, delta: 784 ** -2, divideAfterNoise: true, clipAtZero: true, imagesPerNorm: 1, rng: seededRng(1),
 * });
 */
export function sourceNoisedImages(X: Matrix, options: SourceImagesOptions): NoisedImages {
  const { epsilon, delta, divideAfterNoise, clipAtZero, imagesPerNorm, rng } = options;
  for (let i = 0; i < X.data.length; i++)
    if (!(X.data[i] >= 0)) requireInRange("sourceNoisedImages", "X", X.data[i], 0, 255);
  const unit = normalizeImages(X, { imagesPerNorm });
  const { sigma, ...cost } = imageNoise("sourceNoisedImages", { epsilon, delta, calibration: "classical" });
  const [n, d] = X.shape;
  const data = addImageNoise(unit.data, [n, d], { sigma, clip: clipAtZero, rng });
  if (divideAfterNoise) for (let i = 0; i < data.length; i++) data[i] /= 255;
  return { X: matrix(data, X.shape), sigma, ...cost };
}
