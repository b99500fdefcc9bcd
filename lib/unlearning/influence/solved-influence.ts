import type { Matrix } from "../../matrix";
import type { Network } from "../../training/network";
import { requirePositive } from "../../validate";
import { conjugateGradients } from "../conjugate-gradients";
import { lossDerivatives } from "../derivatives";
import type { LabeledExamples } from "../memorization";
import { blockParameters, gradientRows, requireExplainable } from "./example-gradients";
import { alongGradients } from "./scores";

export interface SolvedInfluenceOptions {
  /**
   * Added to the diagonal of the mean Gauss–Newton matrix, above 0.
   * @defaultValue 0.01
   */
  damping?: number;
  /**
   * Conjugate gradients end when the residual is this small beside the query's gradient.
   * @defaultValue 0.01
   */
  tolerance?: number;
  /** @defaultValue 100 */
  maxIterations?: number;
}

/**
 * Influence functions as `ekfacInfluence` has them, but with the whole Gauss–Newton matrix, solved for each query by
 * conjugate gradients: slower by far, and exact up to the tolerance.
 *
 * @param queries LabeledExamples to explain, with their true classes.
 * @returns Shape [queries, training examples]: above 0 if the example makes the query's class more likely.
 * @throws {RangeError} If a setting is out of range, there is no example, or no dense or convolutional layer.
 * @see Koh & Liang, ICML 2017, §3: with the Gauss–Newton matrix for the Hessian.
 * @example
 * const scores = solvedInfluence(network, { X, y }, { X, y }, { maxIterations: 10 });
 */
export function solvedInfluence(
  network: Network,
  train: LabeledExamples,
  queries: LabeledExamples,
  { damping = 0.01, tolerance = 0.01, maxIterations = 100 }: SolvedInfluenceOptions = {},
): Matrix<Float64Array> {
  requirePositive("solvedInfluence", "damping", damping);
  requireExplainable("solvedInfluence", network, train);
  const wanted = gradientRows("solvedInfluence", network, queries, "logOdds");
  const derivatives = lossDerivatives(network, train.X, train.y, { parameters: blockParameters(network) });
  try {
    const directions = wanted.map((row) => Float32Array.from(conjugateGradients(
      (v) => derivatives.gaussNewtonVectorProduct(v), row, { damping, tolerance, maxIterations }).x));
    return alongGradients("solvedInfluence", network, train, directions);
  } finally {
    derivatives.dispose();
  }
}
