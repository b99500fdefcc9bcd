import { throwIfInterrupted } from "../../interrupt";
import { fromLowFrequencies } from "../../math/dct";
import { type Matrix, matrix, rowOf } from "../../matrix";
import type { Rng } from "../../random";
import { requireInRange, requireInteger, requirePositive } from "../../validate";
import type { CentralImages } from "./central-images";
import type { InkLaw } from "./ink";
import { inkMass, toStrokes } from "./strokes";
import { randomDisplacements, randomLinearMap, requireSpread, warpImage, type WarpSpread } from "./warp";

/** How images are drawn from central images. */
export interface DrawImagesStyle extends WarpSpread {
  /** Greatest weight of the second of the two centres that are mixed, in [0, 1]. */
  readonly mixing: number;
  /** Chance that the second centre is of any class, in [0, 1]; otherwise both are of one. */
  readonly crossing: number;
  /** Width of a stroke's edge as a share of the greatest brightness, above 0. */
  readonly softness: number;
  /** Longest side of the digit's box as a share of the image's side, in (0, 1]; null leaves sizes as they come. */
  readonly box: number | null;
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
  requireInRange(fn, "crossing", style.crossing, 0, 1);
  requirePositive(fn, "softness", style.softness);
  if (style.box !== null) {
    requirePositive(fn, "box", style.box);
    requireInRange(fn, "box", style.box, 0, 1);
  }
  requireSpread(fn, style);
}

/** Draws from a class's centres, each as often as it has records near it. */
function centerPicker({ coefficients, side, centersPerClass, counts }: CentralImages, rng: Rng) {
  const centers = fromLowFrequencies(coefficients, { side });
  return (c: number): Float64Array => {
    const first = c * centersPerClass;
    let rest = rng.uniform() * counts.subarray(first, first + centersPerClass).reduce((sum, count) => sum + count);
    let k = 0;
    while (k < centersPerClass - 1 && rest >= counts[first + k]) rest -= counts[first + k++];
    return rowOf(centers, first + k);
  };
}

/** Least ink of a drawn image, as a share of its pixels. */
const LEAST_INK = 0.02;

/**
 * Draws images of handwriting-like strokes: two central images of a class are mixed, cut to strokes, warped at random,
 * brought to the size and place that the data set's makers document, and given an amount of ink. Nothing but
 * releases is used, so it costs no privacy, however many are drawn.
 *
 * @param options.size How many; classes take turns.
 * @param options.signal Ends the work between two images with the signal's reason.
 * @returns Grey values, shape [size, side²], and the class of the first centre of each, which is only a guess.
 * @throws {RangeError} If a setting is out of range.
 */
export function drawImages(
  central: CentralImages,
  ink: InkLaw,
  { size, style, rng, signal }: { size: number; style: DrawImagesStyle; rng: Rng; signal?: AbortSignal },
): { X: Matrix<Uint8Array>; y: Int32Array } {
  requireInteger("drawImages", "size", size, 0);
  requireStyle("drawImages", style);
  const { side, numClasses } = central;
  const pixels = side * side;
  const y = Int32Array.from({ length: size }, (_, i) => i % numClasses);
  const X = new Uint8Array(size * pixels);
  const [blurred, strokes, warped] = [0, 1, 2].map(() => new Float64Array(pixels));
  const pick = centerPicker(central, rng);
  const to: [number, number] = [side / 2, side / 2];
  for (let i = 0; i < size; i++) {
    throwIfInterrupted(signal);
    const first = pick(y[i]);
    const second = pick(rng.uniform() < style.crossing ? rng.integer(numClasses) : y[i]);
    const weight = style.mixing * rng.uniform();
    for (let p = 0; p < pixels; p++) blurred[p] = (1 - weight) * first[p] + weight * second[p];
    const share = Math.max(LEAST_INK, ink.means[y[i]] + ink.deviation * rng.normal());
    const target = { ink: share * pixels, softness: style.softness };
    toStrokes(blurred, target, strokes);
    const linear = randomLinearMap(style, rng);
    const displacements = randomDisplacements(style, rng);
    warpImage(strokes, side, { linear, from: inkMass(strokes, side).center, to, displacements }, warped);
    const factor = style.box === null ? 0 : extent(warped, side) / (style.box * side);
    if (factor > 0) {
      const scaling = { xx: factor, xy: 0, yx: 0, yy: factor };
      warpImage(warped, side, { linear: scaling, from: inkMass(warped, side).center, to }, blurred);
      toStrokes(blurred, target, warped);
    }
    for (let p = 0; p < pixels; p++) X[i * pixels + p] = Math.round(255 * Math.min(1, Math.max(0, warped[p])));
  }
  return { X: matrix(X, [size, pixels]), y };
}
