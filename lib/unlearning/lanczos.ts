import type { Rng } from "../random";
import { requireFinite, requireInteger, requireSameLength } from "../validate";
import { addScaled, dot, norm } from "../math/linear-algebra";

export interface LanczosOptions {
  /** Products to spend: the ends of the spectrum are sharp after 20–40. */
  iterations: number;
  rng: Rng;
}

/** Number of eigenvalues below x of the symmetric tridiagonal matrix (Sturm sequence). */
function countBelow(alphas: readonly number[], betas: readonly number[], x: number): number {
  let count = 0;
  let q = 1;
  alphas.forEach((alpha, i) => {
    q = alpha - x - (i === 0 ? 0 : betas[i - 1] ** 2 / (q === 0 ? Number.MIN_VALUE : q));
    if (q < 0) count++;
  });
  return count;
}

function tridiagonalEigenvalues(alphas: readonly number[], betas: readonly number[]): number[] {
  const reach = alphas.map((alpha, i) => Math.abs(alpha) + (betas[i - 1] ?? 0) + (betas[i] ?? 0));
  const bound = reach.reduce((most, value) => Math.max(most, value), 0);
  return alphas.map((_, k) => {
    let low = -bound;
    let high = bound;
    for (let step = 0; step < 80; step++) {
      const middle = (low + high) / 2;
      if (countBelow(alphas, betas, middle) > k) high = middle;
      else low = middle;
    }
    return (low + high) / 2;
  });
}

/**
 * Ritz values of a symmetric matrix known by its products: the first and last approach its smallest and largest
 * eigenvalue.
 *
 * @param product A v, finite. @param size Length of v.
 * @returns At most `iterations` values, ascending.
 * @throws {RangeError} If a product is not finite, or not as long as v.
 * @see Golub & Van Loan, Matrix Computations, 4th ed., §10.1; with full reorthogonalisation.
 */
export function lanczosEigenvalues(
  product: (v: Float64Array) => ArrayLike<number>,
  size: number,
  { iterations, rng }: LanczosOptions,
): Float64Array {
  requireInteger("lanczosEigenvalues", "size", size, 1);
  requireInteger("lanczosEigenvalues", "iterations", iterations, 1);
  const basis: Float64Array[] = [];
  const alphas: number[] = [];
  const betas: number[] = [];
  let largest = 0;
  let v = Float64Array.from({ length: size }, () => rng.normal());
  for (let k = 0; k < Math.min(iterations, size); k++) {
    const length = norm(v);
    v = v.map((value) => value / length);
    basis.push(v);
    let w = Float64Array.from(product(v));
    requireSameLength("lanczosEigenvalues", "product", w.length, "v", size);
    requireFinite("lanczosEigenvalues", "product", w);
    alphas.push(dot(w, v));
    for (let pass = 0; pass < 2; pass++) for (const q of basis) w = addScaled(w, -dot(w, q), q);
    const beta = norm(w);
    largest = Math.max(largest, Math.abs(alphas[k]));
    if (!(beta > 1e-10 * largest)) break;
    betas.push(beta);
    v = w;
  }
  return Float64Array.from(tridiagonalEigenvalues(alphas, betas));
}
