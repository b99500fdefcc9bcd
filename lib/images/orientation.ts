import { type Matrix, matrix } from "../matrix";
import { LARGEST_FLOAT32, requireFinite, requireFloat32, requireInteger } from "../validate";

export interface OrientationOptions {
  /** Cells along each side of an image; divides the side. */
  cells: number;
  /** Directions a full turn is cut into, at least 2. Opposite ones count as two: dark-to-light is not light-to-dark. */
  orientations: number;
  /** Multiplies every pixel: 1/255 for grey values. */
  inputScale: number;
}

/**
 * How strongly the brightness rises towards each direction in each cell of an image: mean gradient lengths, each shared
 * between the two directions next to it. Fixed, nothing is learnt, so no privacy is spent.
 *
 * @param X Square images, shape [n, side²]; not modified. Beyond the edge all is taken as 0.
 * @returns Shape [n, cells² · orientations]: cell by cell, row by row, the directions of each together.
 * @throws {RangeError} If images are not square, the sides don't divide, or a pixel is not finite.
 * @see Dalal & Triggs, CVPR 2005, §6; here without the normalisation of blocks.
 * @example
 * const strengths = orientationFeatures(train.X, { cells: 4, orientations: 8, inputScale: 1 / 255 }); // [n, 128]
 */
export function orientationFeatures(X: Matrix, options: OrientationOptions): Matrix<Float32Array> {
  const { cells, orientations, inputScale } = options;
  const [n, d] = X.shape;
  const side = Math.sqrt(d);
  requireInteger("orientationFeatures", "side of the images", side, 1);
  requireInteger("orientationFeatures", "cells", cells, 1, side);
  requireInteger("orientationFeatures", "image side over cells", side / cells, 1);
  requireInteger("orientationFeatures", "orientations", orientations, 2);
  requireFinite("orientationFeatures", "inputScale", [inputScale]);
  const most = LARGEST_FLOAT32 / (4 * Math.max(1, Math.abs(inputScale)));
  requireFloat32("orientationFeatures", "X", X.data, most);
  const block = side / cells;
  const width = cells * cells * orientations;
  const data = new Float32Array(n * width);
  const pixels = X.data;
  for (let i = 0; i < n; i++)
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        const p = i * d + row * side + column;
        const right = column + 1 < side ? pixels[p + 1] : 0;
        const left = column > 0 ? pixels[p - 1] : 0;
        const below = row + 1 < side ? pixels[p + side] : 0;
        const above = row > 0 ? pixels[p - side] : 0;
        if (right === left && below === above) continue;
        const length = (Math.hypot(right - left, below - above) * inputScale) / block ** 2;
        const turn = Math.atan2(below - above, right - left) / (2 * Math.PI);
        const place = (turn < 0 ? turn + 1 : turn) * orientations;
        const first = Math.floor(place);
        const share = place - first;
        const cell = i * width + (Math.floor(row / block) * cells + Math.floor(column / block)) * orientations;
        data[cell + (first % orientations)] += length * (1 - share);
        data[cell + ((first + 1) % orientations)] += length * share;
      }
  return matrix(data, [n, width]);
}
