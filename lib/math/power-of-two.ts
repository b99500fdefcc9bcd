/** The largest absolute value; 0 where there is none. */
export function largestMagnitude(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  return largest;
}

/**
 * A power of two that brings a magnitude into [½, 2]: a factor that changes no digit of what is multiplied by it.
 *
 * @param magnitude Finite, at least 0; 1 for 0. Below 2⁻¹⁰²² the factor stays at 2¹⁰²².
 */
export function scaleToOne(magnitude: number): number {
  return magnitude === 0 ? 1 : 2 ** -Math.max(-1022, Math.min(1022, Math.round(Math.log2(magnitude))));
}
