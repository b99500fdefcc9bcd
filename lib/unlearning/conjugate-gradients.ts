import { requireFinite, requireInRange, requireInteger, requirePositive } from "../validate";
import { addScaled, dot, norm } from "./vectors";

export interface ConjugateGradientOptions {
  /** Added to the matrix' diagonal; at least 0. */
  damping: number;
  /** Stop when the residual is this small beside b; 1e-3. */
  tolerance?: number;
  /** 200. */
  maxIterations?: number;
  /** Diagonal of the preconditioner: about the matrix' own, above 0 with the damping; none if left out. */
  diagonal?: ArrayLike<number>;
}

export interface ConjugateGradientResult {
  readonly x: Float64Array;
  readonly iterations: number;
  /** ‖b − (A + damping · I) x‖ / ‖b‖, as the iteration tracked it. */
  readonly residual: number;
  readonly converged: boolean;
  /** Smallest and largest pᵀ(A + damping · I)p / pᵀp met on the way. */
  readonly curvature: readonly [number, number];
  /**
   * True if a direction of curvature ≤ 0 ended it: the matrix is not positive definite, and x is where it was found.
   */
  readonly negativeCurvature: boolean;
}

/**
 * Solves (A + damping · I) x = b for a symmetric A known by its products only.
 *
 * @param product A v, shape [n] to [n].
 * @param b Shape [n], finite.
 * @throws {RangeError} If the damping is negative, or b is not finite.
 * @see Hestenes & Stiefel, Journal of Research of the NBS 49(6), 1952; Martens, ICML 2010, for its use on networks.
 */
export function conjugateGradients(
  product: (v: Float64Array) => ArrayLike<number>,
  b: ArrayLike<number>,
  options: ConjugateGradientOptions,
): ConjugateGradientResult {
  const { damping, tolerance = 1e-3, maxIterations = 200, diagonal } = options;
  requireInRange("conjugateGradients", "damping", damping, 0, Number.MAX_VALUE);
  requirePositive("conjugateGradients", "tolerance", tolerance);
  requireInteger("conjugateGradients", "maxIterations", maxIterations, 1);
  requireFinite("conjugateGradients", "b", b);
  const precondition = (r: Float64Array): Float64Array =>
    diagonal ? r.map((value, i) => value / (diagonal[i] + damping)) : r;
  let x: Float64Array = new Float64Array(b.length);
  let r = Float64Array.from(b);
  let z = precondition(r);
  let p = z;
  let rz = dot(r, z);
  const size = norm(b);
  let lowest = Infinity;
  let highest = -Infinity;
  let iterations = 0;
  let negativeCurvature = false;
  while (size > 0 && iterations < maxIterations && norm(r) > tolerance * size) {
    const Ap = addScaled(product(p), damping, p);
    const pAp = dot(p, Ap);
    const curvature = pAp / dot(p, p);
    lowest = Math.min(lowest, curvature);
    highest = Math.max(highest, curvature);
    iterations++;
    if (!(pAp > 0)) {
      negativeCurvature = true;
      break;
    }
    const alpha = rz / pAp;
    x = addScaled(x, alpha, p);
    r = addScaled(r, -alpha, Ap);
    z = precondition(r);
    const next = dot(r, z);
    p = addScaled(z, next / rz, p);
    rz = next;
  }
  const residual = size > 0 ? norm(r) / size : 0;
  return { x, iterations, residual, converged: residual <= tolerance, curvature: [lowest, highest], negativeCurvature };
}
