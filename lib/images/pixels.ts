import { type Matrix, matrix } from "../matrix";
import { requireBytes, requireFinite, requireFloat32, requireInteger } from "../validate";

/**
 * Brings bytes of images to single-precision numbers in [0, 1].
 *
 * @param X Shape [n, d], numbers 0–255.
 * @returns X / 255, shape [n, d].
 * @throws {RangeError} If a number is no byte, as in images that are rescaled already.
 */
export function rescaleImages(X: Matrix<Uint8Array>): Matrix<Float32Array> {
  requireBytes("rescaleImages", "X", X.data);
  return { data: Float32Array.from(X.data, (value) => value / 255), shape: X.shape };
}

/**
 * Black and white: 1 where a pixel is above the cutoff.
 *
 * @param cutoff The source's is 115, of 255.
 * @throws {RangeError} If a pixel or the cutoff is not finite.
 * @example
 * binarizeImages(fromRows([[3, 4]]), { cutoff: 3 }).data; // [0, 1]
 */
export function binarizeImages(X: Matrix, { cutoff }: { cutoff: number }): Matrix<Uint8Array> {
  requireFinite("binarizeImages", "X", X.data);
  requireFinite("binarizeImages", "cutoff", [cutoff]);
  return matrix(Uint8Array.from(X.data, (pixel) => (pixel > cutoff ? 1 : 0)), X.shape);
}

/**
 * Averages square blocks of pixels.
 *
 * @param X Square images of side × side pixels, shape [n, side²]; not modified.
 * @param options.side Side of the pooled image; divides the image's own side.
 * @returns Shape [n, side²] of the pooled side.
 * @throws {RangeError} If images are not square, the sides don't divide or a pixel is none of float32.
 * @example
 * poolImages(fromRows([[1, 2, 3, 6]]), { side: 1 }).data; // [3]
 */
export function poolImages(X: Matrix, { side }: { side: number }): Matrix<Float32Array> {
  const [n, d] = X.shape;
  const full = Math.sqrt(d);
  requireInteger("poolImages", "side of the images", full, 1);
  requireInteger("poolImages", "side", side, 1, full);
  const block = full / side;
  requireInteger("poolImages", "image side over side", block, 1);
  requireFloat32("poolImages", "X", X.data);
  const data = new Float32Array(n * side * side);
  for (let i = 0; i < n; i++)
    for (let row = 0; row < full; row++)
      for (let column = 0; column < full; column++)
        data[i * side * side + Math.floor(row / block) * side + Math.floor(column / block)] +=
          X.data[i * d + row * full + column] / block ** 2;
  return matrix(data, [n, side * side]);
}
