import type { NumericRange } from "../ranges";

/** All points x with low < x ≤ high in every feature: where a tree's questions lead to one node. */
export interface Box {
  /** Exclusive, shape [d]. */
  readonly low: Float64Array;
  /** Inclusive, shape [d]. */
  readonly high: Float64Array;
}

const float = new Float64Array(1);
const words = new BigInt64Array(float.buffer);

/** The next double above a finite one. */
export function nextUp(x: number): number {
  if (x === 0) return Number.MIN_VALUE;
  float[0] = x;
  words[0] += x > 0 ? 1n : -1n;
  return float[0];
}

/** The next double below a finite one. */
export const nextDown = (x: number): number => -nextUp(-x);

/** The rows within all ranges, ends included. */
export function boxOfRanges(ranges: readonly NumericRange[]): Box {
  return {
    low: Float64Array.from(ranges, ({ min }) => nextDown(min)),
    high: Float64Array.from(ranges, ({ max }) => max),
  };
}

/** All rows of finite numbers. */
export function wholeSpace(d: number): Box {
  return { low: new Float64Array(d).fill(-Infinity), high: new Float64Array(d).fill(Number.MAX_VALUE) };
}

/** The part of a box where a feature is at most a threshold, or above it; null where no double is. */
export function partOf(box: Box, feature: number, threshold: number, side: "left" | "right"): Box | null {
  const isLeft = side === "left";
  const low = isLeft ? box.low[feature] : Math.max(box.low[feature], threshold);
  const high = isLeft ? Math.min(box.high[feature], threshold) : box.high[feature];
  if (!(low < high)) return null;
  const part = { low: box.low.slice(), high: box.high.slice() };
  part.low[feature] = low;
  part.high[feature] = high;
  return part;
}

/** The share of a larger box that a box within it takes up, by the features that vary. */
export function shareOf(box: Box, whole: Box): number {
  let share = 1;
  for (let j = 0; j < box.low.length; j++) {
    const width = whole.high[j] - whole.low[j];
    const own = box.high[j] - box.low[j];
    if (own < width) share *= own / width;
  }
  return share;
}
