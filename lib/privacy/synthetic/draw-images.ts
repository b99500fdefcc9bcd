import { throwIfInterrupted } from "../../interrupt";
import { type Matrix, matrix, rowOf } from "../../matrix";
import type { Rng } from "../../random";
import { requireInRange, requireInteger, requirePositive } from "../../validate";
import { type Bends, templateStrokes } from "./bends";
import { blurImage } from "../../images/blur";
import type { CentralImages } from "./central-images";
import type { Modes } from "./modes";
import { pushForward } from "../../images/node-grid";
import type { ClassLaw, PoseLaw } from "./pose";
import { inkMass, toStrokes } from "../../images/strokes";
import {
  type LinearMap, randomDisplacements, randomLinearMap, randomWarp, requireSpread, warpImage, type WarpSpread,
} from "../../images/warp";

/** How images are drawn from central images. */
export interface DrawImagesStyle extends WarpSpread {
  /** Greatest weight of the second of the two centres of a class that are mixed, in [0, 1]. */
  readonly mixing: number;
  /** How far images go along the modes, as a share of what was released; at least 0. */
  readonly variety: number;
  /** How far images are bent, as a share of what was released; at least 0. */
  readonly bending: number;
  /** Width of a stroke's edge as a share of the greatest brightness, above 0. */
  readonly softness: number;
  /** Longest side of the digit's box as a share of the image's side, in (0, 1]; null leaves sizes as they come. */
  readonly box: number | null;
  /** How far finished images are warped once more: hands are less regular than any box. */
  readonly jitter: WarpSpread;
}

export interface DrawImagesOptions {
  /** How many; classes take turns. */
  size: number;
  style: DrawImagesStyle;
  /** How images are bent; without it, not at all. */
  bends?: Bends;
  rng: Rng;
}

/** A dark pixel, as a share of full ink: what counts as outside the digit's box. */
const DARK = 0.1;

/** Width or height of the smallest box that holds all ink, whichever is greater; 0 without ink. */
function extent(image: Float64Array, side: number): number {
  let [left, right, top, bottom] = [side, -1, side, -1];
  for (let p = 0; p < image.length; p++) {
    if (!(image[p] > DARK)) continue;
    const [row, column] = [Math.floor(p / side), p % side];
    left = Math.min(left, column);
    right = Math.max(right, column);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
  }
  return right < 0 ? 0 : Math.max(right - left, bottom - top) + 1;
}

/**
 * Requires every setting of a style to be in range.
 *
 * @throws {RangeError} If one is not.
 */
export function requireStyle(fn: string, style: DrawImagesStyle): void {
  requireInRange(fn, "mixing", style.mixing, 0, 1);
  requireInRange(fn, "variety", style.variety, 0, Number.MAX_VALUE);
  requireInRange(fn, "bending", style.bending, 0, Number.MAX_VALUE);
  requirePositive(fn, "softness", style.softness);
  if (style.box !== null) {
    requirePositive(fn, "box", style.box);
    requireInRange(fn, "box", style.box, 0, 1);
  }
  requireSpread(fn, style);
  requireSpread(fn, style.jitter, "style.jitter");
}

/** Moves in place along modes, each as far as images differ along it, times `share`. */
function moveAlong(place: Float64Array, { directions, deviations }: Modes, share: number, rng: Rng): void {
  const d = place.length;
  for (let k = 0; k < deviations.length; k++) {
    const step = share * deviations[k] * rng.normal();
    for (let j = 0; j < d; j++) place[j] += step * directions.data[k * d + j];
  }
}

/** Draws strokes of a class: two of its templates mixed, moved along its modes, and bent. */
function bentStrokes({ coefficients, modes, side, centersPerClass, counts }: CentralImages, { ink }: PoseLaw,
  bends: Bends | undefined, rng: Rng) {
  const templateOf = (c: number): number => {
    const first = c * centersPerClass;
    let rest = rng.uniform() * counts.subarray(first, first + centersPerClass).reduce((sum, count) => sum + count);
    let k = 0;
    while (k < centersPerClass - 1 && rest >= counts[first + k]) rest -= counts[first + k++];
    return first + k;
  };
  return (c: number, { mixing, variety, bending }: DrawImagesStyle): Float64Array => {
    const first = templateOf(c);
    const second = rowOf(coefficients, templateOf(c));
    const weight = mixing * rng.uniform();
    const drawn = rowOf(coefficients, first).map((value, j) => (1 - weight) * value + weight * second[j]);
    moveAlong(drawn, modes[c], variety, rng);
    const strokes = templateStrokes(drawn, side, ink.means[c]);
    if (!bends) return strokes;
    const displacements = rowOf(bends.means, first).slice();
    moveAlong(displacements, bends.modes[c], bending, rng);
    return pushForward(strokes, bends.grid, displacements);
  };
}

const drawFrom = ({ means, deviation }: ClassLaw, c: number, rng: Rng): number => means[c] + deviation * rng.normal();

/** Slants an upright image before it is warped. */
function slanted({ xx, xy, yx, yy }: LinearMap, slant: number): LinearMap {
  return { xx, xy: xy - xx * slant, yx, yy: yy - yx * slant };
}

/** Blur, in pixels, before a drawn image gets its ink. */
const SMOOTH = 0.8;
/** Least ink of a drawn image, as a share of its pixels. */
const LEAST_INK = 0.02;

/**
 * Draws images of handwriting-like strokes: a central image of a class is varied along the class's modes, cut to
 * strokes, bent, slanted and warped at random, brought to the size and place that the data set's makers document, given
 * an amount of ink, and jittered. Nothing but releases is used, so it costs no privacy, however many are drawn.
 *
 * @returns Grey values, shape [size, side²], and the class of the centre of each, which is only a guess.
 * @throws {RangeError} If a setting is out of range.
 */
export function drawImages(
  central: CentralImages,
  pose: PoseLaw,
  { size, style, bends, rng }: DrawImagesOptions,
): { X: Matrix<Uint8Array>; y: Int32Array } {
  requireInteger("drawImages", "size", size, 0);
  requireStyle("drawImages", style);
  const { side, numClasses } = central;
  const pixels = side * side;
  const y = Int32Array.from({ length: size }, (_, i) => i % numClasses);
  const X = new Uint8Array(size * pixels);
  const [warped, sized] = [0, 1].map(() => new Float64Array(pixels));
  const drawStrokes = bentStrokes(central, pose, bends, rng);
  const to: [number, number] = [side / 2, side / 2];
  for (let i = 0; i < size; i++) {
    throwIfInterrupted();
    const strokes = drawStrokes(y[i], style);
    const linear = slanted(randomLinearMap(style, rng), drawFrom(pose.slant, y[i], rng));
    const displacements = randomDisplacements(style, rng);
    warpImage(strokes, side, { linear, from: inkMass(strokes, side).center, to, displacements }, warped);
    const factor = style.box === null ? 1 : extent(warped, side) / (style.box * side);
    const scaling = { xx: factor, xy: 0, yx: 0, yy: factor };
    if (factor > 0) warpImage(warped, side, { linear: scaling, from: inkMass(warped, side).center, to }, sized);
    else sized.fill(0);
    const ink = pixels * Math.max(LEAST_INK, drawFrom(pose.ink, y[i], rng));
    toStrokes(blurImage(sized, side, SMOOTH), { ink, softness: style.softness }, warped);
    warpImage(warped, side, randomWarp(side, style.jitter, rng), sized);
    for (let p = 0; p < pixels; p++) X[i * pixels + p] = Math.round(255 * Math.min(1, Math.max(0, sized[p])));
  }
  return { X: matrix(X, [size, pixels]), y };
}
