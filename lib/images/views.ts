import { type Matrix, matrix } from "../matrix";
import type { Rng } from "../random";
import { LARGEST_FLOAT32, requireFloat32, requireInRange, requireInteger, requirePositive } from "../validate";

/** How far a view may differ from its image; every number is the half width of a uniform draw around no change. */
export interface ViewOptions {
  /** Degrees; 20. */
  rotation?: number;
  /** Of the size, as a share in [0, 1): 0.2 draws between 0.8 and 1.2; 0.2. */
  zoom?: number;
  /** Sideways slant, pixels a pixel; 0.2. */
  shear?: number;
  /** Along each axis, in pixels of the image; 2. */
  shift?: number;
  /** Of the brightness, as a share in [0, 1); 0.2. */
  brightness?: number;
  /** Standard deviation of Gaussian noise added to each pixel of the view; 0. */
  noise?: number;
}

/** More would leave float32 with a draw of some deviations. */
const MOST_NOISE = 1e36;

const STILL: Required<ViewOptions> = { rotation: 0, zoom: 0, shear: 0, shift: 0, brightness: 0, noise: 0 };
const DEFAULTS: Required<ViewOptions> = { rotation: 20, zoom: 0.2, shear: 0.2, shift: 2, brightness: 0.2, noise: 0 };

/** The image's value at a place between pixels, by the four around it; 0 outside. */
function sample(image: ArrayLike<number>, from: number, side: number, row: number, column: number): number {
  const top = Math.floor(row);
  const left = Math.floor(column);
  if (top < -1 || left < -1 || top >= side || left >= side) return 0;
  const [down, right] = [row - top, column - left];
  const inside = top >= 0;
  const insideBelow = top + 1 < side;
  const p = from + top * side + left;
  let value = 0;
  if (left >= 0) {
    if (inside) value += (1 - down) * (1 - right) * image[p];
    if (insideBelow) value += down * (1 - right) * image[p + side];
  }
  if (left + 1 < side) {
    if (inside) value += (1 - down) * right * image[p + 1];
    if (insideBelow) value += down * right * image[p + side + 1];
  }
  return value;
}

/**
 * Random views of grey images: turned, zoomed, slanted, shifted, brightened and noised, then cropped to the middle.
 *
 * @param X Square images, shape [n, pixels]; not modified.
 * @param positions Which images, in order; a position may repeat.
 * @param options.side Side of the views, which show the image's middle at its own scale; at most the image's side.
 * @param options.views How views differ; `null` for the plain crop.
 * @returns Shape [positions.length, side²].
 * @throws {RangeError} If images are not square, a pixel is not finite, or a setting is out of range.
 * @see Ji, Henriques & Vedaldi, ICCV 2019, §4.1 and appendix: random crops, rotations and jitter.
 * @example
 * const views = imageViews(train.X, [0, 0, 0], { side: 24, views: { rotation: 30 }, rng: seededRng(1) });
 */
export function imageViews(X: Matrix, positions: ArrayLike<number>,
  { side, views, rng }: { side: number; views: ViewOptions | null; rng: Rng }): Matrix<Float32Array> {
  const fn = "imageViews";
  const [n, d] = X.shape;
  const full = Math.sqrt(d);
  requireInteger(fn, "side of the images", full, 1);
  requireInteger(fn, "side", side, 1, full);
  const { rotation, zoom, shear, shift, brightness, noise } = views ? { ...DEFAULTS, ...views } : STILL;
  for (const [name, value] of Object.entries({ rotation, shear, shift, noise })) {
    requireFloat32(fn, name, [value], name === "noise" ? MOST_NOISE : undefined);
    if (value !== 0) requirePositive(fn, name, value);
  }
  for (const [name, value] of Object.entries({ zoom, brightness })) requireInRange(fn, name, value, 0, 0.99);
  const around = (width: number): number => (width === 0 ? 0 : (2 * rng.uniform() - 1) * width);
  const data = new Float32Array(positions.length * side * side);
  const [middle, half] = [(full - 1) / 2, (side - 1) / 2];
  for (let i = 0, p = 0; i < positions.length; i++) {
    requireInteger(fn, "position", positions[i], 0, n - 1);
    const from = positions[i] * d;
    requireFloat32(fn, `image ${positions[i]}`, X.data.subarray(from, from + d), LARGEST_FLOAT32 / 2);
    const angle = (around(rotation) * Math.PI) / 180;
    const [tall, wide] = [1 + around(zoom), 1 + around(zoom)];
    const [cos, sin, slant] = [Math.cos(angle), Math.sin(angle), around(shear)];
    const [down, right, light] = [middle + around(shift), middle + around(shift), 1 + around(brightness)];
    for (let r = -half; r <= half; r++)
      for (let c = -half; c <= half; c++) {
        const row = (cos * r - sin * c) * tall + down;
        const column = (sin * r + cos * c + slant * r) * wide + right;
        data[p++] = light * sample(X.data, from, full, row, column) + (noise === 0 ? 0 : noise * rng.normal());
      }
  }
  return matrix(data, [positions.length, side * side]);
}
