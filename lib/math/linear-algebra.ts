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

/** The sum of v vᵀ over the rows, shape [n, n], with `ridge` added on the diagonal. */
export function gram(rows: readonly Float64Array[], n: number, ridge: number): Float64Array {
  const G = new Float64Array(n * n);
  for (const row of rows)
    for (let i = 0; i < n; i++) if (row[i] !== 0) for (let j = 0; j < n; j++) G[i * n + j] += row[i] * row[j];
  for (let i = 0; i < n; i++) G[i * n + i] += ridge;
  return G;
}

/** Euclidean length. */
export function norm(v: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < v.length; i++) squares += v[i] * v[i];
  return Math.sqrt(squares);
}

/** The direction in which a positive definite matrix is smallest, by inverse iteration; length 1, shape [n]. */
export function smallestDirection(G: Float64Array, n: number): Float64Array {
  let v = Float64Array.from({ length: n }, (_, i) => 1 + ((i * 7919) % 13) / 13);
  for (let round = 0; round < 50; round++) {
    const next = solveLinear(G, v);
    const length = norm(next);
    v = next.map((value) => value / length);
  }
  return v;
}
