import { matrix, type Matrix } from "../matrix";

/**
 * (A + damping · I)⁻¹ of a symmetric positive semi-definite A, by Cholesky factors.
 *
 * @param A Shape [k, k]. @param damping Above 0.
 * @param rounding By how much A's numbers may be wrong, as a share of its diagonal; 0 unless told.
 * @returns null where rounding may have made of A what has no inverse.
 */
export function dampedInverse(A: Matrix, damping: number): Matrix<Float64Array>;
export function dampedInverse(A: Matrix, damping: number, rounding: number): Matrix<Float64Array> | null;
export function dampedInverse(
  { data, shape: [k] }: Matrix, damping: number, rounding = 0,
): Matrix<Float64Array> | null {
  const inverse = new Float64Array(k * k);
  const L = new Float64Array(k * k);
  for (let i = 0; i < k; i++)
    for (let j = 0; j <= i; j++) {
      let rest = data[i * k + j] + (i === j ? damping : 0);
      for (let p = 0; p < j; p++) rest -= L[i * k + p] * L[j * k + p];
      if (i === j && rounding > 0 && !(rest > rounding * (data[i * k + i] + damping))) return null;
      L[i * k + j] = i === j ? Math.sqrt(Math.max(rest, Number.MIN_VALUE)) : rest / L[j * k + j];
    }
  // Rows of L⁻¹, then (L⁻¹)ᵀ L⁻¹.
  const M = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    M[i * k + i] = 1;
    for (let p = 0; p < i; p++) {
      const factor = L[i * k + p];
      for (let j = 0; j <= p; j++) M[i * k + j] -= factor * M[p * k + j];
    }
    for (let j = 0; j <= i; j++) M[i * k + j] /= L[i * k + i];
  }
  for (let p = 0; p < k; p++)
    for (let i = 0; i <= p; i++) {
      const left = M[p * k + i];
      for (let j = 0; j <= p; j++) inverse[i * k + j] += left * M[p * k + j];
    }
  return matrix(inverse, [k, k]);
}
