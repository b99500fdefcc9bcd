import { requireFinite, requireInRange, requireInteger, requirePositive } from "../validate";
import { addScaled, norm } from "./vectors";

export interface LissaOptions {
  /** In [0, 1]; 1e-4 in the source. */
  damping?: number;
  /** Above the largest curvature, or it diverges; 2e5 in the source. */
  scale?: number;
  /** Stop after this many iterations without a smaller update; 20 in the source. */
  patience?: number;
  /** 1000. */
  maxIterations?: number;
}

export interface LissaResult {
  /** The last iterate over the scale. */
  readonly x: Float64Array;
  readonly iterations: number;
  /** ‖u_{k+1} − u_k‖ of each iteration: falls if the series converges. */
  readonly updateNorms: readonly number[];
}

/** A series whose terms grew past all numbers. */
export class DivergenceError extends Error {}

/**
 * Multiplies by an inverse Hessian through a Neumann series: u₀ = d, u ← d + (1 − damping) u − H u / scale, result u /
 * scale. It converges only where every curvature is between 0 and 2 · scale, and slowly: at curvature c it takes about
 * scale / c iterations. Before that it is d times the number of iterations, and the source stopped there.
 *
 * @param product H u of one iteration.
 * @throws {RangeError} If the damping is negative. @throws {DivergenceError} If the series overflows.
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
    const Hu = product(u, updateNorms.length);
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
  return { x: u.map((value) => value / scale), iterations: updateNorms.length, updateNorms };
}
