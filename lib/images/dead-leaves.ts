import { throwIfInterrupted } from "../interrupt";
import { matrix, type Matrix } from "../matrix";
import type { Rng } from "../random";
import { requireInteger } from "../validate";
import { between } from "./scribbles";

/** Leaves are drawn this much finer along each side, and pixels are means. */
const FINER = 2;
/** How many leaves an image has, at least and at most: evenly on a logarithmic scale. */
const LEAVES = [5, 200] as const;
/** The first leaves are large ones, which fill the image. */
const LARGE = 6;
/** Radii over the side: of large leaves, evenly; of others, twice as large ones are a quarter as frequent. */
const LARGE_RADII = [0.2, 0.6] as const;
const RADII = [1 / 32, 0.6] as const;
/** Of |x|ᵖ + |y|ᵖ < 1: a rhombus, an ellipse, nearly a rectangle. */
const POWERS = [1, 2, 8];
/** Standard deviations: of the logarithm of a leaf's length over its width; of colour and of light, both in [0, 1]. */
const STRETCH = 0.5;
const TINT = 0.1;
const LIGHT_NEAR = 0.12;
/** Change of light across an image, within one leaf. */
const SHADE = 0.15;
/** Colours of an image that leaves choose from. */
const PALETTE = 8;
/** Contrast of an image, and the standard deviation of its light. */
const CONTRAST = [0.5, 1] as const;
const LIGHT = 0.08;

type Color = readonly [number, number, number];

/** Any light, little colour. */
function randomColor(rng: Rng): Color {
  const light = rng.uniform();
  const [warm, violet] = [TINT * rng.normal(), TINT * rng.normal()];
  return [light + warm + violet, light - 1.5 * violet, light - warm + violet];
}

/** A radius with a density that falls with its cube. */
function randomRadius(rng: Rng): number {
  const [least, most] = RADII.map((radius) => radius ** -2);
  return (least - rng.uniform() * (least - most)) ** -0.5;
}

/** Paints one leaf over what is there, shape [size, size, 3]. */
function paintLeaf(canvas: Float64Array, size: number, { radius, color, rng }:
  { radius: number; color: Color; rng: Rng }): void {
  const stretch = Math.exp((STRETCH * rng.normal()) / 2);
  const [length, width] = [radius * size * stretch, (radius * size) / stretch];
  const angle = Math.PI * rng.uniform();
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const [x, y] = [between([-0.1, 1.1], rng) * size, between([-0.1, 1.1], rng) * size];
  const power = POWERS[rng.integer(POWERS.length)];
  const [right, down] = [(SHADE * rng.normal()) / size, (SHADE * rng.normal()) / size];
  const reach = Math.hypot(length, width);
  const from = (center: number): number => Math.max(0, Math.ceil(center - reach));
  const to = (center: number): number => Math.min(size - 1, Math.floor(center + reach));
  for (let row = from(y); row <= to(y); row++)
    for (let column = from(x); column <= to(x); column++) {
      const dx = column - x;
      const dy = row - y;
      const along = Math.abs(dx * cosine + dy * sine) / length;
      const across = Math.abs(dy * cosine - dx * sine) / width;
      if (along >= 1 || across >= 1 || along ** power + across ** power >= 1) continue;
      const light = right * dx + down * dy;
      for (let c = 0; c < 3; c++) canvas[(row * size + column) * 3 + c] = color[c] + light;
    }
}

/** One image, painted from the back to the front, shape [size, size, 3]. */
function paintImage(size: number, rng: Rng): Float64Array {
  const canvas = new Float64Array(size * size * 3);
  const palette = Array.from({ length: PALETTE }, () => randomColor(rng));
  canvas.forEach((_, p) => (canvas[p] = palette[0][p % 3]));
  const count = Math.round(LEAVES[0] * (LEAVES[1] / LEAVES[0]) ** rng.uniform());
  for (let leaf = 0; leaf < count; leaf++) {
    const radius = leaf < LARGE ? between(LARGE_RADII, rng) : randomRadius(rng);
    const near = LIGHT_NEAR * rng.normal();
    const [red, green, blue] = palette[rng.integer(PALETTE)];
    paintLeaf(canvas, size, { radius, color: [red + near, green + near, blue + near], rng });
  }
  return canvas;
}

/**
 * Draws dead leaves: patches of random colour, size and slant that lie over each other, as leaves on the ground do.
 * There are few large ones and many small ones, which gives the pictures edges and contrasts at every scale, like
 * photographs. No data have a part in them, so what is learned from them about pictures costs no privacy.
 *
 * @param count At least 1.
 * @param options.side Width and height in pixels, at least 8; 32.
 * @returns Red, green and blue in [0, 255], channels last; shape [count, side² · 3].
 * @throws {RangeError} If an option is out of range.
 * @see Lee, Mumford & Huang, IJCV 41, 2001: occlusion models for natural images; Baradad et al., NeurIPS 2021 (arXiv
 * 2106.05963), who learn to see from such pictures alone. Sizes and colours here are ours.
 * @example
 * deadLeaves(3, { side: 32, rng: seededRng(1) }).shape; // [ 3, 3072 ]
 */
export function deadLeaves(count: number, { side = 32, rng }: { side?: number; rng: Rng }): Matrix<Float32Array> {
  requireInteger("deadLeaves", "count", count, 1);
  requireInteger("deadLeaves", "side", side, 8);
  const size = FINER * side;
  const data = new Float32Array(count * side * side * 3);
  for (let i = 0; i < count; i++) {
    throwIfInterrupted();
    const canvas = paintImage(size, rng);
    const [contrast, light] = [between(CONTRAST, rng), LIGHT * rng.normal()];
    for (let p = 0; p < side * side * 3; p++) {
      const place = Math.floor(p / 3);
      const first = FINER * (Math.floor(place / side) * size + (place % side)) * 3 + p % 3;
      let sum = 0;
      for (let k = 0; k < FINER ** 2; k++)
        sum += canvas[first + (Math.floor(k / FINER) * size + (k % FINER)) * 3];
      const value = 0.5 + contrast * (sum / FINER ** 2 - 0.5) + light;
      data[i * side * side * 3 + p] = 255 * Math.min(1, Math.max(0, value));
    }
  }
  return matrix(data, [count, side * side * 3]);
}
