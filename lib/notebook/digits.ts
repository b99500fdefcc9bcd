import { largestOf, smallestOf } from "../math/extremes";
/** How finely numbers are told apart: what an axis spans decides, not how large they are. */

/** Places that a figure tells apart along an axis. */
const PLACES = 1e4;
const FEWEST = 4;
const MOST = 17;

export interface Axis {
  /** What the axis shows where that is less than all the numbers. */
  range?: readonly [number, number];
  scale?: "linear" | "log";
}

const clamp = (digits: number): number => Math.min(MOST, Math.max(FEWEST, digits));

/** The smallest and the largest of the finite numbers; [Infinity, −Infinity] where there is none. */
export function extentOf(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  return [low, high];
}

/** Significant digits that tell `value` from a neighbour one `step` away; from 4 to 17. */
export function significantDigits(value: number, step: number): number {
  if (!(step > 0) || !Number.isFinite(value)) return MOST;
  return value === 0 ? FEWEST : clamp(Math.floor(Math.log10(Math.abs(value))) - Math.floor(Math.log10(step)) + 1);
}

/** On a logarithmic axis the ratio of neighbours is the same everywhere, and so are their digits. */
function logDigits([low, high]: readonly [number, number]): number {
  const step = Math.log(high / low) / PLACES;
  return step > 0 && Number.isFinite(step) ? clamp(1 - Math.floor(Math.log10(step))) : MOST;
}

/**
 * Numbers as plain JSON, with the digits that an axis of their extent can show: a ten-thousandth of it, or finer.
 * What is not finite becomes null.
 */
export function compact(values: ArrayLike<number>, { range, scale = "linear" }: Axis = {}): (number | null)[] {
  const extents = [extentOf(values), ...(range ? [range] : [])].filter(([low, high]) => low < high);
  const step = smallestOf(extents.map(([low, high]) => (high - low) / PLACES));
  const ratios = extents.filter(([low]) => low > 0).map(logDigits);
  const digits = scale === "log" && ratios.length ? () => largestOf(ratios)
    : (value: number) => significantDigits(value, extents.length ? step : 0);
  return Array.from(values, (value) =>
    Number.isFinite(value) ? Number(value.toPrecision(digits(value))) : null);
}
