import { requireInRange, requirePositive } from "../../validate";
import { requireDelta, requireEpsilon } from "../parameters";
import { bisect } from "../../math/bisect";
import { logNormalDensity, millsRatio, normalCdf } from "../../math/normal";

export interface GaussianGuarantee {
  /** Above 0. */
  epsilon: number;
  /** Above 0 and below 1. */
  delta: number;
  /** Greatest Euclidean distance between the answers on two neighbouring data sets, above 0. */
  sensitivity: number;
}

/**
 * log δ of the Gaussian mechanism with μ = sensitivity / σ at a = μ/2 − ε/μ. Since e^ε φ(a − μ) = φ(a), the two terms
 * Φ(a) − e^ε Φ(a − μ) are φ(a) times a difference of Mills ratios, which neither overflows nor loses small δ.
 */
function logDeltaAt(a: number, mu: number): number {
  if (a <= 0) return logNormalDensity(a) + Math.log(millsRatio(-a) - millsRatio(mu - a));
  return Math.log(normalCdf(a) - Math.exp(logNormalDensity(a)) * millsRatio(mu - a));
}

/**
 * The classical Gaussian noise level σ = sensitivity · √(2 ln(1.25/δ)) / ε.
 * It is proven for ε ≤ 1 only: above, the true ε is larger than the one asked for (see `gaussianEpsilon`).
 *
 * @returns σ, the standard deviation of the noise on each coordinate.
 * @throws {RangeError} If epsilon, delta or sensitivity is out of range.
 * @see Dwork & Roth, The Algorithmic Foundations of Differential Privacy, Theorem A.1.
 */
export function classicalGaussianSigma({ epsilon, delta, sensitivity }: GaussianGuarantee): number {
  requireEpsilon("classicalGaussianSigma", epsilon);
  requireDelta("classicalGaussianSigma", delta);
  requirePositive("classicalGaussianSigma", "sensitivity", sensitivity);
  return (sensitivity * Math.sqrt(2 * Math.log(1.25 / delta))) / epsilon;
}

/**
 * The smallest Gaussian noise level that is (ε, δ)-differentially private, at every ε.
 *
 * @returns σ, the standard deviation of the noise on each coordinate.
 * @throws {RangeError} If epsilon, delta or sensitivity is out of range.
 * @see Balle & Wang, ICML 2018, Theorem 8; solved here in the logarithm of δ, so that it holds for ε up to 1e6
 * and beyond.
 * @example
 * analyticGaussianSigma({ epsilon: 1, delta: 1e-5, sensitivity: 1 }); // 3.7306316348159
 */
export function analyticGaussianSigma({ epsilon, delta, sensitivity }: GaussianGuarantee): number {
  requireEpsilon("analyticGaussianSigma", epsilon);
  requireDelta("analyticGaussianSigma", delta);
  requirePositive("analyticGaussianSigma", "sensitivity", sensitivity);
  const muAt = (a: number): number => {
    const root = Math.sqrt(a * a + 2 * epsilon);
    return a < 0 ? (2 * epsilon) / (root - a) : a + root;
  };
  const a = bisect((x) => logDeltaAt(x, muAt(x)) - Math.log(delta), -60, 60);
  return sensitivity / muAt(a);
}

/** A Gaussian mechanism: its noise against what one record can change. */
export interface GaussianNoise {
  /** Standard deviation of the noise on each coordinate, above 0. */
  sigma: number;
  /** Greatest Euclidean distance between the answers on two neighbouring data sets, above 0. */
  sensitivity: number;
}

/**
 * The exact δ of Gaussian noise at a given ε.
 *
 * @throws {RangeError} If sigma or sensitivity is not above 0, or epsilon is below 0.
 * @see Balle & Wang, ICML 2018, Theorem 8.
 */
export function gaussianDelta({ sigma, sensitivity, epsilon }: GaussianNoise & { epsilon: number }): number {
  requirePositive("gaussianDelta", "sigma", sigma);
  requirePositive("gaussianDelta", "sensitivity", sensitivity);
  requireInRange("gaussianDelta", "epsilon", epsilon, 0, Number.MAX_VALUE);
  const mu = sensitivity / sigma;
  return Math.exp(logDeltaAt(mu / 2 - epsilon / mu, mu));
}

/**
 * The true ε of Gaussian noise at a given δ, whatever ε a formula had claimed for it; 0 if δ alone covers it.
 *
 * @throws {RangeError} If sigma or sensitivity is not above 0, or delta is not between 0 and 1.
 * @see Balle & Wang, ICML 2018, Theorem 8.
 * @example
 * // The classical formula, asked for ε = 2000 at δ = 1/784², between unit-norm non-negative images:
 * const sigma = classicalGaussianSigma({ epsilon: 2000, delta: 784 ** -2, sensitivity: 1 });
 * gaussianEpsilon({ sigma, sensitivity: Math.SQRT2, delta: 784 ** -2 }); // 150107.63
 */
export function gaussianEpsilon({ sigma, sensitivity, delta }: GaussianNoise & { delta: number }): number {
  requirePositive("gaussianEpsilon", "sigma", sigma);
  requirePositive("gaussianEpsilon", "sensitivity", sensitivity);
  requireDelta("gaussianEpsilon", delta);
  const mu = sensitivity / sigma;
  const excess = (a: number): number => logDeltaAt(a, mu) - Math.log(delta);
  if (excess(mu / 2) <= 0) return 0;
  const a = bisect(excess, Math.min(-60, mu / 2 - 60), mu / 2);
  return mu * (mu / 2 - a);
}
