import type { Rng } from "../../random";
import { requireFinite, requirePositive } from "../../validate";
import { type NeighborRelation, requireNeighborRelation } from "../neighbor-relation";
import { requireEpsilon } from "../parameters";

export interface LaplaceMechanismOptions {
  /** Above 0. */
  epsilon: number;
  /** Greatest sum of absolute differences between the values of two neighbouring data sets, above 0. */
  sensitivity: number;
  /** The relation that `sensitivity` was worked out for. */
  neighbors: NeighborRelation;
  /** `seededRng` for experiments, `secureRng` for releases. */
  rng: Rng;
}

/**
 * A Laplace random number of mean 0 and the given scale: the difference of two exponential ones.
 *
 * @example
 * const noise = laplaceNoise(2, seededRng(1));
 */
export function laplaceNoise(scale: number, rng: Rng): number {
  requirePositive("laplaceNoise", "scale", scale);
  return scale * (Math.log1p(-rng.uniform()) - Math.log1p(-rng.uniform()));
}

/**
 * Adds Laplace noise of scale sensitivity / ε, which makes numbers ε-differentially private.
 *
 * Warning: the guarantee is proven for real numbers. The gaps of floating-point noise depend on the true value and have
 * been used to undo it. For a release, round the values to integers and use `discreteLaplaceMechanism`.
 *
 * @param values Any shape; not modified.
 * @throws {RangeError} If a setting is out of range or a value is not finite.
 * @see Dwork, McSherry, Nissim & Smith, TCC 2006; Mironov, CCS 2012 on floating point.
 * @example
 * laplaceMechanism([41], { epsilon: 0.5, sensitivity: 1, neighbors: "add-remove", rng: seededRng(1) });
 */
export function laplaceMechanism(
  values: ArrayLike<number>,
  { epsilon, sensitivity, neighbors, rng }: LaplaceMechanismOptions,
): Float64Array {
  requireEpsilon("laplaceMechanism", epsilon);
  requirePositive("laplaceMechanism", "sensitivity", sensitivity);
  requireNeighborRelation("laplaceMechanism", neighbors);
  requireFinite("laplaceMechanism", "values", values);
  const scale = sensitivity / epsilon;
  return Float64Array.from(values, (value) => value + laplaceNoise(scale, rng));
}
