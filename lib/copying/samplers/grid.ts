import { requireNumericRanges, type FeatureRange } from "../ranges";
import { batchSampler, type Sampler } from "./sampler";

/** The largest k with kᵈ ≤ n, free of rounding. */
function stepsPerFeature(n: number, d: number): number {
  let k = Math.max(1, Math.floor(n ** (1 / d)));
  while ((k + 1) ** d <= n) k++;
  while (k > 1 && k ** d > n) k--;
  return k;
}

/**
 * A regular grid with the same number k of values in every feature, ends included: kᵈ points, the most that n allows
 * (one point, the middle of the box, where n < 2ᵈ). Draws nothing at random.
 *
 * @throws {RangeError} If a range is categorical, not finite, or its max is below its min.
 * @example
 * gridSampler(dynamicalRange(fromRows([[0, 0], [1, 2]]))).sample(5, rng); // [[0, 0], [0, 2], [1, 0], [1, 2]]
 */
export function gridSampler(ranges: readonly FeatureRange[]): Sampler {
  requireNumericRanges("gridSampler", ranges);
  const d = ranges.length;
  return batchSampler("gridSampler", d, (n) => {
    if (n === 0) return new Float64Array(0);
    const k = stepsPerFeature(n, d);
    const count = k ** d;
    const data = new Float64Array(count * d);
    for (let i = 0; i < count; i++)
      for (let j = d - 1, rest = i; j >= 0; j--, rest = Math.floor(rest / k)) {
        const { min, max } = ranges[j];
        data[i * d + j] = k === 1 ? (min + max) / 2 : min + ((max - min) * (rest % k)) / (k - 1);
      }
    return data;
  });
}
