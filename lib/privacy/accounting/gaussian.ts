import { crossing } from "../../math/bisect";
import { logNormalDensity, millsRatio, normalCdf } from "../../math/normal";
import { requireInRange, requirePositive } from "../../validate";
import { requireDelta, requireEpsilon } from "../parameters";

export interface GaussianGuarantee {
  /** Above 0. */
  epsilon: number;
  /** Above 0 and below 1. */
  delta: number;
  /** Greatest Euclidean distance between the answers on two neighbouring data sets, above 0. */
  sensitivity: number;
}

/** Relative error that Mills' ratio and the normal distribution function keep within. */
const TAIL_ERROR = 2e-15;

/**
 * log δ of the Gaussian mechanism with μ = sensitivity / σ at a = μ/2 − ε/μ, rounded up. Since e^ε φ(a − μ) = φ(a), the
 * two terms Φ(a) − e^ε Φ(a − μ) are φ(a) times a difference of Mills' ratios, which neither overflows nor loses small
 * δ. What the subtraction may have lost is added.
 */
function logDeltaAt(a: number, mu: number): number {
  const logDensity = logNormalDensity(a);
  if (logDensity === -Infinity && a < 0) return -Infinity;
  const rounding = 4 * Number.EPSILON * (1 + Math.abs(logDensity));
  const near = a <= 0 ? millsRatio(-a) : normalCdf(a);
  const far = a <= 0 ? millsRatio(mu - a) : Math.exp(logDensity) * millsRatio(mu - a);
  const log = Math.log(near - far + TAIL_ERROR * (near + far));
  return Math.min(0, (a <= 0 ? logDensity : 0) + log + rounding);
}

/** The ε of μ-Gaussian differential privacy at δ, never below the exact one. */
function epsilonOfMu(mu: number, delta: number): number {
  if (mu * mu === Infinity) return Infinity;
  const excess = (a: number): number => logDeltaAt(a, mu) - Math.log(delta);
  if (excess(mu / 2) <= 0) return 0;
  const { low: a } = crossing(excess, -60, mu / 2);
  return mu * (mu / 2 - a) + 2 * Number.EPSILON * mu * (mu / 2 + Math.abs(a));
}

/** The largest μ found whose ε at δ, as `epsilonOfMu` gives it, is at most the given one. */
function muWithin(epsilon: number, delta: number): number {
  const muAt = (a: number): number => {
    const root = Math.sqrt(a * a + 2 * epsilon);
    return a < 0 ? (2 * epsilon) / (root - a) : a + root;
  };
  const mu = muAt(crossing((x) => logDeltaAt(x, muAt(x)) - Math.log(delta), -60, 60).low);
  for (let margin = 2 ** -51; margin < 1; margin *= 2)
    if (epsilonOfMu(mu * (1 - margin), delta) <= epsilon) return mu * (1 - margin);
  throw new RangeError(`analyticGaussianSigma: no noise is known to be enough for epsilon ${epsilon}, delta ${delta}`);
}

/**
 * The classical Gaussian noise level σ = sensitivity · √(2 ln(1.25/δ)) / ε.
 * It is proven for ε ≤ 1 only: above, the true ε is larger than the one asked for (see `gaussianEpsilon`).
 *
 * @returns σ, the standard deviation of the noise on each coordinate.
 * @throws {RangeError} If epsilon, delta or sensitivity is out of range.
 * @see Dwork & Roth, The Algorithmic Foundations of Differential Privacy, Theorem A.1.
 * @example
 * classicalGaussianSigma({ epsilon: 1, delta: 1e-5, sensitivity: 1 }); // 4.84481
 */
export function classicalGaussianSigma({ epsilon, delta, sensitivity }: GaussianGuarantee): number {
  requireEpsilon("classicalGaussianSigma", epsilon);
  requireDelta("classicalGaussianSigma", delta);
  requirePositive("classicalGaussianSigma", "sensitivity", sensitivity);
  return (sensitivity * Math.sqrt(2 * Math.log(1.25 / delta))) / epsilon;
}

/**
 * The smallest Gaussian noise level that is (ε, δ)-differentially private, at every ε: rounded up, so that the promise
 * holds.
 *
 * @returns σ, the standard deviation of the noise on each coordinate.
 * @throws {RangeError} If epsilon, delta or sensitivity is out of range.
 * @see Balle & Wang, ICML 2018, Theorem 8; solved here in the logarithm of δ, so that it holds for ε up to 1e6
 * and beyond.
 * @example
 * analyticGaussianSigma({ epsilon: 1, delta: 1e-5, sensitivity: 1 }); // 3.730631634816
 */
export function analyticGaussianSigma({ epsilon, delta, sensitivity }: GaussianGuarantee): number {
  requireEpsilon("analyticGaussianSigma", epsilon);
  requireDelta("analyticGaussianSigma", delta);
  requirePositive("analyticGaussianSigma", "sensitivity", sensitivity);
  let sigma = sensitivity / muWithin(epsilon, delta);
  while (epsilonOfMu(sensitivity / sigma, delta) > epsilon) sigma *= 1 + Number.EPSILON;
  return sigma;
}

/** A Gaussian mechanism: its noise against what one record can change. */
export interface GaussianNoise {
  /** Standard deviation of the noise on each coordinate, above 0. */
  sigma: number;
  /** Greatest Euclidean distance between the answers on two neighbouring data sets, above 0. */
  sensitivity: number;
}

/**
 * The exact δ of Gaussian noise at a given ε, rounded up.
 *
 * @throws {RangeError} If sigma or sensitivity is not above 0, or epsilon is below 0.
 * @see Balle & Wang, ICML 2018, Theorem 8.
 * @example
 * gaussianDelta({ sigma: 4, sensitivity: 1, epsilon: 1 }); // 2.924e-6
 */
export function gaussianDelta({ sigma, sensitivity, epsilon }: GaussianNoise & { epsilon: number }): number {
  requirePositive("gaussianDelta", "sigma", sigma);
  requirePositive("gaussianDelta", "sensitivity", sensitivity);
  requireInRange("gaussianDelta", "epsilon", epsilon, 0, Number.MAX_VALUE);
  const mu = sensitivity / sigma;
  const a = mu / 2 - epsilon / mu;
  // a is known to a rounding of its two parts, and δ grows with it.
  const up = 2 * Number.EPSILON * (mu / 2 + epsilon / mu);
  if (!Number.isFinite(a + up)) return a < 0 ? Number.MIN_VALUE : 1;
  return Math.max(Number.MIN_VALUE, Math.exp(logDeltaAt(Math.min(a + up, mu / 2), mu)));
}

/**
 * The true ε of Gaussian noise at a given δ, whatever ε a formula had claimed for it, rounded up; 0 if δ alone covers
 * it.
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
  return epsilonOfMu(sensitivity / sigma, delta);
}
