import { matrix, type Matrix } from "../matrix";
import { requireFinite, requireInteger } from "../validate";

/** Shares of red, green and blue in what the eye takes for brightness. */
const LUMA = [0.299, 0.587, 0.114];

/**
 * The brightness of colour images.
 *
 * @param X Red, green and blue of each pixel in turn, shape [n, 3 · pixels].
 * @returns Shape [n, pixels].
 * @throws {RangeError} If the columns are not threes, or a number is not finite.
 * @see ITU-R BT.601, §2.5.1, for the shares.
 * @example
 * grayImages(fromRows([[255, 255, 255, 0, 0, 0]])).data; // Float64Array(2) [ 255, 0 ]
 */
export function grayImages(X: Matrix): Matrix<Float64Array> {
  const [n, d] = X.shape;
  requireInteger("grayImages", "columns of X over 3", d / 3, 1);
  requireFinite("grayImages", "X", X.data);
  const data = new Float64Array((n * d) / 3);
  for (let p = 0; p < data.length; p++)
    for (let c = 0; c < 3; c++) data[p] += LUMA[c] * X.data[3 * p + c];
  return matrix(data, [n, d / 3]);
}
