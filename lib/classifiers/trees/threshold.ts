/** Half-way between two values, or the lower one where rounding would make it the higher. */
export function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle < high ? middle : low;
}
