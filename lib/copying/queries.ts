import type { Matrix } from "../matrix";
import { concatRows } from "../matrix";

/** Points a black box was asked about, with its answers. */
export interface LabeledQueries {
  /** Shape [n, d]. */
  readonly X: Matrix<Float64Array>;
  /** The black box's labels, shape [n]. */
  readonly y: Int32Array;
}

/** Puts answered queries behind each other. */
export function concatQueries(...parts: readonly LabeledQueries[]): LabeledQueries {
  // eslint-disable-next-line no-restricted-syntax -- the caller spread them already
  const X = concatRows(...parts.map((part) => part.X));
  const y = new Int32Array(X.shape[0]);
  let offset = 0;
  for (const part of parts) {
    y.set(part.y, offset);
    offset += part.y.length;
  }
  return { X, y };
}
