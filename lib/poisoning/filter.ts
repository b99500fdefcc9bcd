import { requireFinite, requireInteger } from "../validate";

/** Row positions as a set. @throws {RangeError} If one is not an integer in [0, n − 1]. */
export function positionSet(fn: string, name: string, positions: ArrayLike<number>, n?: number): Set<number> {
  const set = new Set<number>();
  for (let p = 0; p < positions.length; p++) {
    requireInteger(fn, `position in ${name}`, positions[p], 0, n === undefined ? undefined : n - 1);
    set.add(positions[p]);
  }
  return set;
}

/**
 * Positions that are not among the suspects: the rows that are left to train on, ascending.
 *
 * @param n How many rows there are.
 * @throws {RangeError} If a suspect is not an integer in [0, n − 1].
 */
export function without(n: number, suspects: ArrayLike<number>): Int32Array {
  requireInteger("without", "n", n, 0);
  const dropped = positionSet("without", "suspects", suspects, n);
  return Int32Array.from({ length: n }, (_, i) => i).filter((i) => !dropped.has(i));
}

/**
 * Positions whose value lies below the threshold: margins for margin filtering, impacts for rejection on negative
 * impact.
 *
 * @returns Ascending.
 * @throws {RangeError} If a value or the threshold is not finite.
 */
export function below(values: Float64Array, threshold: number): Int32Array {
  requireFinite("below", "values", values);
  requireFinite("below", "threshold", [threshold]);
  return Int32Array.from(values.keys()).filter((i) => values[i] < threshold);
}
