/**
 * The two neighbouring doubles between which an increasing function crosses zero, by bisection.
 *
 * @param f Increasing; negative at `low`, not negative at `high`.
 * @returns `low`, where `f` is negative, and `high`, where it is not.
 */
export function crossing(f: (x: number) => number, low: number, high: number): { low: number; high: number } {
  for (let i = 0; i < 2000; i++) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return { low, high };
}

/**
 * The point where an increasing function crosses zero, by bisection down to neighbouring doubles.
 *
 * @param f Increasing; negative at `low`, not negative at `high`.
 * @returns The smallest point found at which `f` is not negative.
 */
export function bisect(f: (x: number) => number, low: number, high: number): number {
  return crossing(f, low, high).high;
}
