import { throwIfInterrupted } from "../interrupt";
import { norm } from "../math/linear-algebra";
import { type Matrix, matrix } from "../matrix";
import { requireFinite, requireInteger } from "../validate";
import { ORIENTATIONS, requireScatterable, SCATTERING_CHANNELS, scatteringFeatures } from "./scattering";

/** Light, red against green, and both against blue: orthogonal, of length 1. */
const COLORS = [[1, 1, 1], [1, -1, 0], [0.5, 0.5, -1]]
  .map((weights) => weights.map((weight) => weight / norm(weights)));
/** Images at a time. */
const CHUNK = 500;

/** Rows of light and colours of images, one plane after the other, shape [3 · (to − from), side²]. */
function colorPlanes({ data, shape: [, d] }: Matrix, from: number, to: number): Matrix<Float32Array> {
  const pixels = d / 3;
  const planes = new Float32Array((to - from) * d);
  for (let i = from, out = 0; i < to; i++)
    for (const [red, green, blue] of COLORS)
      for (let p = i * d; p < (i + 1) * d; p += 3, out++)
        planes[out] = red * data[p] + green * data[p + 1] + blue * data[p + 2];
  return matrix(planes, [(to - from) * 3, pixels]);
}

/** For each map the one that it is in a mirror: a wavelet of angle a becomes that of −a. */
function mirrorMaps(): number[] {
  const turned = (k: number): number => (ORIENTATIONS - k) % ORIENTATIONS;
  return Array.from({ length: SCATTERING_CHANNELS }, (_, map) => {
    if (map === 0) return 0;
    const [order, at] = map <= 2 * ORIENTATIONS ? [1, map - 1] : [2, map - 1 - 2 * ORIENTATIONS];
    const [first, second] = [Math.floor(at / ORIENTATIONS), at % ORIENTATIONS];
    return order === 1 ? 1 + first * ORIENTATIONS + turned(second)
      : 1 + 2 * ORIENTATIONS + turned(first) * ORIENTATIONS + turned(second);
  });
}

/**
 * Scattering features of colour images: of their light, of red against green, and of both against blue. Each number is
 * the mean of one and of its mirror image in the same maps, which is nearly what the mirror image would give (maps are
 * sampled at every other pixel), so that the right half has nothing new and is left out; and of each but the plain
 * averages (order 0) the root is taken, since a few wavelets answer far more than others.
 * An image is looked at by itself, so no privacy is spent.
 *
 * @param X Red, green and blue, channels last, shape [n, side² · 3], side a multiple of 8; not modified.
 * @param options.inputScale Multiplies every number: 1/255 for values in [0, 255].
 * @returns Shape [n, 3 · 81 · (side/4) · (side/8)]: colour by colour, map by map as in `scatteringFeatures`, each map
 * row by row. For 32 × 32 pixels, 7776 numbers.
 * @throws {RangeError} If the images are not square with such a side, or a number is not finite or too large for
 * float32.
 * @see Tramèr & Boneh, ICLR 2021 (arXiv 2011.11660), §3: 243 maps of CIFAR-10. There the colours are red, green and
 * blue, no mirror image is taken, and maps are normalised.
 * @example
 * const gray = matrix(new Float32Array(192).fill(128), [1, 192]);
 * colorScatteringFeatures(gray, { inputScale: 1 / 255 }).shape; // [ 1, 486 ]
 */
export function colorScatteringFeatures(X: Matrix, { inputScale }: { inputScale: number }): Matrix<Float32Array> {
  const [n, d] = X.shape;
  const side = Math.sqrt(d / 3);
  requireInteger("colorScatteringFeatures", "side of the images", side, 8);
  requireInteger("colorScatteringFeatures", "an eighth of the side", side / 8, 1);
  requireFinite("colorScatteringFeatures", "inputScale", [inputScale]);
  // Light is up to √3 times as large as red, green and blue.
  requireScatterable("colorScatteringFeatures", X, 2 * inputScale);
  const outputs = side / 4;
  const half = outputs / 2;
  const mirror = mirrorMaps();
  const width = 3 * SCATTERING_CHANNELS * outputs * half;
  const data = new Float32Array(n * width);
  for (let from = 0, out = 0; from < n; from += CHUNK) {
    throwIfInterrupted();
    const to = Math.min(n, from + CHUNK);
    const { data: maps, shape: [planes, all] } = scatteringFeatures(colorPlanes(X, from, to), { inputScale });
    for (let plane = 0; plane < planes; plane++)
      for (let map = 0; map < SCATTERING_CHANNELS; map++)
        for (let row = 0; row < outputs; row++) {
          const here = plane * all + (map * outputs + row) * outputs;
          const there = plane * all + (mirror[map] * outputs + row + 1) * outputs - 1;
          for (let column = 0; column < half; column++, out++) {
            const mean = (maps[here + column] + maps[there - column]) / 2;
            data[out] = map === 0 ? mean : Math.sqrt(mean);
          }
        }
  }
  return matrix(data, [n, width]);
}
