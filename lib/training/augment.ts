import type { Rng } from "../random";
import { requireInteger, requireOneOf } from "../validate";
import { requireImages } from "./network";

/** How training images differ from epoch to epoch, as plain data. */
export interface Augmentation {
  /**
   * Mirrors images left to right: each by a toss in each epoch, or by one toss and then in turns, so that two epochs
   * show both.
   * @defaultValue "never"
   */
  readonly mirror?: "never" | "random" | "inTurns";
  /**
   * Moves an image by up to this many pixels along each axis, less than its shorter side has; what comes in at the edge
   * is the image, reflected.
   * @defaultValue 0
   */
  readonly shift?: number;
}

/**
 * An augmentation with its defaults, if images of this shape can take it; undefined if it changes nothing.
 *
 * @throws {RangeError} If they can't, or it names what is unknown.
 */
export function checkedAugmentation(fn: string, augment: Augmentation, inputShape: readonly number[]):
  Augmentation | undefined {
  if (typeof augment !== "object" || augment === null || Array.isArray(augment))
    throw new RangeError(`${fn}: augment must be an object, got ${Array.isArray(augment) ? "an array" : augment}`);
  for (const key of Object.keys(augment)) requireOneOf(fn, "option of augment", key, ["mirror", "shift"]);
  const { mirror = "never", shift = 0 } = augment;
  requireOneOf(fn, "augment.mirror", mirror, ["never", "random", "inTurns"]);
  requireImages(fn, "augment", inputShape);
  requireInteger(fn, "augment.shift", shift, 0, Math.min(inputShape[0], inputShape[1]) - 1);
  return mirror === "never" && shift === 0 ? undefined : { mirror, shift };
}

/** The position itself, or what lies as far inside the edge. */
const reflected = (position: number, side: number): number =>
  position < 0 ? -position : position >= side ? 2 * (side - 1) - position : position;

interface Change {
  readonly mirrored: boolean;
  readonly down: number;
  readonly right: number;
}

function changeImage(values: Float32Array, from: number, [height, width, channels]: readonly number[],
  { mirrored, down, right }: Change): void {
  const image = values.slice(from, from + height * width * channels);
  for (let row = 0; row < height; row++) {
    const sourceRow = reflected(row - down, height) * width;
    for (let column = 0; column < width; column++) {
      const inside = reflected(column - right, width);
      const source = (sourceRow + (mirrored ? width - 1 - inside : inside)) * channels;
      const to = from + (row * width + column) * channels;
      for (let k = 0; k < channels; k++) values[to + k] = image[source + k];
    }
  }
}

/** What an epoch's images are changed by. */
export interface EpochChanges {
  readonly augment: Augmentation;
  /** [height, width, channels]. */
  readonly inputShape: readonly number[];
  /** From 0. */
  readonly epoch: number;
  /** One toss an image for `inTurns`, the same in all epochs, 0 or 1. */
  readonly tosses: Uint8Array;
}

/**
 * Changes a batch of images in place.
 *
 * @param values Images, row by row.
 * @param positions Which images of the training set these are.
 * @internal
 */
export function augmentBatch(values: Float32Array, positions: ArrayLike<number>,
  { augment, inputShape, epoch, tosses }: EpochChanges, rng: Rng): void {
  const { mirror = "never", shift = 0 } = augment;
  const size = values.length / positions.length;
  const moved = (): number => (shift ? rng.integer(2 * shift + 1) - shift : 0);
  for (let i = 0; i < positions.length; i++) {
    const mirrored = mirror === "random" ? rng.integer(2) === 1
      : mirror === "inTurns" && (tosses[positions[i]] + epoch) % 2 === 1;
    changeImage(values, i * size, inputShape, { mirrored, down: moved(), right: moved() });
  }
}
