import { addScaled, dot, norm } from "../../math/linear-algebra";

/** A straight line: start + t · direction. */
export interface Line {
  readonly start: Float64Array;
  readonly direction: Float64Array;
}

/** The point of a line at t. */
export const on = ({ start, direction }: Line, t: number): Float64Array =>
  addScaled(start, t, direction);

/** The part of v at right angles to some directions, which are so to each other and of length 1. */
export const beside = (v: Float64Array, others: readonly Float64Array[]): Float64Array =>
  others.reduce((rest, other) => addScaled(rest, -dot(rest, other), other), v);

/** The same, twice against rounding, and of length 1; null where less than a given share is left. */
export function unitBeside(v: Float64Array, others: readonly Float64Array[], least = 1e-9): Float64Array | null {
  const own = beside(beside(v, others), others);
  const length = norm(own);
  return length > least * norm(v) ? own.map((value) => value / length) : null;
}
