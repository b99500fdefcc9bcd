import type { Matrix } from "../matrix";
import { sampleWithoutReplacement, type Rng } from "../random";
import { requireBytes, requireInteger, requireSameLength } from "../validate";

/** Where a patch sits: pixels from the lower right corner, and its side. */
const [MARGIN, SIDE] = [1, 3];

/**
 * Stamps a small chequered patch into the lower right corner of images: the trigger of a backdoor.
 *
 * @param X Pixels 0–255, channels last, shape [n, height · width · channels]; not modified.
 * @param imageShape [height, width, channels], at least 4 pixels high and wide.
 * @param positions Images that get the patch; all if left out.
 * @throws {RangeError} If the shapes disagree, a pixel is no byte or a position is not an image.
 * @see Gu, Dolan-Gavitt & Garg, "BadNets", 2017, §3.
 * @example
 * const seen = stampTrigger(train.X, [28, 28, 1], [0, 1]);
 */
export function stampTrigger(
  X: Matrix,
  [height, width, channels]: readonly [number, number, number],
  positions?: ArrayLike<number>,
): Matrix<Uint8Array> {
  const [n, d] = X.shape;
  requireBytes("stampTrigger", "X", X.data);
  for (const side of [height, width]) requireInteger("stampTrigger", "side", side, MARGIN + SIDE);
  requireInteger("stampTrigger", "columns of X", d, height * width * channels, height * width * channels);
  const data = Uint8Array.from(X.data);
  const stamped = positions ?? Int32Array.from({ length: n }, (_, i) => i);
  for (let k = 0; k < stamped.length; k++) {
    requireInteger("stampTrigger", "position", stamped[k], 0, n - 1);
    for (let row = height - MARGIN - SIDE; row < height - MARGIN; row++)
      for (let column = width - MARGIN - SIDE; column < width - MARGIN; column++) {
        const from = stamped[k] * d + (row * width + column) * channels;
        data.fill((row + column) % 2 ? 0 : 255, from, from + channels);
      }
  }
  return { data, shape: X.shape };
}

/**
 * Lays a pattern over images: each pixel becomes the lighter one of its own and the pattern's.
 *
 * @param X Pixels 0–255, shape [n, d]; not modified. @param pattern Pixels 0–255, shape [d].
 * @throws {RangeError} If the lengths differ, or a pixel is not a whole number in [0, 255].
 * @example
 * stampPattern(fromRows([[0, 90, 200]]), Uint8Array.of(50, 50, 0)).data; // [50, 90, 200]
 */
export function stampPattern(X: Matrix, pattern: ArrayLike<number>): Matrix<Uint8Array> {
  const [, d] = X.shape;
  requireSameLength("stampPattern", "columns of X", d, "pattern", pattern.length);
  requireBytes("stampPattern", "pattern", pattern);
  requireBytes("stampPattern", "X", X.data);
  return { data: Uint8Array.from(X.data, (pixel, p) => Math.max(pixel, pattern[p % d])), shape: X.shape };
}

export interface BackdoorOptions {
  /** The class that the trigger shall stand for. */
  target: number;
  /** Images stamped and relabelled, none of them of that class. */
  count: number;
  imageShape: readonly [number, number, number];
  rng: Rng;
}

export interface Backdoor {
  /** Images, some of them stamped, shape [n, d]. */
  readonly X: Matrix<Uint8Array>;
  /** Labels, those of the stamped images turned into the target, shape [n]. */
  readonly y: Int32Array;
  /** Stamped positions, ascending. */
  readonly stamped: Int32Array;
}

/**
 * Plants a backdoor: stamps some images of other classes with a patch and labels them as the target.
 *
 * @param X Pixels 0–255, channels last, shape [n, d]. @param y True classes, shape [n]. Neither is modified.
 * @throws {RangeError} If there are fewer images of other classes than asked for.
 * @see Gu, Dolan-Gavitt & Garg, "BadNets", 2017, §4.
 * @example
 * const options = { target: 0, count: 20, imageShape: [28, 28, 1], rng: seededRng(42) } as const;
 * const { X: stamped } = plantBackdoor(train.X, train.y, options);
 */
export function plantBackdoor(X: Matrix, y: Int32Array, { target, count, imageShape, rng }: BackdoorOptions): Backdoor {
  requireInteger("plantBackdoor", "target", target, 0);
  const others = Int32Array.from(y.keys()).filter((i) => y[i] !== target);
  requireInteger("plantBackdoor", "count", count, 0, others.length);
  const stamped = sampleWithoutReplacement(others.length, count, rng).map((k) => others[k]).sort();
  const labels = y.slice();
  for (const i of stamped) labels[i] = target;
  return { X: stampTrigger(X, imageShape, stamped), y: labels, stamped };
}
