import type { Rng } from "../../random";
import { requireInRange, requirePositive } from "../../validate";
import { exactRational, type Rational, uniformBigInt } from "./rational";

/** True with probability numerator / denominator, a fraction in [0, 1]; exact. */
const bernoulli = ({ numerator, denominator }: Rational, rng: Rng): boolean =>
  uniformBigInt(denominator, rng) < numerator;

/** True with probability e^(−γ), γ at least 0; exact. Canonne, Kamath & Steinke, Algorithm 1. */
export function bernoulliExp({ numerator, denominator }: Rational, rng: Rng): boolean {
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
export function discreteLaplace({ numerator: t, denominator: s }: Rational, rng: Rng): bigint {
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

/** The largest deviation, or scale, of noise that is drawn exactly. */
export const MOST_SIGMA = 1e6;

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
  requireInRange("discreteGaussianNoise", "sigma", sigma, 0, MOST_SIGMA);
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
  requireInRange("discreteLaplaceNoise", "scale", scale, 0, MOST_SIGMA);
  return Number(discreteLaplace(exactRational(scale), rng));
}
