/**
 * The minimum of a function with one valley on [low, high], by golden-section search.
 *
 * @param tolerance Width of the last bracket, as a share of where it lies.
 */
export function goldenSection(
  f: (x: number) => number,
  low: number,
  high: number,
  tolerance = 1e-12,
): { x: number; value: number } {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let a = low;
  let b = high;
  let left = b - ratio * (b - a);
  let right = a + ratio * (b - a);
  let fLeft = f(left);
  let fRight = f(right);
  for (let i = 0; i < 200 && b - a > tolerance * (Math.abs(a) + Math.abs(b)); i++) {
    if (fLeft <= fRight) {
      b = right;
      [right, fRight] = [left, fLeft];
      left = b - ratio * (b - a);
      fLeft = f(left);
    } else {
      a = left;
      [left, fLeft] = [right, fRight];
      right = a + ratio * (b - a);
      fRight = f(right);
    }
  }
  return fLeft <= fRight ? { x: left, value: fLeft } : { x: right, value: fRight };
}
