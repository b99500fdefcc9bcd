import { requireInteger } from "../../validate";
import type { Sampler } from "./sampler";

export interface WholeNumbersOptions {
  /** Lowest value of every feature, an integer. */
  min: number;
  /** Highest value of every feature, an integer of at least `min`. */
  max: number;
}

/**
 * The points of another sampler, rounded to whole numbers and moved into [min, max]: for attributes whose domain is
 * counts or grades, where a fraction asks about a row that can't exist.
 *
 * @throws {RangeError} If `min` or `max` is no integer, or `max` is below `min`.
 * @see Unceta, Nin, Pujol, 2019, §3: synthetic points come from the attributes' domain.
 * @example
 * const grades = wholeNumbers(normalSampler(dynamicalRange(train.X)), { min: 1, max: 10 });
 */
export function wholeNumbers(sampler: Sampler, { min, max }: WholeNumbersOptions): Sampler {
  requireInteger("wholeNumbers", "min", min, Number.MIN_SAFE_INTEGER);
  requireInteger("wholeNumbers", "max", max, min);
  return {
    name: `whole ${sampler.name}`,
    numFeatures: sampler.numFeatures,
    sample(n, rng) {
      const { data, shape } = sampler.sample(n, rng);
      return { data: data.map((value) => Math.min(max, Math.max(min, Math.round(value)))), shape };
    },
  };
}
