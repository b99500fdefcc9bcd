import { type Matrix, matrix } from "../matrix";
import { requireFinite, requireInteger } from "../validate";

/** Eigenvalues of a symmetric matrix, the greatest first, and their directions. */
export interface Eigen {
  /** Shape [n]. */
  readonly values: Float64Array;
  /** One direction of length 1 a row, in the order of the values, shape [n, n]. */
  readonly vectors: Matrix<Float64Array>;
}

const MAX_SWEEPS = 30;
/** Squares beside the diagonal that count as nothing, as a share of the matrix' squares. */
const SMALL = 1e-24;

/** The rotation that makes A[p, q] = 0: cosine and sine. */
function rotation(A: Float64Array, n: number, p: number, q: number): [number, number] {
  const ratio = (A[q * n + q] - A[p * n + p]) / (2 * A[p * n + q]);
  const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.hypot(ratio, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  return [cosine, tangent * cosine];
}

/** Turns two rows, or two columns, into each other: `step` apart are the numbers of one, from `p` and `q` on. */
function turn(data: Float64Array, [p, q]: [number, number], step: number, n: number,
  [cosine, sine]: [number, number]): void {
  for (let k = 0; k < n; k++, p += step, q += step) {
    const [a, b] = [data[p], data[q]];
    data[p] = cosine * a - sine * b;
    data[q] = sine * a + cosine * b;
  }
}

/** Squares beside the diagonal. */
function besideDiagonal(A: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) sum += A[i * n + j] ** 2;
  return sum;
}

/**
 * All eigenvalues and directions of a symmetric matrix, by turning pairs of axes until nothing is left beside the
 * diagonal. For a few hundred rows.
 *
 * @param A Shape [n, n], symmetric; not modified.
 * @throws {RangeError} If the matrix is not square or a number is not finite.
 * @see Golub & Van Loan, Matrix Computations, 4th edition, §8.5 (cyclic Jacobi).
 */
export function symmetricEigen({ data, shape: [n, columns] }: Matrix): Eigen {
  requireInteger("symmetricEigen", "columns", columns, n, n);
  requireFinite("symmetricEigen", "A", data);
  const A = Float64Array.from(data);
  const V = new Float64Array(n * n);
  for (let i = 0; i < n; i++) V[i * n + i] = 1;
  const whole = A.reduce((sum, value) => sum + value ** 2, 0);
  for (let sweep = 0; sweep < MAX_SWEEPS && besideDiagonal(A, n) > SMALL * whole; sweep++)
    for (let p = 0; p < n - 1; p++)
      for (let q = p + 1; q < n; q++) {
        if (A[p * n + q] === 0) continue;
        const angle = rotation(A, n, p, q);
        turn(A, [p, q], n, n, angle);
        turn(A, [p * n, q * n], 1, n, angle);
        turn(V, [p * n, q * n], 1, n, angle);
      }
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => A[b * n + b] - A[a * n + a]);
  const vectors = new Float64Array(n * n);
  order.forEach((i, k) => vectors.set(V.subarray(i * n, (i + 1) * n), k * n));
  return { values: Float64Array.from(order, (i) => A[i * n + i]), vectors: matrix(vectors, [n, n]) };
}
