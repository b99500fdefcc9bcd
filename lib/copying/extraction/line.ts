import { norm } from "../../math/linear-algebra";
import { dot } from "./relu-units";

/** A straight line: start + t · direction. */
export interface Line {
  readonly start: Float64Array;
  readonly direction: Float64Array;
}

/** The point of a line at t. */
export const on = ({ start, direction }: Line, t: number): Float64Array =>
  start.map((value, j) => value + t * direction[j]);

export const moved = (u: Float64Array, v: Float64Array, by: number): Float64Array => on({ start: u, direction: v }, by);

/**
 * The part of v at right angles to some directions of length 1, itself of length 1; null where less than a given share
 * is left.
 */
export function unitBeside(v: Float64Array, others: readonly Float64Array[], least = 1e-9): Float64Array | null {
  let own = v;
  for (let pass = 0; pass < 2; pass++) for (const other of others) own = moved(own, other, -dot(own, other));
  const length = norm(own);
  return length > least * norm(v) ? own.map((value) => value / length) : null;
}
