import type { Rng } from "../../random";
import { requireInRange, requireInteger, requirePositive } from "../../validate";
import { type NeighborRelation, requireNeighborRelation } from "../neighbor-relation";
import { requireDelta, requireEpsilon } from "../parameters";
import { exactRational, type Rational, uniformBigInt } from "./rational";
import { gaussianRho, zcdpEpsilon } from "../accounting/rdp";
import { bisect } from "../../math/bisect";
import { logSumExp } from "../../math/log-sum-exp";

/** True with probability numerator / denominator, a fraction in [0, 1]; exact. */
const bernoulli = ({ numerator, denominator }: Rational, rng: Rng): boolean =>
  uniformBigInt(denominator, rng) < numerator;

/** True with probability e^(−γ); exact. Canonne, Kamath & Steinke, Algorithm 1. */
function bernoulliExp({ numerator, denominator }: Rational, rng: Rng): boolean {
  for (let whole = numerator / denominator; whole > 0n; whole--)
    if (!bernoulliExpUnit({ numerator: 1n, denominator: 1n }, rng)) return false;
  return bernoulliExpUnit({ numerator: numerator % denominator, denominator }, rng);
}

/**
 * The same for γ in [0, 1]: e^(−γ) is the chance that a run of coins with chances γ/1, γ/2, γ/3, … has an even
 * length.
 */
function bernoulliExpUnit({ numerator, denominator }: Rational, rng: Rng): boolean {
  let k = 1n;
  while (bernoulli({ numerator, denominator: denominator * k }, rng)) k++;
  return k % 2n === 1n;
}

/** A whole number x with probability in proportion to e^(−|x| s / t). Canonne, Kamath & Steinke, Algorithm 2. */
function discreteLaplace({ numerator: t, denominator: s }: Rational, rng: Rng): bigint {
  for (;;) {
    const u = uniformBigInt(t, rng);
    if (!bernoulliExp({ numerator: u, denominator: t }, rng)) continue;
    let v = 0n;
    while (bernoulliExp({ numerator: 1n, denominator: 1n }, rng)) v++;
    const magnitude = (u + t * v) / s;
    const negative = rng.word() & 1;
    if (negative && magnitude === 0n) continue;
    return negative ? -magnitude : magnitude;
  }
}

/** The largest whole number whose square is at most the fraction. */
function floorSqrt({ numerator, denominator }: Rational): bigint {
  const value = numerator / denominator;
  let root = BigInt(Math.floor(Math.sqrt(Number(value))));
  while (root * root > value) root--;
  while ((root + 1n) * (root + 1n) <= value) root++;
  return root;
}

/** A whole number x with probability in proportion to e^(−x² / (2 σ²)). Canonne, Kamath & Steinke, Algorithm 3. */
function sampleDiscreteGaussian(variance: Rational, rng: Rng): bigint {
  const t = floorSqrt(variance) + 1n;
  for (;;) {
    const candidate = discreteLaplace({ numerator: t, denominator: 1n }, rng);
    const magnitude = candidate < 0n ? -candidate : candidate;
    // (|y| − σ²/t)² / (2 σ²) with σ² = n/d: (|y| t d − n)² / (2 n d t²).
    const difference = magnitude * t * variance.denominator - variance.numerator;
    const gamma = {
      numerator: difference * difference,
      denominator: 2n * variance.numerator * variance.denominator * t * t,
    };
    if (bernoulliExp(gamma, rng)) return candidate;
  }
}

/**
 * A whole number x with probability in proportion to e^(−x² / (2 σ²)), drawn exactly: only whole numbers and
 * fractions are used, so that no rounding weakens the guarantee.
 *
 * @param sigma Above 0, at most 1e6; taken for exactly the double it is.
 * @throws {RangeError} If sigma is out of range.
 * @see Canonne, Kamath & Steinke, The Discrete Gaussian for Differential Privacy, arXiv 2004.00010, §5.
 * @example
 * const noise = discreteGaussianNoise(3, seededRng(1));
 */
export function discreteGaussianNoise(sigma: number, rng: Rng): number {
  requirePositive("discreteGaussianNoise", "sigma", sigma);
  requireInRange("discreteGaussianNoise", "sigma", sigma, 0, 1e6);
  const { numerator, denominator } = exactRational(sigma);
  return Number(sampleDiscreteGaussian({ numerator: numerator ** 2n, denominator: denominator ** 2n }, rng));
}

/**
 * A whole number x with probability in proportion to e^(−|x| / scale), drawn exactly.
 *
 * @param scale Above 0, at most 1e6; taken for exactly the double it is.
 * @throws {RangeError} If scale is out of range.
 * @see Canonne, Kamath & Steinke, arXiv 2004.00010, Algorithm 2.
 * @example
 * const noise = discreteLaplaceNoise(3, seededRng(1));
 */
export function discreteLaplaceNoise(scale: number, rng: Rng): number {
  requirePositive("discreteLaplaceNoise", "scale", scale);
  requireInRange("discreteLaplaceNoise", "scale", scale, 0, 1e6);
  return Number(discreteLaplace(exactRational(scale), rng));
}

export interface DiscreteLaplaceOptions {
  /** Above 0. */
  epsilon: number;
  /**
   * Greatest sum of absolute differences between the values of two neighbouring data sets: an integer of at least
   * 1.
   */
  sensitivity: number;
  neighbors: NeighborRelation;
  /** `seededRng` for experiments, `secureRng` for releases. */
  rng: Rng;
}

/**
 * Adds discrete Laplace noise to whole numbers: ε-differentially private, on a computer too.
 *
 * @param values Integers; not modified.
 * @throws {RangeError} If a setting is out of range or a value is not an integer.
 * @see Ghosh, Roughgarden & Sundararajan, STOC 2009 (the geometric mechanism).
 * @example
 * const [count] = discreteLaplaceMechanism([41], {
 *   epsilon: 0.5, sensitivity: 1, neighbors: "add-remove", rng: seededRng(1),
 * });
 */
export function discreteLaplaceMechanism(values: ArrayLike<number>, options: DiscreteLaplaceOptions): Float64Array {
  const { epsilon, sensitivity, neighbors, rng } = options;
  requireEpsilon("discreteLaplaceMechanism", epsilon);
  requireInteger("discreteLaplaceMechanism", "sensitivity", sensitivity, 1);
  requireNeighborRelation("discreteLaplaceMechanism", neighbors);
  for (let i = 0; i < values.length; i++)
    requireInteger("discreteLaplaceMechanism", "values", values[i], Number.MIN_SAFE_INTEGER);
  // The scale sensitivity / ε as the exact fraction of the two doubles: rounding the quotient could exceed ε.
  const { numerator, denominator } = exactRational(epsilon);
  const scale = { numerator: BigInt(sensitivity) * denominator, denominator: numerator };
  return Float64Array.from(values, (value) => value + Number(discreteLaplace(scale, rng)));
}

/**
 * The exact δ at ε of discrete Gaussian noise on one whole number.
 *
 * @param sensitivity Greatest change of the number, an integer of at least 1.
 * @throws {RangeError} If a setting is out of range.
 * @see Canonne, Kamath & Steinke, arXiv 2004.00010, Theorem 7.
 * @example
 * discreteGaussianDelta({ sigma: 4, sensitivity: 1, epsilon: 1 }); // 3.055e-6
 */
export function discreteGaussianDelta(
  { sigma, sensitivity, epsilon }: { sigma: number; sensitivity: number; epsilon: number },
): number {
  requirePositive("discreteGaussianDelta", "sigma", sigma);
  requireInteger("discreteGaussianDelta", "sensitivity", sensitivity, 1);
  requireInRange("discreteGaussianDelta", "epsilon", epsilon, 0, Number.MAX_VALUE);
  const radius = Math.ceil(40 * sigma) + sensitivity;
  const logWeight = (x: number): number => -(x * x) / (2 * sigma * sigma);
  const logTotal = logSumExp(Float64Array.from({ length: 2 * radius + 1 }, (_, i) => logWeight(i - radius)));
  const threshold = (epsilon * sigma * sigma) / sensitivity - sensitivity / 2;
  let delta = 0;
  for (let x = Math.max(-radius, Math.floor(threshold) + 1); x <= radius; x++) {
    const loss = (sensitivity * x + sensitivity ** 2 / 2) / sigma ** 2;
    delta -= Math.exp(logWeight(x) - logTotal) * Math.expm1(epsilon - loss);
  }
  return Math.max(0, delta);
}

export interface DiscreteGaussianOptions {
  /** Above 0. */
  epsilon: number;
  /** In (0, 1). */
  delta: number;
  /** Greatest Euclidean distance between the values of two neighbouring data sets, above 0. */
  sensitivity: number;
  neighbors: NeighborRelation;
  /** `seededRng` for experiments, `secureRng` for releases. */
  rng: Rng;
}

export interface DiscreteGaussianRelease {
  values: Float64Array;
  sigma: number;
  /** Zero-concentrated differential privacy: sensitivity² / (2 σ²). */
  rho: number;
  epsilon: number;
  delta: number;
  neighbors: NeighborRelation;
}

/**
 * Adds discrete Gaussian noise to whole numbers: (ε, δ)-differentially private in any dimension, on a computer too.
 * σ follows from zero-concentrated differential privacy, a few per cent above the continuous mechanism's exact σ.
 *
 * @param values Integers, any number of them; not modified. Scale and round real numbers first, within the sensitivity.
 * @throws {RangeError} If a setting is out of range or a value is not an integer.
 * @see Canonne, Kamath & Steinke, arXiv 2004.00010, Theorem 4 and Proposition 12.
 * @example
 * const { values, sigma } = discreteGaussianMechanism([120, 33], {
 *   epsilon: 1, delta: 1e-6, sensitivity: 1, neighbors: "add-remove", rng: secureRng(),
 * });
 */
export function discreteGaussianMechanism(
  values: ArrayLike<number>,
  { epsilon, delta, sensitivity, neighbors, rng }: DiscreteGaussianOptions,
): DiscreteGaussianRelease {
  requireEpsilon("discreteGaussianMechanism", epsilon);
  requireDelta("discreteGaussianMechanism", delta);
  requirePositive("discreteGaussianMechanism", "sensitivity", sensitivity);
  requireNeighborRelation("discreteGaussianMechanism", neighbors);
  for (let i = 0; i < values.length; i++)
    requireInteger("discreteGaussianMechanism", "values", values[i], Number.MIN_SAFE_INTEGER);
  const logSigma = bisect(
    (x) => epsilon - zcdpEpsilon({ rho: gaussianRho({ sigma: Math.exp(x), sensitivity }), delta }),
    Math.log(sensitivity) - 20,
    Math.log(sensitivity) + 40,
  );
  const sigma = Math.exp(logSigma);
  const noised = Float64Array.from(values, (value) => value + discreteGaussianNoise(sigma, rng));
  return { values: noised, sigma, rho: gaussianRho({ sigma, sensitivity }), epsilon, delta, neighbors };
}
