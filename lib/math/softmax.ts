import type { Matrix } from "../matrix";
import { requireFinite } from "../validate";

/** Turns each row of scores into probabilities, in place: for scores that their owner has just made. */
export function softmaxInPlace(scores: Matrix<Float64Array>): Matrix<Float64Array> {
  const [n, k] = scores.shape;
  const { data } = scores;
  for (let i = 0; i < n; i++) {
    let largest = -Infinity;
    for (let c = 0; c < k; c++) largest = Math.max(largest, data[i * k + c]);
    let sum = 0;
    for (let c = 0; c < k; c++) sum += data[i * k + c] = Math.exp(data[i * k + c] - largest);
    for (let c = 0; c < k; c++) data[i * k + c] /= sum;
  }
  return scores;
}

/**
 * Probabilities of each row of scores, shape [n, classes]; rows sum to 1.
 *
 * @param logits Shape [n, classes], finite; not modified.
 * @throws {RangeError} If a number is not finite.
 */
export function softmaxRows(logits: Matrix): Matrix<Float64Array> {
  requireFinite("softmaxRows", "logits", logits.data);
  return softmaxInPlace({ data: Float64Array.from(logits.data), shape: logits.shape });
}
