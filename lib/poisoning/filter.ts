/** Positions that are not among the suspects: the rows that are left to train on, ascending. */
export function without(n: number, suspects: ArrayLike<number>): Int32Array {
  const dropped = new Set(Array.from(suspects));
  return Int32Array.from({ length: n }, (_, i) => i).filter((i) => !dropped.has(i));
}

/**
 * Positions whose value lies below the threshold: margins for margin filtering, impacts for rejection on negative
 * impact.
 *
 * @returns Ascending.
 */
export function below(values: Float64Array, threshold: number): Int32Array {
  return Int32Array.from(values.keys()).filter((i) => values[i] < threshold);
}
