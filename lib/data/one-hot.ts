import type { Matrix } from "../matrix";
import { requireInteger } from "../validate";

/**
 * Turns labels into rows of zeros with a one at the label.
 *
 * @param y Labels, integers in [0, numClasses), shape [n].
 * @returns Shape [n, numClasses].
 * @throws {RangeError} If a label is out of range.
 * @example
 * oneHot(Int32Array.of(2, 0), 3).data; // [0, 0, 1, 1, 0, 0]
 */
export function oneHot(y: Int32Array, numClasses: number): Matrix<Float32Array> {
  requireInteger("oneHot", "numClasses", numClasses, 1);
  const data = new Float32Array(y.length * numClasses);
  y.forEach((label, i) => {
    requireInteger("oneHot", "label", label, 0, numClasses - 1);
    data[i * numClasses + label] = 1;
  });
  return { data, shape: [y.length, numClasses] };
}
