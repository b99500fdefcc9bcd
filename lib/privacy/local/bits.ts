import type { Matrix } from "../../matrix";

/** Requires rows of a width that hold nothing but zeros and ones. */
export function requireBits(fn: string, X: Matrix, width: number): void {
  if (X.shape[1] !== width) throw new RangeError(`${fn}: X must have ${width} columns, as fitted, got ${X.shape[1]}`);
  for (let p = 0; p < X.data.length; p++)
    if (X.data[p] !== 0 && X.data[p] !== 1)
      throw new RangeError(`${fn}: X must hold bits, 0 or 1 (see binarizeImages), got ${X.data[p]} at position ${p}`);
}
