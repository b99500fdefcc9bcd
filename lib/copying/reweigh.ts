import { encodeLabels } from "../classifiers/fitting";
import { largestOf } from "../math/extremes";
import type { Rng } from "../random";
import { requireInRange, requireInteger, requireSameLength } from "../validate";

export interface ReweighOptions {
  /** 0 draws as the rows are, 1 makes label and group independent, more leans the other way; 1 unless told. */
  strength?: number;
  /** Rows to draw, at least 1; as many as there are unless told. */
  n?: number;
  rng: Rng;
}

/**
 * Draws rows, with repetition, so that the label no longer depends on the group: rows of a group that gets its label
 * too rarely are drawn more often. A family that takes no weights can learn from the drawn rows.
 *
 * @param y Labels, shape [n]. @param groups Group of each row, shape [n].
 * @returns Positions, shape [n].
 * @throws {RangeError} If the lengths differ or are 0, or an option is out of range.
 * @see Kamiran & Calders, Knowledge and Information Systems 33, 2012, §5: a row of group g and label c weighs
 *   P(g) P(c) / P(g, c); here to the power of `strength`.
 * @example
 * const rows = reweighedPositions(Int32Array.of(1, 1, 0, 0), Int32Array.of(0, 0, 0, 1), { rng: seededRng(1) });
 */
export function reweighedPositions(
  y: Int32Array, groups: Int32Array, { strength = 1, n = y.length, rng }: ReweighOptions,
): Int32Array {
  const fn = "reweighedPositions";
  requireSameLength(fn, "y", y.length, "groups", groups.length);
  requireInteger(fn, "rows", y.length, 1);
  requireInRange(fn, "strength", strength, 0, 100);
  requireInteger(fn, "n", n, 1);
  const [labels, people] = [encodeLabels(y).codes, encodeLabels(groups).codes];
  const count = (keys: (i: number) => string): Map<string, number> => {
    const counts = new Map<string, number>();
    for (let i = 0; i < y.length; i++) counts.set(keys(i), (counts.get(keys(i)) ?? 0) + 1);
    return counts;
  };
  const [byLabel, byGroup] = [count((i) => `${labels[i]}`), count((i) => `${people[i]}`)];
  const byBoth = count((i) => `${people[i]} ${labels[i]}`);
  const weights = Float64Array.from({ length: y.length }, (_, i) => {
    const expected = (byLabel.get(`${labels[i]}`)! * byGroup.get(`${people[i]}`)!) / y.length;
    return expected / byBoth.get(`${people[i]} ${labels[i]}`)!;
  });
  // Over the largest: a power of a weight above 1 may be too large for a double.
  const heaviest = largestOf(weights);
  const upTo = new Float64Array(y.length);
  let total = 0;
  for (let i = 0; i < y.length; i++) upTo[i] = total += (weights[i] / heaviest) ** strength;
  return Int32Array.from({ length: n }, () => firstAbove(upTo, rng.uniform() * total));
}

/** The first position whose number is above `value`; the last one where rounding leaves none. */
function firstAbove(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
