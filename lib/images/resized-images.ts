import { largestMagnitude } from "../math/power-of-two";
import { matrix, type Matrix } from "../matrix";
import { requireFinite, requireInRange, requireInteger } from "../validate";

export interface ResizedImagesOptions {
  /** [height, width] of the images as they are. */
  from: readonly [number, number];
  /** [height, width] wanted. */
  to: readonly [number, number];
}

/** For each wanted pixel along one side: the two nearest given ones, and the weight of the second. */
function neighbors(from: number, to: number): { first: Int32Array; second: Int32Array; weight: Float64Array } {
  const at = Float64Array.from({ length: to }, (_, i) =>
    Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5)));
  const first = Int32Array.from(at, Math.floor);
  return {
    first,
    second: first.map((i) => Math.min(from - 1, i + 1)),
    weight: at.map((x, i) => x - first[i]),
  };
}

function requireSides(fn: string, name: string, sides: readonly number[]): void {
  requireInteger(fn, `sides of ${name}, height and width,`, sides.length, 2, 2);
  for (const side of sides) requireInteger(fn, `side of ${name}`, side, 1);
}

/**
 * Grey images in another size: each pixel is a blend of the four that lie around its middle (bilinear).
 *
 * @param X Shape [n, from height · from width].
 * @returns Shape [n, to height · to width].
 * @throws {RangeError} If a side is not a positive integer, the width of X is another, or a number is not finite.
 * @example
 * resizedImages(fromRows([[0, 4]]), { from: [1, 2], to: [1, 4] }).data; // Float64Array(4) [ 0, 1, 3, 4 ]
 */
export function resizedImages(X: Matrix, { from, to }: ResizedImagesOptions): Matrix<Float64Array> {
  const fn = "resizedImages";
  requireSides(fn, "from", from);
  requireSides(fn, "to", to);
  const [n, d] = X.shape;
  requireInteger(fn, "columns of X", d, from[0] * from[1], from[0] * from[1]);
  const largest = largestMagnitude(X.data);
  requireFinite(fn, "X", X.data);
  requireInRange(fn, "the largest number of X", largest, 0, Number.MAX_VALUE / 2);
  const [rows, columns] = [neighbors(from[0], to[0]), neighbors(from[1], to[1])];
  const data = new Float64Array(n * to[0] * to[1]);
  let at = 0;
  for (let i = 0; i < n; i++) {
    const value = (row: number, column: number): number => X.data[i * d + row * from[1] + column];
    for (let r = 0; r < to[0]; r++)
      for (let c = 0; c < to[1]; c++) {
        const [top, bottom] = [rows.first[r], rows.second[r]];
        const [left, right] = [columns.first[c], columns.second[c]];
        const across = (row: number): number =>
          value(row, left) + columns.weight[c] * (value(row, right) - value(row, left));
        data[at++] = across(top) + rows.weight[r] * (across(bottom) - across(top));
      }
  }
  return matrix(data, [n, to[0] * to[1]]);
}
