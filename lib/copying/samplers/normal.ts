import { requireNumericRanges, type FeatureRange } from "../ranges";
import { batchSampler, type Sampler } from "./sampler";

export interface NormalSamplerOptions {
  /** Moves what falls outside [min, max] onto the nearer end; false unless said, as in PRESC. */
  clip?: boolean;
}

/**
 * Independent normal features with the known mean and deviation.
 *
 * @throws {RangeError} If a range is categorical or not finite.
 * @example
 * const cloud = normalSampler(dynamicalRange(train.X)).sample(1000, seededRng(42));
 */
export function normalSampler(ranges: readonly FeatureRange[], { clip = false }: NormalSamplerOptions = {}): Sampler {
  requireNumericRanges("normalSampler", ranges);
  const d = ranges.length;
  return batchSampler("normalSampler", d, (n, rng) => {
    const data = new Float64Array(n * d);
    for (let i = 0, at = 0; i < n; i++)
      for (let j = 0; j < d; j++) {
        const { min, max, mean, deviation } = ranges[j];
        const value = mean + deviation * rng.normal();
        data[at++] = clip ? Math.min(max, Math.max(min, value)) : value;
      }
    return data;
  });
}
