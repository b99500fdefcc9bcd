import { requirePositive } from "../../validate";
import { gaussianDelta, gaussianEpsilon } from "./gaussian";

/**
 * μ of Gaussian differential privacy after several mechanisms: √(Σ μᵢ²); one Gaussian has μ = sensitivity / σ.
 * Exact for Gaussian noise, however many releases.
 *
 * @throws {RangeError} If there is none, or one is not above 0.
 * @see Dong, Roth & Su, arXiv 1905.02383, Corollary 3.3.
 * @example
 * composeGdp([0.3, 0.4]); // 0.5
 */
export function composeGdp(mus: readonly number[]): number {
  if (!mus.length) throw new RangeError("composeGdp: needs at least one mu, got none");
  for (const mu of mus) requirePositive("composeGdp", "mu", mu);
  return mus.reduce((sum, mu) => Math.hypot(sum, mu), 0);
}

/**
 * The exact ε of μ-Gaussian differential privacy at δ.
 *
 * @example
 * gdpEpsilon({ mu: 1, delta: 1e-5 }); // 4.37718
 */
export function gdpEpsilon({ mu, delta }: { mu: number; delta: number }): number {
  requirePositive("gdpEpsilon", "mu", mu);
  return gaussianEpsilon({ sigma: 1, sensitivity: mu, delta });
}

/**
 * The exact δ of μ-Gaussian differential privacy at ε.
 *
 * @example
 * gdpDelta({ mu: 1, epsilon: 1 }); // 0.126937
 */
export function gdpDelta({ mu, epsilon }: { mu: number; epsilon: number }): number {
  requirePositive("gdpDelta", "mu", mu);
  return gaussianDelta({ sigma: 1, sensitivity: mu, epsilon });
}
