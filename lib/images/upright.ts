import { throwIfInterrupted } from "../interrupt";
import { type Matrix, matrix } from "../matrix";
import { requireInteger } from "../validate";
import { inkMass } from "./strokes";
import { warpImage } from "./warp";

/** Greatest slant, in columns a row. */
export const MAX_SLANT = 1;

/** Columns that the mass of an image moves for each row down, in [−MAX_SLANT, MAX_SLANT]; 0 where there is no ink. */
export function slantOf(image: ArrayLike<number>, side: number): number {
  const { center: [x, y] } = inkMass(image, side);
  let [across, down] = [0, 0];
  for (let p = 0; p < side * side; p++) {
    const below = Math.floor(p / side) - y;
    across += image[p] * ((p % side) - x) * below;
    down += image[p] * below ** 2;
  }
  return down > 0 ? Math.min(MAX_SLANT, Math.max(-MAX_SLANT, across / down)) : 0;
}

/** Images set upright, and the slant that was taken from each. */
export interface UprightImages {
  /** Images of length 1, their mass in the middle, shape [n, side²]; one without ink stays 0. */
  readonly X: Matrix<Float32Array>;
  /** Shape [n]. */
  readonly slants: Float64Array;
}

/**
 * Takes the slant from handwriting, moves its mass to the middle and brings each image to length 1. Each image is
 * looked at by itself.
 *
 * @param X Grey values in [0, 255], shape [n, side²]; not modified.
 * @throws {RangeError} If the images are not square.
 * @see LeCun, Bottou, Bengio & Haffner, Proceedings of the IEEE 86(11), 1998, §III.A (deslanted digits).
 */
export function uprightImages(X: Matrix): UprightImages {
  const [n, pixels] = X.shape;
  const side = Math.sqrt(pixels);
  requireInteger("uprightImages", "side of the images", side, 1);
  const data = new Float32Array(n * pixels);
  const slants = new Float64Array(n);
  const [image, upright] = [0, 1].map(() => new Float64Array(pixels));
  const to: [number, number] = [side / 2, side / 2];
  for (let i = 0; i < n; i++) {
    throwIfInterrupted();
    for (let p = 0; p < pixels; p++) image[p] = X.data[i * pixels + p] / 255;
    slants[i] = slantOf(image, side);
    const linear = { xx: 1, xy: slants[i], yx: 0, yy: 1 };
    warpImage(image, side, { linear, from: inkMass(image, side).center, to }, upright);
    const length = Math.sqrt(upright.reduce((sum, value) => sum + value * value, 0));
    for (let p = 0; p < pixels; p++) data[i * pixels + p] = length > 0 ? upright[p] / length : 0;
  }
  return { X: matrix(data, [n, pixels]), slants };
}
