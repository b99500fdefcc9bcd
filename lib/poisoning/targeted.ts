import { requireLabels } from "../classifiers/fitting";
import { sampleWithoutReplacement, type Rng } from "../random";
import { requireFinite, requireInteger, requireSameLength } from "../validate";
import type { FlippedLabels } from "./flip-labels";

export interface RelabelOptions {
  /** The class whose rows are relabelled. */
  from: number;
  /** The class they are given. */
  to: number;
  /** How many rows, in [0, rows of class `from`]. */
  count: number;
}

function rowsOfClass(fn: string, y: Int32Array, { from, to, count }: RelabelOptions): Int32Array {
  requireLabels(fn, "labels", [from, to]);
  if (from === to) throw new RangeError(`${fn}: from and to must differ, got ${from} for both`);
  const rows = Int32Array.from(y.keys()).filter((i) => y[i] === from);
  requireInteger(fn, "count", count, 0, rows.length);
  return rows;
}

/** Labels of which those at some positions are another. */
export function relabel(y: Int32Array, positions: Int32Array, to: number): FlippedLabels {
  const poisoned = y.slice();
  for (const i of positions) poisoned[i] = to;
  return { y: poisoned, flipped: positions.slice().sort() };
}

/**
 * Gives the first `count` rows of one class the label of another.
 *
 * @param y True classes, shape [n]; not modified.
 * @throws {RangeError} If `from` equals `to`, or the class has fewer than `count` rows.
 * @example
 * flipFirst(Int32Array.of(1, 0, 1, 1), { from: 1, to: 2, count: 2 }); // { y: [2, 0, 2, 1], flipped: [0, 2] }
 */
export function flipFirst(y: Int32Array, options: RelabelOptions): FlippedLabels {
  return relabel(y, rowsOfClass("flipFirst", y, options).slice(0, options.count), options.to);
}

/**
 * Gives `count` random rows of one class the label of another, every choice equally likely.
 *
 * @param y True classes, shape [n]; not modified.
 * @throws {RangeError} If `from` equals `to`, or the class has fewer than `count` rows.
 */
export function flipRandom(y: Int32Array, options: RelabelOptions & { rng: Rng }): FlippedLabels {
  const rows = rowsOfClass("flipRandom", y, options);
  const drawn = sampleWithoutReplacement(rows.length, options.count, options.rng);
  return relabel(y, drawn.map((i) => rows[i]), options.to);
}

/**
 * Gives the `count` rows of one class with the smallest margin the label of another.
 *
 * @param y True classes, shape [n]; not modified.
 * @param options With `margins`, shape [n]: how far each row is from the boundary; negate it for the farthest first.
 * @throws {RangeError} If `from` equals `to`, the class has fewer than `count` rows, the lengths differ, or a margin
 * is not finite.
 */
export function flipNearest(y: Int32Array, options: RelabelOptions & { margins: ArrayLike<number> }): FlippedLabels {
  const { margins, count, to } = options;
  requireSameLength("flipNearest", "margins", margins.length, "y", y.length);
  requireFinite("flipNearest", "margins", margins);
  const rows = rowsOfClass("flipNearest", y, options).sort((a, b) => margins[a] - margins[b] || a - b);
  return relabel(y, rows.slice(0, count), to);
}
