import { logNormalDensity, millsRatio, normalCdf } from "../../math/normal";
import { requirePositive } from "../../validate";

/**
 * The ε that the exponential mechanism may have to cost no more than one Gaussian release of noise multiplier 1/μ,
 * also in adaptive composition: 2 ln(Φ(μ/2) / Φ(−μ/2)), rounded down.
 *
 * The mechanism's privacy losses lie in an interval of length ε (bounded range), wherever that begins. So it is no
 * easier to tell apart than two coins whose log odds differ by ε, and these are at most μ-Gaussian where the odds are
 * even: the logistic distribution has heavier tails than the normal one (van Zwet 1964). An ε-private mechanism that is
 * not of bounded range would cost nearly twice this μ.
 *
 * @param mu Above 0.
 * @throws {RangeError} If mu is not a finite number above 0.
 * @see Durfee & Rogers, NeurIPS 2019, for the bounded range; Dong, Roth & Su, arXiv 1905.02383, for composition.
 * @example
 * gdpExponentialEpsilon({ mu: 0.1 }); // 0.1595…
 */
export function gdpExponentialEpsilon({ mu }: { mu: number }): number {
  requirePositive("gdpExponentialEpsilon", "mu", mu);
  const half = mu / 2;
  const logTail = logNormalDensity(half) + Math.log(millsRatio(half));
  const epsilon = mu < 1e-4 ? 2 * mu * Math.sqrt(2 / Math.PI) : 2 * (Math.log(normalCdf(half)) - logTail);
  return epsilon * (1 - 1e-9);
}
