import type { Matrix } from "../matrix";
import { requireFinite } from "../validate";

/** Turns `count` scores from a position on into probabilities, in place. */
export function softmaxPart(scores: Float32Array | Float64Array, from: number, count: number): void {
  const end = from + count;
  let largest = -Infinity;
  for (let p = from; p < end; p++) largest = Math.max(largest, scores[p]);
  let sum = 0;
  for (let p = from; p < end; p++) sum += scores[p] = Math.exp(scores[p] - largest);
  for (let p = from; p < end; p++) scores[p] /= sum;
}

/** Turns each row of scores into probabilities, in place: for scores that their owner has just made. */
export function softmaxInPlace(scores: Matrix<Float64Array>): Matrix<Float64Array> {
  const [n, k] = scores.shape;
  for (let i = 0; i < n; i++) softmaxPart(scores.data, i * k, k);
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
