import type { Rng } from "../../random";
import { requireNumericRanges, type FeatureRange } from "../ranges";
import { rowSampler, type Sampler } from "./sampler";

/** A gamma variate of any shape above 0; its logarithm, as tiny shapes underflow. @see Marsaglia & Tsang, 2000. */
function logGamma(shape: number, rng: Rng): number {
  if (shape < 1) return logGamma(shape + 1, rng) + Math.log(1 - rng.uniform()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = rng.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - rng.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}

function drawBeta(a: number, b: number, rng: Rng): number {
  return 1 / (1 + Math.exp(logGamma(b, rng) - logGamma(a, rng)));
}

/**
 * Independent beta features over [min, max] with the known mean and deviation: everything an attacker knows of a
 * feature, and nothing more. Stays in range, keeps the skew of sparse features (a normal of the same mean and deviation
 * leaves the range by half), and moves to the two ends where the deviation is large. A deviation larger than the range
 * allows (√((mean − min)(max − mean))) is taken as that limit.
 *
 * @throws {RangeError} If a range is categorical or not finite, or a mean lies outside [min, max].
 * @example
 * const cloud = betaSampler(dynamicalRange(train.X)).sample(1000, seededRng(42));
 */
export function betaSampler(ranges: readonly FeatureRange[]): Sampler {
  requireNumericRanges("betaSampler", ranges);
  const parameters = ranges.map(({ min, max, mean, deviation }, j) => {
    if (mean < min || mean > max)
      throw new RangeError(`betaSampler: ranges[${j}].mean must be in [${min}, ${max}], got ${mean}`);
    const width = max - min;
    const m = (mean - min) / width;
    const freedom = (m * (1 - m) * width * width) / (deviation * deviation) - 1;
    if (!(width > 0 && deviation > 0 && m > 0 && m < 1)) return undefined;
    const sum = Math.max(freedom, 1e-3);
    return { a: m * sum, b: (1 - m) * sum };
  });
  return rowSampler("betaSampler", ranges.length, (row, rng) => {
    parameters.forEach((parameter, j) => {
      const { min, max, mean } = ranges[j];
      row[j] = parameter ? min + (max - min) * drawBeta(parameter.a, parameter.b, rng) : mean;
    });
  });
}
