import { requireRanges, type CategoricalRange, type FeatureRange, type NumericRange } from "../ranges";
import { categoricalSampler } from "./categorical";
import { batchSampler, type Sampler } from "./sampler";

/**
 * Tables where some features are numbers and some categories: a numeric sampler for the former, shares for the latter.
 *
 * @param numeric Makes the sampler of the numeric features; it must give as many points as asked (a grid does not).
 * @throws {RangeError} If a range is wrong, or the numeric sampler gives fewer points than asked.
 * @example
 * mixedSampler(mixedRange(X, { categorical: [3] }), uniformSampler).sample(100, seededRng(1));
 */
export function mixedSampler(ranges: readonly FeatureRange[], numeric: (ranges: NumericRange[]) => Sampler): Sampler {
  requireRanges("mixedSampler", ranges);
  const d = ranges.length;
  const isNumeric = (range: FeatureRange): range is NumericRange => range.kind === "numeric";
  const isCategorical = (range: FeatureRange): range is CategoricalRange => range.kind === "categorical";
  const parts = [
    {
      columns: ranges.flatMap((range, j) => (isNumeric(range) ? [j] : [])),
      make: () => numeric(ranges.filter(isNumeric)),
    },
    {
      columns: ranges.flatMap((range, j) => (isCategorical(range) ? [j] : [])),
      make: () => categoricalSampler(ranges.filter(isCategorical)),
    },
  ]
    .filter(({ columns }) => columns.length > 0)
    .map(({ columns, make }) => ({ columns, sampler: make() }));
  return batchSampler("mixedSampler", d, (n, rng) => {
    const data = new Float64Array(n * d);
    for (const { columns, sampler } of parts) {
      const drawn = sampler.sample(n, rng);
      if (drawn.shape[0] !== n)
        throw new RangeError(`mixedSampler: ${sampler.name} must give ${n} points, got ${drawn.shape[0]}`);
      columns.forEach((j, k) => {
        for (let i = 0; i < n; i++) data[i * d + j] = drawn.data[i * columns.length + k];
      });
    }
    return data;
  });
}
