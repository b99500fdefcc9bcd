import { type Matrix, matrix } from "../matrix";
import type { Rng } from "../random";
import { requireInRange, requireInteger } from "../validate";

/** A linear map from a distance on the warped image to one on the original: (x, y) ↦ (xx·x + xy·y, yx·x + yy·y). */
export interface LinearMap {
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
}

/** Displacements at the crossings of a coarse grid of size × size, in pixels; between crossings they blend smoothly. */
export interface Displacements {
  readonly size: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Where a warp takes each pixel from. */
export interface Warp {
  readonly linear: LinearMap;
  /** The point of the original, [x, y], that lands on `to`. */
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly displacements?: Displacements;
}

/** How far random warps go: standard deviations of normal draws. */
export interface WarpSpread {
  /** Radians. */
  readonly rotation: number;
  /** Columns a row moves for each row up. */
  readonly shear: number;
  /** Of the logarithm of the size. */
  readonly scale: number;
  /** Of the logarithm of the square root of width over height. */
  readonly aspect: number;
  /** Pixels, at each crossing of a grid of `elasticGrid` × `elasticGrid`; 0 for none. */
  readonly elastic: number;
  /** At least 2. */
  readonly elasticGrid: number;
}

/**
 * Requires deviations that are finite and not negative, and a grid that has cells.
 *
 * @param name Of the argument, for messages; none where its parts stand by themselves.
 * @throws {RangeError} If one is not.
 * @throws {TypeError} If there is no spread.
 */
export function requireSpread(fn: string, spread: WarpSpread, name?: string): void {
  if (typeof spread !== "object" || spread === null)
    throw new TypeError(`${fn}: ${name ?? "spread"} must be an object of deviations, got ${String(spread)}`);
  const named = (part: string): string => (name === undefined ? part : `${name}.${part}`);
  for (const part of ["rotation", "shear", "scale", "aspect", "elastic"] as const)
    requireInRange(fn, named(part), spread[part], 0, Number.MAX_VALUE);
  requireInteger(fn, named("elasticGrid"), spread.elasticGrid, 2);
}

/** Rotation · shear · scaling, each drawn from a normal law. */
export function randomLinearMap({ rotation, shear, scale, aspect }: WarpSpread, rng: Rng): LinearMap {
  const angle = rotation * rng.normal();
  const slant = shear * rng.normal();
  const size = Math.exp(scale * rng.normal());
  const stretch = Math.exp(aspect * rng.normal());
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [width, height] = [size * stretch, size / stretch];
  return {
    xx: width * cos,
    xy: width * cos * slant - height * sin,
    yx: width * sin,
    yy: width * sin * slant + height * cos,
  };
}

/** Normal displacements at every crossing, or none at all if the spread has no elastic part. */
export function randomDisplacements({ elastic, elasticGrid: size }: WarpSpread, rng: Rng): Displacements | undefined {
  if (elastic === 0) return undefined;
  const draw = (): Float64Array => Float64Array.from({ length: size * size }, () => elastic * rng.normal());
  return { size, x: draw(), y: draw() };
}

/** The image's value between pixels, bilinear; 0 beyond the edge. */
function valueAt(image: Float64Array, side: number, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (!(left >= -1 && top >= -1 && left < side && top < side)) return 0;
  const right = x - left;
  const down = y - top;
  const at = top * side + left;
  const [inLeft, inRight] = [left >= 0, left + 1 < side];
  let value = 0;
  if (top >= 0)
    value += (1 - down) * ((inLeft ? (1 - right) * image[at] : 0) + (inRight ? right * image[at + 1] : 0));
  if (top + 1 < side)
    value += down * ((inLeft ? (1 - right) * image[at + side] : 0) + (inRight ? right * image[at + side + 1] : 0));
  return value;
}

const smoothStep = (t: number): number => t * t * (3 - 2 * t);

/** Between the four crossings of which the first stands at `corner`. */
const blend = (move: Float64Array, corner: number, size: number, right: number, below: number): number =>
  (1 - below) * ((1 - right) * move[corner] + right * move[corner + 1]) +
  below * ((1 - right) * move[corner + size] + right * move[corner + size + 1]);

/** Where each pixel is taken from, in pixels of the original, each of shape [side²]. */
function origins(side: number, { linear, from, to, displacements }: Warp): { x: Float64Array; y: Float64Array } {
  const [x, y] = [new Float64Array(side * side), new Float64Array(side * side)];
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const p = row * side + column;
      const dx = column - to[0];
      const dy = row - to[1];
      x[p] = from[0] + linear.xx * dx + linear.xy * dy;
      y[p] = from[1] + linear.yx * dx + linear.yy * dy;
      if (displacements) {
        const { size } = displacements;
        const across = (column / (side - 1)) * (size - 1);
        const down = (row / (side - 1)) * (size - 1);
        const i = Math.min(size - 2, Math.floor(across));
        const j = Math.min(size - 2, Math.floor(down));
        const right = smoothStep(across - i);
        const below = smoothStep(down - j);
        x[p] += blend(displacements.x, j * size + i, size, right, below);
        y[p] += blend(displacements.y, j * size + i, size, right, below);
      }
    }
  return { x, y };
}

/**
 * Warps a square image: a linear map around two given points, and a smooth random displacement.
 *
 * @param image Shape [side²], side at least 2, not modified.
 * @param out Shape [side²], another array, overwritten.
 * @see Simard, Steinkraus & Platt, ICDAR 2003, for elastic distortions; there the field is blurred noise, here it is
 * interpolated between the crossings of a coarse grid, which is as smooth and much cheaper.
 */
export function warpImage(image: Float64Array, side: number, warp: Warp, out: Float64Array): void {
  const { x, y } = origins(side, warp);
  for (let p = 0; p < out.length; p++) out[p] = valueAt(image, side, x[p], y[p]);
}

/** A random map around the middle of an image of at least two pixels a side, with random displacements. */
export function randomWarp(side: number, spread: WarpSpread, rng: Rng): Warp {
  const middle = [(side - 1) / 2, (side - 1) / 2] as const;
  const linear = randomLinearMap(spread, rng);
  return { linear, from: middle, to: middle, displacements: randomDisplacements(spread, rng) };
}

/** What `warpImage` multiplies an image by, as a row: shape [side², side²], side at least 2. */
export function warpMatrix(side: number, warp: Warp): Matrix<Float32Array> {
  const pixels = side * side;
  const { x, y } = origins(side, warp);
  const data = new Float32Array(pixels * pixels);
  for (let p = 0; p < pixels; p++) {
    const [left, top] = [Math.floor(x[p]), Math.floor(y[p])];
    for (const [row, down] of [[top, 1 - (y[p] - top)], [top + 1, y[p] - top]])
      for (const [column, right] of [[left, 1 - (x[p] - left)], [left + 1, x[p] - left]])
        if (row >= 0 && row < side && column >= 0 && column < side)
          data[(row * side + column) * pixels + p] += down * right;
  }
  return matrix(data, [pixels, pixels]);
}
