import { encodeLabels } from "../classifiers/fitting";
import { requireFinite, requireInRange, requireInteger, requireSameLength } from "../validate";

export interface MassageOptions {
  /** Group of each row, shape [n]. */
  groups: Int32Array;
  /** How near each row is to the positive label, finite, shape [n]: a first copy's probability. */
  scores: ArrayLike<number>;
  /**
   * 0 changes nothing; 1 gives every group the same share of positive labels; above 1 leans the other way, for a copy
   * that does not see the group and follows half-way. In [0, 10]; 1 unless told.
   */
  strength?: number;
  /** The label whose share is made equal; 1 unless told. */
  positive?: number;
  /** What becomes of a positive label that is taken away; 0 unless told. */
  negative?: number;
}

export interface MassagedLabels {
  /** Shape [n]. */
  readonly y: Int32Array;
  /** Positions whose label was changed, ascending. */
  readonly changed: Int32Array;
}

/**
 * Changes the labels nearest to the border, so that every group gets the positive label equally often: in a group below
 * the common share the highest scores become positive, in one above it the lowest scores cease to be.
 *
 * @param y Labels `positive` and `negative`, shape [n]; not modified.
 * @throws {RangeError} If the lengths differ or are 0, a label is another, or an option is out of range.
 * @see Kamiran & Calders, Knowledge and Information Systems 33, 2012, §4, "massaging"; here for any number of groups,
 *   and to any degree.
 * @example
 * const options = { groups: Int32Array.of(0, 0, 1, 1), scores: [0.4, 0.2, 0.9, 0.8] };
 * massagedLabels(Int32Array.of(0, 0, 1, 1), options).y; // Int32Array [1, 0, 1, 0]
 */
export function massagedLabels(y: Int32Array, options: MassageOptions): MassagedLabels {
  const { groups, scores, strength = 1, positive = 1, negative = 0 } = options;
  const fn = "massagedLabels";
  requireSameLength(fn, "y", y.length, "groups", groups.length);
  requireSameLength(fn, "y", y.length, "scores", scores.length);
  requireInteger(fn, "rows", y.length, 1);
  requireFinite(fn, "scores", scores);
  requireInRange(fn, "strength", strength, 0, 10);
  const odd = y.find((label) => label !== positive && label !== negative);
  if (odd !== undefined) throw new RangeError(`${fn}: labels must be ${positive} or ${negative}, got ${odd}`);
  const rate = (rows: ArrayLike<number>): number =>
    Array.from(rows).reduce((sum, i) => sum + Number(y[i] === positive), 0) / rows.length;
  const common = rate(Array.from(y.keys()));
  const { classes, codes } = encodeLabels(groups);
  const result = y.slice();
  classes.forEach((_, g) => {
    const own = Array.from(y.keys()).filter((i) => codes[i] === g);
    const missing = Math.round(strength * (common - rate(own)) * own.length);
    const [from, to] = missing > 0 ? [negative, positive] : [positive, negative];
    const sign = missing > 0 ? -1 : 1;
    const order = own.filter((i) => y[i] === from).sort((a, b) => sign * (scores[a] - scores[b]) || a - b);
    for (const i of order.slice(0, Math.abs(missing))) result[i] = to;
  });
  return { y: result, changed: Int32Array.from(y.keys()).filter((i) => result[i] !== y[i]) };
}
