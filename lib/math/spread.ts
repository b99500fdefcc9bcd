import { requireFinite, requireInteger } from "../validate";
import { largestOf, smallestOf } from "./extremes";

export interface Spread {
  readonly mean: number;
  /** Standard deviation of a sample (divided by n − 1); 0 for one value. */
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Mean, deviation and ends of a measure over several seeds.
 *
 * @throws {RangeError} If there is none or one is not finite.
 */
export function spreadOf(values: ArrayLike<number>): Spread {
  const all = numbersOf("spreadOf", values);
  const middle = meanOf(all);
  const squares = all.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return {
    mean: middle,
    deviation: all.length > 1 ? Math.sqrt(squares / (all.length - 1)) : 0,
    min: smallestOf(all),
    max: largestOf(all),
  };
}

/**
 * The arithmetic mean.
 *
 * @throws {RangeError} If there is no value or one is not finite.
 * @example
 * mean([1, 2, 6]); // 3
 */
export function mean(values: ArrayLike<number>): number {
  return meanOf(numbersOf("mean", values));
}

function numbersOf(caller: string, values: ArrayLike<number>): number[] {
  requireInteger(caller, "number of values", values.length, 1);
  requireFinite(caller, "values", values);
  return Array.from(values);
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
