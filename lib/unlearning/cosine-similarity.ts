import { dot, norm } from "../math/linear-algebra";
import { requireFinite, requireSameLength } from "../validate";

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
