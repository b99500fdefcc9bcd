import type { Rng } from "../../random";
import { requireInRange, requireInteger, requirePositive } from "../../validate";
import { type NeighborRelation, requireNeighborRelation } from "../neighbor-relation";
import { requireDelta, requireEpsilon } from "../parameters";
import { discreteGaussianNoise, discreteLaplace, MOST_SIGMA } from "./exact-draws";
import { exactRational } from "./rational";
import { gaussianRho, zcdpSigma } from "../accounting/rdp";

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

/** Values farther than so many deviations out have less than the smallest double of chance. */
const REACH = 40;

/**
 * The exact δ at ε of discrete Gaussian noise on one whole number, rounded up.
 *
 * @param settings.sigma Above 0, at most 1e6, as `discreteGaussianNoise` takes it.
 * @param settings.sensitivity Greatest change of the number, an integer of at least 1.
 * @param settings.epsilon At least 0.
 * @returns In (0, 1].
 * @throws {RangeError} If a setting is out of range.
 * @see Canonne, Kamath & Steinke, arXiv 2004.00010, Theorem 7.
 * @example
 * discreteGaussianDelta({ sigma: 4, sensitivity: 1, epsilon: 1 }); // 3.055e-6
 */
export function discreteGaussianDelta(
  { sigma, sensitivity, epsilon }: { sigma: number; sensitivity: number; epsilon: number },
): number {
  requirePositive("discreteGaussianDelta", "sigma", sigma);
  requireInRange("discreteGaussianDelta", "sigma", sigma, 0, MOST_SIGMA);
  requireInteger("discreteGaussianDelta", "sensitivity", sensitivity, 1);
  requireInRange("discreteGaussianDelta", "epsilon", epsilon, 0, Number.MAX_VALUE);
  const radius = Math.ceil(REACH * sigma);
  const weight = (x: number): number => Math.exp(-((x / sigma) ** 2) / 2);
  let total = 1;
  for (let x = 1; x <= radius; x++) total += 2 * weight(x);
  // The loss of x is (Δ / σ) · (x + Δ / 2) / σ.
  const threshold = (epsilon * sigma) * (sigma / sensitivity) - sensitivity / 2;
  let above = 0;
  for (let x = Math.max(-radius, Math.floor(threshold) + 1); x <= radius; x++) {
    const loss = (sensitivity / sigma) * ((x + sensitivity / 2) / sigma);
    if (loss > epsilon) above -= weight(x) * Math.expm1(epsilon - loss);
  }
  return Math.min(1, (above / total) * (1 + 1e-12) + Number.MIN_VALUE);
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
  if (sigma > MOST_SIGMA)
    throw new RangeError(`discreteGaussianMechanism: epsilon must be so large that sigma is at most ${MOST_SIGMA}, `
      + `got ${epsilon}, for which it is ${sigma.toPrecision(3)}`);
  const noised = Float64Array.from(values, (value) => value + discreteGaussianNoise(sigma, rng));
  return { values: noised, sigma, rho: gaussianRho({ sigma, sensitivity }), epsilon, delta, neighbors };
}
