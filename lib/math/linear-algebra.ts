/**
 * Solves A x = b by elimination with row exchanges.
 *
 * @param A Row-major, shape [n, n]; not modified.
 * @param b Shape [n]; not modified.
 */
export function solveLinear(A: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const M = A.slice();
  const x = b.slice();
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(M[i * n + k]) > Math.abs(M[pivot * n + k])) pivot = i;
    if (pivot !== k) {
      for (let j = k; j < n; j++) [M[k * n + j], M[pivot * n + j]] = [M[pivot * n + j], M[k * n + j]];
      [x[k], x[pivot]] = [x[pivot], x[k]];
    }
    for (let i = k + 1; i < n; i++) {
      const factor = M[i * n + k] / M[k * n + k];
      if (factor === 0) continue;
      for (let j = k; j < n; j++) M[i * n + j] -= factor * M[k * n + j];
      x[i] -= factor * x[k];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) x[i] -= M[i * n + j] * x[j];
    x[i] /= M[i * n + i];
  }
  return x;
}

/** Scalar product. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** a + factor · b, as a new vector. */
export function addScaled(a: ArrayLike<number>, factor: number, b: ArrayLike<number>): Float64Array {
  const sum = new Float64Array(a.length);
  for (let i = 0; i < sum.length; i++) sum[i] = a[i] + factor * b[i];
  return sum;
}

/** Euclidean length. */
export function norm(v: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < v.length; i++) squares += v[i] * v[i];
  return Math.sqrt(squares);
}

/** The triangle R of equations A = QR, and Qᵀ b. */
export interface Triangle {
  /** Row-major, shape [n, n]; zero below the diagonal. */
  readonly R: Float64Array;
  /** The first n numbers of Qᵀ b, shape [n]. */
  readonly c: Float64Array;
}

/**
 * Turns equations into a triangle of as many by Householder reflections: lengths stay, so that nothing is squared and
 * no digits are lost, as they would be in AᵀA.
 *
 * @param rows At least n rows of n numbers; not modified.
 * @param b One number a row; zeros unless given.
 */
export function triangle(rows: readonly Float64Array[], n: number, b?: Float64Array): Triangle {
  const m = rows.length;
  const A = rows.map((row) => row.slice());
  const c = b ? b.slice() : new Float64Array(m);
  const sums = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    let squares = 0;
    for (let i = k; i < m; i++) squares += A[i][k] * A[i][k];
    if (squares === 0) continue;
    const pivot = A[k][k] > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    const first = A[k][k] - pivot;
    A[k][k] = first;
    const scale = -1 / (pivot * first);
    sums.fill(0);
    let sumB = 0;
    for (let i = k; i < m; i++) {
      const v = A[i][k];
      if (v === 0) continue;
      for (let j = k + 1; j < n; j++) sums[j] += v * A[i][j];
      sumB += v * c[i];
    }
    for (let i = k; i < m; i++) {
      const v = A[i][k] * scale;
      if (v === 0) continue;
      for (let j = k + 1; j < n; j++) A[i][j] -= v * sums[j];
      c[i] -= v * sumB;
    }
    A[k][k] = pivot;
    for (let i = k + 1; i < m; i++) A[i][k] = 0;
  }
  const R = new Float64Array(n * n);
  for (let i = 0; i < n; i++) R.set(A[i], i * n);
  return { R, c: c.slice(0, n) };
}

/** Solves R x = c, or Rᵀ x = c, for an upper triangle; what a pivot of 0 leaves open is 0. */
function solveTriangle(R: Float64Array, c: Float64Array, transposed: boolean): Float64Array {
  const n = c.length;
  const x = c.slice();
  for (let step = 0; step < n; step++) {
    const i = transposed ? step : n - 1 - step;
    const [from, to] = transposed ? [0, i] : [i + 1, n];
    for (let j = from; j < to; j++) x[i] -= R[transposed ? j * n + i : i * n + j] * x[j];
    x[i] = R[i * n + i] === 0 ? 0 : x[i] / R[i * n + i];
  }
  return x;
}

/** Pivots below this share of the largest are rounding. */
const LEAST_PIVOT = 1e-13;

/**
 * The x of least |A x − b|, by a triangle of A. Where the equations leave an unknown open, it is 0.
 *
 * @param rows Rows of n numbers, in any number.
 */
export function leastSquares(rows: readonly Float64Array[], b: Float64Array, n: number): Float64Array {
  const missing = Array.from({ length: Math.max(0, n - rows.length) }, () => new Float64Array(n));
  const padded = new Float64Array(rows.length + missing.length);
  padded.set(b);
  const { R, c } = triangle([...rows, ...missing], n, padded);
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(R[i * n + i]));
  for (let i = 0; i < n; i++) if (Math.abs(R[i * n + i]) <= LEAST_PIVOT * largest) R[i * n + i] = 0;
  return solveTriangle(R, c, false);
}

/** The direction of length 1 in which A x is shortest, shape [n], by inverse iteration with a triangle of A. */
export function shortestDirection(rows: readonly Float64Array[], n: number): Float64Array {
  const { R } = triangle(rows, n);
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(R[i * n + i]));
  for (let i = 0; i < n; i++)
    if (Math.abs(R[i * n + i]) < 1e-300 + 1e-17 * largest) R[i * n + i] = 1e-300 + 1e-17 * largest;
  let v = Float64Array.from({ length: n }, (_, i) => 1 + ((i * 7919) % 13) / 13);
  for (let round = 0; round < 50; round++) {
    const inner = solveTriangle(R, v, true);
    const middle = norm(inner);
    const next = solveTriangle(R, inner.map((value) => value / middle), false);
    const length = norm(next);
    v = next.map((value) => value / length);
  }
  return v;
}
