import { requireFinite, requireSameLength } from "../validate";

/** Scalar product. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Euclidean length. */
export const norm = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));

/** a + factor · b, as a new vector. */
export function addScaled(a: ArrayLike<number>, factor: number, b: ArrayLike<number>): Float64Array {
  const sum = new Float64Array(a.length);
  for (let i = 0; i < sum.length; i++) sum[i] = a[i] + factor * b[i];
  return sum;
}

/**
 * Cosine of the angle between two vectors, in [−1, 1]; 0 if one of them is zero.
 *
 * @throws {RangeError} If they differ in length, or a number is not finite.
 */
export function cosineSimilarity(a: ArrayLike<number>, b: ArrayLike<number>): number {
  requireSameLength("cosineSimilarity", "a", a.length, "b", b.length);
  requireFinite("cosineSimilarity", "a", a);
  requireFinite("cosineSimilarity", "b", b);
  const lengths = norm(a) * norm(b);
  return lengths === 0 ? 0 : dot(a, b) / lengths;
}
