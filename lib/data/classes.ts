import { requireInteger } from "../validate";

/** Positions of each label that occurs, labels ascending, positions ascending. */
export function classPositions(y: Int32Array): Int32Array[] {
  const positions = new Map<number, number[]>();
  y.forEach((label, i) => {
    const known = positions.get(label);
    if (known) known.push(i);
    else positions.set(label, [i]);
  });
  return [...positions].sort(([a], [b]) => a - b).map(([, rows]) => Int32Array.from(rows));
}

/**
 * How many rows each class has.
 *
 * @param y Labels, integers in [0, numClasses), shape [n].
 * @returns Shape [numClasses].
 * @throws {RangeError} If a label is out of range.
 * @example
 * classCounts(iris.y, 3); // [50, 50, 50]
 */
export function classCounts(y: Int32Array, numClasses: number): Int32Array {
  requireInteger("classCounts", "numClasses", numClasses, 1);
  const counts = new Int32Array(numClasses);
  for (const label of y) {
    requireInteger("classCounts", "label", label, 0, numClasses - 1);
    counts[label]++;
  }
  return counts;
}
