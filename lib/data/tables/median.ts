/** The median of the numbers that are known, NaN standing for unknown ones; NaN where none is. */
export function medianOf(values: ArrayLike<number>): number {
  const known = Float64Array.from(values).filter((value) => !Number.isNaN(value)).sort();
  const middle = known.length >> 1;
  if (!known.length) return NaN;
  return known.length % 2 ? known[middle] : (known[middle - 1] + known[middle]) / 2;
}
