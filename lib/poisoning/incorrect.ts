import { requireInteger, requireSameLength } from "../validate";

function count(fn: string, truth: Int32Array, predicted: Int32Array, numClasses: number, by: Int32Array): Int32Array {
  requireInteger(fn, "numClasses", numClasses, 1);
  requireSameLength(fn, "truth", truth.length, "predicted", predicted.length);
  const counts = new Int32Array(numClasses);
  for (let i = 0; i < truth.length; i++) {
    requireInteger(fn, "label", by[i], 0, numClasses - 1);
    if (truth[i] !== predicted[i]) counts[by[i]]++;
  }
  return counts;
}

/**
 * How many rows were wrongly read as each class: the counts of the source's table.
 *
 * @param truth Labels, integers in [0, numClasses), shape [n].
 * @param predicted Labels, integers in [0, numClasses), shape [n].
 * @returns Shape [numClasses].
 * @throws {RangeError} If the lengths differ or a label is out of range.
 */
export function incorrectByPredicted(truth: Int32Array, predicted: Int32Array, numClasses: number): Int32Array {
  return count("incorrectByPredicted", truth, predicted, numClasses, predicted);
}

/**
 * How many rows of each class were read as another.
 *
 * @param truth Labels, integers in [0, numClasses), shape [n].
 * @param predicted Labels, integers in [0, numClasses), shape [n].
 * @returns Shape [numClasses].
 * @throws {RangeError} If the lengths differ or a label is out of range.
 */
export function incorrectByTrue(truth: Int32Array, predicted: Int32Array, numClasses: number): Int32Array {
  return count("incorrectByTrue", truth, predicted, numClasses, truth);
}
