import { throwIfInterrupted } from "../interrupt";
import { requireFinite, requireInRange, requireInteger, requirePositive, requireSameLength } from "../validate";
import { addScaled, dot, norm } from "../math/linear-algebra";

export interface ConjugateGradientOptions {
  /** Added to the matrix' diagonal; at least 0. */
  damping: number;
  /**
   * Stop when the residual is this small beside b.
   * @defaultValue 1e-3
   */
  tolerance?: number;
  /** @defaultValue 200 */
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
  /** True if a direction of curvature ≤ 0 ended it, at x: the matrix is not positive definite. */
  readonly negativeCurvature: boolean;
}

function requireDiagonal(diagonal: ArrayLike<number>, size: number, damping: number): void {
  requireSameLength("conjugateGradients", "diagonal", diagonal.length, "b", size);
  requireFinite("conjugateGradients", "diagonal", diagonal);
  for (let i = 0; i < size; i++)
    if (!(diagonal[i] + damping > 0))
      throw new RangeError(`conjugateGradients: diagonal + damping must be above 0, got ${diagonal[i] + damping}`);
}

/**
 * Solves (A + damping · I) x = b for a symmetric A known by its products only.
 *
 * @param product A v, shape [n] to [n].
 * @param b Shape [n], finite.
 * @throws {RangeError} If a setting is out of range, or b, a product or the diagonal is not finite or not as long.
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
  if (diagonal) requireDiagonal(diagonal, b.length, damping);
  const precondition = (r: Float64Array): Float64Array =>
    diagonal ? r.map((value, i) => value / (diagonal[i] + damping)) : r;
  const productOf = (v: Float64Array): ArrayLike<number> => {
    const Av = product(v);
    requireSameLength("conjugateGradients", "product", Av.length, "b", b.length);
    requireFinite("conjugateGradients", "product", Av);
    return Av;
  };
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
    throwIfInterrupted();
    const Ap = addScaled(productOf(p), damping, p);
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
