import { requireImageShape, requireInteger } from "../../validate";
import { rowSampler, type Sampler } from "./sampler";

export interface ImageRandomSamplerOptions {
  /** [height, width, channels]. */
  imageShape: readonly [number, number, number];
  /** Smallest pixel value, an integer; 0 unless said. */
  min?: number;
  /** Largest pixel value, an integer; 255 unless said. */
  max?: number;
}

/**
 * Images of noise: every pixel drawn evenly from the integers of its range. Real images are nothing like
 * it, which is what it is there to show.
 *
 * @throws {RangeError} If a size or pixel value is not an integer, or max is below min.
 */
export function imageRandomSampler({ imageShape, min = 0, max = 255 }: ImageRandomSamplerOptions): Sampler {
  requireImageShape("imageRandomSampler", "imageShape", imageShape);
  requireInteger("imageRandomSampler", "min", min, Number.MIN_SAFE_INTEGER);
  requireInteger("imageRandomSampler", "max", max, min);
  const pixels = imageShape[0] * imageShape[1] * imageShape[2];
  return rowSampler("imageRandomSampler", pixels, (row, rng) => {
    for (let j = 0; j < pixels; j++) row[j] = min + rng.integer(max - min + 1);
  });
}
