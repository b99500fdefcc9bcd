import { requireNumericRanges, type FeatureRange } from "../ranges";
import { batchSampler, type Sampler } from "./sampler";

/**
 * Points of which every feature visits each of n equal slices of its range once.
 *
 * @throws {RangeError} If a range is categorical, not finite, or its max is below its min.
 * @see McKay, Beckman, Conover, Technometrics 21(2), 1979.
 */
export function latinHypercubeSampler(ranges: readonly FeatureRange[]): Sampler {
  requireNumericRanges("latinHypercubeSampler", ranges);
  const d = ranges.length;
  return batchSampler("latinHypercubeSampler", d, (n, rng) => {
    const data = new Float64Array(n * d);
    ranges.forEach(({ min, max }, j) => {
      const slices = rng.permutation(n);
      for (let i = 0; i < n; i++) data[i * d + j] = min + ((max - min) * (slices[i] + rng.uniform())) / n;
    });
    return data;
  });
}
