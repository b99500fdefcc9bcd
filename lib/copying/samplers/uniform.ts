import { requireNumericRanges, type FeatureRange } from "../ranges";
import { batchSampler, type Sampler } from "./sampler";

/**
 * Points spread evenly over the box of the ranges: the source's "constrained" cloud.
 *
 * @throws {RangeError} If a range is categorical, not finite, or its max is below its min.
 * @example
 * const cloud = uniformSampler(dynamicalRange(train.X)).sample(1000, seededRng(42));
 */
export function uniformSampler(ranges: readonly FeatureRange[]): Sampler {
  requireNumericRanges("uniformSampler", ranges);
  const d = ranges.length;
  const low = Float64Array.from(ranges, (range) => range.min);
  const width = Float64Array.from(ranges, (range) => range.max - range.min);
  return batchSampler("uniformSampler", d, (n, rng) => {
    const data = new Float64Array(n * d);
    for (let i = 0, at = 0; i < n; i++) for (let j = 0; j < d; j++) data[at++] = low[j] + width[j] * rng.uniform();
    return data;
  });
}
