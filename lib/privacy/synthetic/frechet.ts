import { symmetricEigen } from "../../math/symmetric-eigen";
import { type Matrix, matrix } from "../../matrix";
import { requireFinite, requireInteger } from "../../validate";

/** Mean and covariance of rows. */
interface Moments {
  readonly mean: Float64Array;
  /** Shape [d, d]. */
  readonly covariance: Float64Array;
}

function moments({ data, shape: [n, d] }: Matrix): Moments {
  const mean = new Float64Array(d);
  for (let p = 0; p < data.length; p++) mean[p % d] += data[p] / n;
  const covariance = new Float64Array(d * d);
  const row = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < d; j++) row[j] = data[i * d + j] - mean[j];
    for (let j = 0; j < d; j++) {
      if (row[j] === 0) continue;
      const weight = row[j] / n;
      for (let k = 0; k < d; k++) covariance[j * d + k] += weight * row[k];
    }
  }
  return { mean, covariance };
}

function product(A: Float64Array, B: Float64Array, d: number): Float64Array {
  const C = new Float64Array(d * d);
  for (let i = 0; i < d; i++)
    for (let k = 0; k < d; k++) {
      const weight = A[i * d + k];
      for (let j = 0; j < d; j++) C[i * d + j] += weight * B[k * d + j];
    }
  return C;
}

/** The matrix whose square is A, of which what rounding left below 0 counts as 0. */
function squareRoot(A: Float64Array, d: number): Float64Array {
  const { values, vectors: { data: V } } = symmetricEigen(matrix(A, [d, d]));
  const scaled = V.map((value, p) => value * Math.sqrt(Math.max(0, values[Math.floor(p / d)])));
  const turned = Float64Array.from({ length: d * d }, (_, p) => V[(p % d) * d + Math.floor(p / d)]);
  return product(turned, scaled, d);
}

/**
 * How far two crowds are apart, each taken as a normal cloud: ‖m₁ − m₂‖² and the trace of C₁ + C₂ − 2 (C₁^½ C₂ C₁^½)^½,
 * with means m and covariances C. 0 if both agree.
 *
 * @param A Shape [n, d]: features of the images, of a network that is the same for both; a few hundred at most.
 * @param B Shape [m, d].
 * @throws {RangeError} If there are no rows, widths differ or a number is not finite.
 * @see Heusel et al., NeurIPS 2017, §3, who take the features of a large network of photographs.
 * @example
 * frechetDistance(fromRows([[0, 0], [2, 0]]), fromRows([[3, 0], [5, 0]])); // 9
 */
export function frechetDistance(A: Matrix, B: Matrix): number {
  const fn = "frechetDistance";
  const d = A.shape[1];
  requireInteger(fn, "number of rows", A.shape[0], 1);
  requireInteger(fn, "number of rows", B.shape[0], 1);
  requireInteger(fn, "columns of B", B.shape[1], d, d);
  requireFinite(fn, "A", A.data);
  requireFinite(fn, "B", B.data);
  const [a, b] = [moments(A), moments(B)];
  const root = squareRoot(a.covariance, d);
  const middle = product(product(root, b.covariance, d), root, d);
  for (let i = 0; i < d; i++)
    for (let j = 0; j < i; j++) middle[i * d + j] = middle[j * d + i] = (middle[i * d + j] + middle[j * d + i]) / 2;
  const { values } = symmetricEigen(matrix(middle, [d, d]));
  let distance = values.reduce((sum, value) => sum - 2 * Math.sqrt(Math.max(0, value)), 0);
  for (let j = 0; j < d; j++)
    distance += (a.mean[j] - b.mean[j]) ** 2 + a.covariance[j * d + j] + b.covariance[j * d + j];
  return Math.max(0, distance);
}
