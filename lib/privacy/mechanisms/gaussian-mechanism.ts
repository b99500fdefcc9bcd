import { requireFinite, requireOneOf, requirePositive } from "../../validate";
import type { Rng } from "../../random";
import { analyticGaussianSigma, classicalGaussianSigma, gaussianEpsilon } from "../accounting/gaussian";
import { type NeighborRelation, requireNeighborRelation } from "../neighbor-relation";

export interface GaussianMechanismOptions {
  /** The ε asked for, above 0. */
  epsilon: number;
  /** In (0, 1). */
  delta: number;
  /** Greatest Euclidean distance between the values of two neighbouring data sets, above 0. */
  sensitivity: number;
  /** The relation that `sensitivity` was worked out for. */
  neighbors: NeighborRelation;
  /**
   * `analytic` keeps its promise at every ε; `classical` only up to ε = 1, and shows what is lost above.
   * Default analytic.
   */
  calibration?: "analytic" | "classical";
  /** `seededRng` for experiments, `secureRng` for releases. */
  rng: Rng;
}

/** Noised numbers and what they truly cost. */
export interface GaussianRelease {
  /** Shape of the input. */
  values: Float64Array;
  /** Standard deviation of the noise. */
  sigma: number;
  /** The exact ε at `delta`: the one asked for under analytic calibration, another under classical. */
  epsilon: number;
  delta: number;
  neighbors: NeighborRelation;
}

/**
 * Adds Gaussian noise that makes numbers (ε, δ)-differentially private.
 *
 * Warning: the guarantee is proven for real numbers. Floating-point noise has gaps that depend on the true value, and
 * an observer of all 64 bits can use them. For a release, round the values to integers and use
 * `discreteGaussianMechanism`.
 *
 * @param values Any shape; not modified.
 * @throws {RangeError} If a setting is out of range or a value is not finite.
 * @see Balle & Wang, ICML 2018; Mironov, CCS 2012 on floating point.
 * @example
 * gaussianMechanism([12, 7], { epsilon: 1, delta: 1e-5, sensitivity: 1, neighbors: "add-remove", rng: seededRng(1) });
 */
export function gaussianMechanism(values: ArrayLike<number>, options: GaussianMechanismOptions): GaussianRelease {
  const { epsilon, delta, sensitivity, neighbors, calibration = "analytic", rng } = options;
  requireOneOf("gaussianMechanism", "calibration", calibration, ["analytic", "classical"]);
  requireNeighborRelation("gaussianMechanism", neighbors);
  const sigmaFor = calibration === "analytic" ? analyticGaussianSigma : classicalGaussianSigma;
  const sigma = sigmaFor({ epsilon, delta, sensitivity });
  const trueEpsilon = calibration === "analytic" ? epsilon : gaussianEpsilon({ sigma, sensitivity, delta });
  return { values: addGaussianNoise(values, { sigma, rng }), sigma, epsilon: trueEpsilon, delta, neighbors };
}

/**
 * Adds independent normal noise of a given standard deviation.
 *
 * @throws {RangeError} If sigma is not above 0 or a value is not finite.
 * @example
 * const noisy = addGaussianNoise([1, 2], { sigma: 0.5, rng: seededRng(1) });
 */
export function addGaussianNoise(values: ArrayLike<number>, { sigma, rng }: { sigma: number; rng: Rng }): Float64Array {
  requirePositive("addGaussianNoise", "sigma", sigma);
  requireFinite("addGaussianNoise", "values", values);
  return Float64Array.from(values, (value) => value + sigma * rng.normal());
}
