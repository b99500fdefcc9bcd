import type { Rng } from "../../random";
import { requireRanges, type CategoricalRange, type FeatureRange } from "../ranges";
import { rowSampler, type Sampler } from "./sampler";

function drawCategory({ values, shares }: CategoricalRange, rng: Rng): number {
  let rest = rng.uniform();
  let drawn = values[0];
  for (let k = 0; k < values.length && rest >= 0; k++) {
    if (shares[k] > 0) drawn = values[k];
    rest -= shares[k];
  }
  return drawn;
}

/**
 * Independent categorical features, each value by its share.
 *
 * @throws {RangeError} If a range is not categorical, or its shares don't sum to 1.
 */
export function categoricalSampler(ranges: readonly FeatureRange[]): Sampler {
  requireRanges("categoricalSampler", ranges);
  const categories = ranges.map((range, j) => {
    if (range.kind !== "categorical")
      throw new RangeError(`categoricalSampler: ranges[${j}] must be categorical, got numeric: use mixedSampler`);
    return range;
  });
  return rowSampler("categoricalSampler", ranges.length, (row, rng) => {
    categories.forEach((range, j) => (row[j] = drawCategory(range, rng)));
  });
}
