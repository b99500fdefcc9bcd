import { type Matrix, matrix } from "../matrix";
import type { Rng } from "../random";
import { requireBytes, requireInteger } from "../validate";
import { randomWarp, requireSpread, warpImage, type WarpSpread } from "./warp";

export interface WarpedCopiesOptions {
  /** Of each image, at least 1. */
  copies: number;
  spread: WarpSpread;
  rng: Rng;
}

/**
 * Copies of grey images, each warped at random around its middle: what a network should learn to overlook. It looks at
 * each image by itself and at no other data.
 *
 * @param X Shape [n, side²], side at least 2; not modified.
 * @returns Shape [copies · n, side²]: one copy of all images, then the next.
 * @throws {RangeError} If an option is out of range, the images are not square, or a pixel is no byte.
 * @see Simard, Steinkraus & Platt, ICDAR 2003.
 */
export function warpedCopies(
  X: Matrix<Uint8Array>,
  { copies, spread, rng }: WarpedCopiesOptions,
): Matrix<Uint8Array> {
  const [n, pixels] = X.shape;
  const side = Math.sqrt(pixels);
  requireInteger("warpedCopies", "side of the images", side, 2);
  requireInteger("warpedCopies", "copies", copies, 1);
  requireSpread("warpedCopies", spread);
  requireBytes("warpedCopies", "X", X.data);
  const data = new Uint8Array(copies * n * pixels);
  const [image, warped] = [new Float64Array(pixels), new Float64Array(pixels)];
  for (let i = 0; i < copies * n; i++) {
    for (let p = 0; p < pixels; p++) image[p] = X.data[(i % n) * pixels + p];
    warpImage(image, side, randomWarp(side, spread, rng), warped);
    for (let p = 0; p < pixels; p++) data[i * pixels + p] = Math.round(warped[p]);
  }
  return matrix(data, [copies * n, pixels]);
}
