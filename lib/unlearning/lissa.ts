import { throwIfInterrupted } from "../interrupt";
import { DivergenceError } from "../training/divergence";
import { requireFinite, requireInRange, requireInteger, requirePositive, requireSameLength } from "../validate";
import { addScaled, norm } from "../math/linear-algebra";

export interface LissaOptions {
  /**
   * In [0, 1]; as in the unlearning source.
   * @defaultValue 1e-4
   */
  damping?: number;
  /**
   * Above half the largest curvature, or the series diverges; as in the unlearning source.
   * @defaultValue 2e5
   */
  scale?: number;
  /**
   * Stop after this many iterations without a smaller update; as in the unlearning source.
   * @defaultValue 20
   */
  patience?: number;
  /** @defaultValue 1000 */
  maxIterations?: number;
}

export interface LissaResult {
  /** The last iterate over the scale. */
  readonly x: Float64Array;
  readonly iterations: number;
  /** ‖u_{k+1} − u_k‖ of each iteration: falls if the series converges. */
  readonly updateNorms: readonly number[];
  /**
   * True if the updates had begun to grow when it stopped: x then is no solution, however small it looks. The
   * unlearning source took such ones.
   */
  readonly diverged: boolean;
}

/** An update this small beside the first is rounding. */
const ROUNDING = 1e-6;

/**
 * True if the last update is the longest since the shortest. Along each eigenvector updates shrink or grow by the same
 * factor at each iteration: once they grow in all, they grow on.
 */
function isGrowing(norms: readonly number[]): boolean {
  let shortest = Infinity;
  let longestSince = 0;
  for (const norm of norms) {
    longestSince = norm < shortest ? 0 : Math.max(longestSince, norm);
    shortest = Math.min(shortest, norm);
  }
  const last = norms[norms.length - 1];
  return last > shortest && last === longestSince && last > ROUNDING * norms[0];
}

/**
 * Multiplies by an inverse Hessian through a Neumann series: u₀ = d, u ← d + (1 − damping) u − H u / scale, result u /
 * scale. It converges only where every curvature is between 0 and 2 · scale, and slowly: at curvature c it takes about
 * scale / c iterations. Before that it is d times the number of iterations, and the unlearning source stopped there.
 * Where it does not converge, the result says so (`diverged`).
 *
 * @param product H u of one iteration, shape [n] to [n].
 * @param d Shape [n], finite.
 * @throws {RangeError} If a setting is out of range, d is not finite, or a product is not as long as d.
 * @throws {DivergenceError} If the series overflows.
 * @see Agarwal, Bullins & Hazan, JMLR 18(116), 2017, algorithm 1; Koh & Liang, ICML 2017, §3.
 */
export function lissa(
  product: (u: Float64Array, iteration: number) => ArrayLike<number>,
  d: ArrayLike<number>,
  options: LissaOptions = {},
): LissaResult {
  const { damping = 1e-4, scale = 2e5, patience = 20, maxIterations = 1000 } = options;
  requireInRange("lissa", "damping", damping, 0, 1);
  requirePositive("lissa", "scale", scale);
  requireInteger("lissa", "patience", patience, 1);
  requireInteger("lissa", "maxIterations", maxIterations, 1);
  requireFinite("lissa", "d", d);
  let u = Float64Array.from(d);
  const updateNorms: number[] = [];
  let smallest = Infinity;
  let since = 0;
  while (updateNorms.length < maxIterations && since < patience) {
    throwIfInterrupted();
    const Hu = product(u, updateNorms.length);
    requireSameLength("lissa", "product", Hu.length, "d", d.length);
    const next = u.map((value, i) => d[i] + (1 - damping) * value - Hu[i] / scale);
    const update = norm(addScaled(next, -1, u));
    if (!Number.isFinite(update))
      throw new DivergenceError(
        `lissa: diverged after ${updateNorms.length} iterations; scale ${scale} is below the largest curvature`,
      );
    updateNorms.push(update);
    since = update < smallest ? 0 : since + 1;
    smallest = Math.min(smallest, update);
    u = next;
  }
  const x = u.map((value) => value / scale);
  return { x, iterations: updateNorms.length, updateNorms, diverged: isGrowing(updateNorms) };
}
