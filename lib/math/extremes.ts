/** The largest of any number of values; −Infinity where there is none. */
export function largestOf(values: Iterable<number>): number {
  let largest = -Infinity;
  for (const value of values) largest = Math.max(largest, value);
  return largest;
}

/** The smallest of any number of values; Infinity where there is none. */
export function smallestOf(values: Iterable<number>): number {
  let smallest = Infinity;
  for (const value of values) smallest = Math.min(smallest, value);
  return smallest;
}

/** The position of the largest value, the first where several are; −1 where there is none. */
export function indexOfLargest(values: ArrayLike<number>): number {
  let best = values.length ? 0 : -1;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
