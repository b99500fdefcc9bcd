import { throwIfInterrupted } from "../interrupt";
import { largestOf, smallestOf } from "../math/extremes";
import { matrix, type Matrix } from "../matrix";
import type { Rng } from "../random";
import { requireInteger } from "../validate";
import { inkMass } from "./strokes";

/** How many strokes an image has, and how many points bend a stroke: one of these, evenly. */
const STROKES = [1, 1, 2, 2, 3];
const BENDS = [2, 3, 3, 4, 4];
/** Chance that a stroke ends where it began. */
const CLOSED = 0.2;
/** Points drawn along a stroke. */
const POINTS = 60;
/** Of the side: the longer extent of a scribble, and the width of the pen. */
const EXTENT = [17 / 28, 19 / 28] as const;
const PEN = [0.7 / 28, 1.4 / 28] as const;
/** The pen's ink falls off as a bell curve; below the first it leaves none, and its slope there is the second. */
const INK_FROM = 0.35;
const INK_SLOPE = 2.2;

export interface ScribblesOptions {
  /** Width and height in pixels, at least 8; 28. */
  readonly side?: number;
  readonly rng: Rng;
}

type Point = readonly [number, number];

/** A number drawn evenly from a range. */
export const between = ([low, high]: readonly [number, number], rng: Rng): number => low + (high - low) * rng.uniform();

/** Points along a Bézier curve, by de Casteljau's repeated halving of the way between neighbours. */
function alongCurve(controls: readonly Point[]): Point[] {
  return Array.from({ length: POINTS }, (_, k) => {
    const t = k / (POINTS - 1);
    let points = controls;
    while (points.length > 1)
      points = points.slice(1).map(([x, y], i) => [points[i][0] + t * (x - points[i][0]),
        points[i][1] + t * (y - points[i][1])]);
    return points[0];
  });
}

function randomStroke(rng: Rng): Point[] {
  const controls: Point[] = Array.from({ length: BENDS[rng.integer(BENDS.length)] + 1 },
    () => [rng.uniform(), rng.uniform()]);
  if (rng.uniform() < CLOSED) controls[controls.length - 1] = controls[0];
  return alongCurve(controls);
}

/** Draws with a pen; where strokes cross, the darker ink counts. In [0, 1], shape [side²]. */
function draw(points: readonly Point[], pen: number, side: number): Float64Array {
  const image = new Float64Array(side * side);
  const reach = Math.ceil(pen * Math.sqrt(-2 * Math.log(INK_FROM)));
  const near = (at: number): readonly [number, number] =>
    [Math.max(0, Math.floor(at) - reach), Math.min(side - 1, Math.ceil(at) + reach)];
  for (const [x, y] of points) {
    const [[left, right], [top, bottom]] = [near(x), near(y)];
    for (let row = top; row <= bottom; row++)
      for (let column = left; column <= right; column++) {
        const bell = Math.exp(-((row - y) ** 2 + (column - x) ** 2) / (2 * pen * pen));
        const ink = Math.min(1, INK_SLOPE * (bell - INK_FROM));
        if (ink > image[row * side + column]) image[row * side + column] = ink;
      }
  }
  return image;
}

/** Copies an image into `out`, moved by whole pixels so that its centre of mass is in the middle. */
function copyCentered(image: Float64Array, side: number, out: Float32Array): void {
  const { center: [x, y] } = inkMass(image, side);
  const [right, down] = [x, y].map((at) => Math.round((side - 1) / 2 - at));
  for (let row = Math.max(0, down); row < Math.min(side, side + down); row++)
    for (let column = Math.max(0, right); column < Math.min(side, side + right); column++)
      out[row * side + column] = 255 * image[(row - down) * side + column - right];
}

/**
 * Draws scribbles: one to three random curves with a pen, in the place and size of MNIST's digits, which is published.
 * No data have a part in them, so what is learned from scribbles about images of writing costs no privacy.
 *
 * @param count At least 1.
 * @returns Grey values in [0, 255], 0 where there is no ink; shape [count, side²].
 * @throws {RangeError} If an option is out of range.
 * @see Tang, Panda, Sehwag & Mittal, NeurIPS 2023 (arXiv 2306.06076): priors of random processes for private learning.
 * @example
 * scribbles(3, { side: 28, rng: seededRng(1) }).shape; // [ 3, 784 ]
 */
export function scribbles(count: number, { side = 28, rng }: ScribblesOptions): Matrix<Float32Array> {
  requireInteger("scribbles", "count", count, 1);
  requireInteger("scribbles", "side", side, 8);
  const data = new Float32Array(count * side * side);
  for (let i = 0; i < count; i++) {
    throwIfInterrupted();
    const points = Array.from({ length: STROKES[rng.integer(STROKES.length)] }, () => randomStroke(rng)).flat();
    const [[left, right], [top, bottom]] = [points.map(([x]) => x), points.map(([, y]) => y)]
      .map((values) => [smallestOf(values), largestOf(values)]);
    const scale = side * between(EXTENT, rng) / Math.max(right - left, bottom - top, 1e-3);
    const at = ([x, y]: Point): Point => [(side - 1) / 2 + scale * (x - (left + right) / 2),
      (side - 1) / 2 + scale * (y - (top + bottom) / 2)];
    const image = draw(points.map(at), side * between(PEN, rng), side);
    copyCentered(image, side, data.subarray(i * side * side, (i + 1) * side * side));
  }
  return matrix(data, [count, side * side]);
}
