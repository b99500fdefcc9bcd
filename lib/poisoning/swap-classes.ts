import { sampleWithoutReplacement, type Rng } from "../random";
import { requireInRange, requireInteger } from "../validate";
import type { FlippedLabels } from "./flip-labels";

export interface SwapClassesOptions {
  /** The two classes whose labels are exchanged. */
  classes: readonly [number, number];
  /** Share of each class's examples that get the other's label, in [0, 1]; rounded to whole examples. */
  share: number;
  rng: Rng;
}

/**
 * Interclass confusion: gives a share of the examples of each of two classes the other class's label.
 *
 * @param y True classes, shape [n]; not modified.
 * @throws {RangeError} If the classes are equal or not integers of at least 0, or the share is out of range.
 * @see Goel et al., "Corrective machine unlearning", TMLR 2024, §5, whose confusion this is.
 * @example
 * const { y: poisoned } = swapClasses(y, { classes: [3, 5], share: 0.3, rng: seededRng(42) });
 */
export function swapClasses(y: Int32Array, { classes: [a, b], share, rng }: SwapClassesOptions): FlippedLabels {
  requireInteger("swapClasses", "first class", a, 0);
  requireInteger("swapClasses", "second class", b, 0);
  if (a === b) throw new RangeError(`swapClasses: classes must differ, got ${a} twice`);
  requireInRange("swapClasses", "share", share, 0, 1);
  const poisoned = y.slice();
  const flipped: number[] = [];
  for (const [from, to] of [[a, b], [b, a]]) {
    const rows = Int32Array.from(y.keys()).filter((i) => y[i] === from);
    for (const k of sampleWithoutReplacement(rows.length, Math.round(share * rows.length), rng)) {
      poisoned[rows[k]] = to;
      flipped.push(rows[k]);
    }
  }
  return { y: poisoned, flipped: Int32Array.from(flipped).sort() };
}
