/** A straight line: start + t · direction. */
export interface Line {
  readonly start: Float64Array;
  readonly direction: Float64Array;
}

/** The point of a line at t. */
export const on = ({ start, direction }: Line, t: number): Float64Array =>
  start.map((value, j) => value + t * direction[j]);
