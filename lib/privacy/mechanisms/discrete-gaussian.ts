import type { Rng } from "../../random";
import { requireInRange, requireInteger, requirePositive } from "../../validate";
import { type NeighborRelation, requireNeighborRelation } from "../neighbor-relation";
import { requireDelta, requireEpsilon } from "../parameters";
import { discreteGaussianNoise, discreteLaplace } from "./exact-draws";
import { exactRational } from "./rational";
import { gaussianRho, zcdpSigma } from "../accounting/rdp";
import { logSumExp } from "../../math/log-sum-exp";

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
  const sigma = zcdpSigma({ epsilon, delta, sensitivity });
  const noised = Float64Array.from(values, (value) => value + discreteGaussianNoise(sigma, rng));
  return { values: noised, sigma, rho: gaussianRho({ sigma, sensitivity }), epsilon, delta, neighbors };
}
