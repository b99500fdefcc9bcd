import { softmaxRows } from "../math/softmax";
import { selectRows, type Matrix } from "../matrix";
import type { Rng } from "../random";
import { requireExamples, type Network } from "../training/network";
import { networkOutputs } from "../training/predict";
import { requireInteger } from "../validate";
import { lossDerivatives } from "./derivatives";
import { drawLabels } from "./draw-labels";
import type { ParameterSelection } from "./parameter-selection";

export interface GaussNewtonDiagonalOptions {
  /** @defaultValue "all" */
  parameters?: ParameterSelection;
  /**
   * Groups of examples, one gradient each.
   * @defaultValue 16
   */
  groups?: number;
  rng: Rng;
}

export interface GaussNewtonDiagonal {
  /** Estimated diagonal of the mean Gauss–Newton matrix, none below 0, one number a selected parameter. */
  readonly diagonal: Float64Array;
  /** Gradients computed, in examples. */
  readonly gradients: number;
}

/**
 * Estimates the diagonal of a network's mean Gauss–Newton matrix, to precondition conjugate gradients with.
 * Labels are drawn from the network's own probabilities: the gradients of single examples then have mean 0, so that the
 * squared gradient of a group's summed loss has the group's summed diagonal as its expected value.
 *
 * @param X Shape [n, product of inputShape].
 * @throws {RangeError} If a parameter does not exist, or there are more groups than examples.
 * @see Martens, Journal of Machine Learning Research 21(146), 2020, §9: for softmax and cross-entropy the Fisher matrix
 * is the Gauss–Newton matrix.
 * @example
 * const { diagonal } = gaussNewtonDiagonal(network, X, { parameters: { last: 6 }, rng: seededRng(1) });
 */
export function gaussNewtonDiagonal(
  network: Network,
  X: Matrix,
  { parameters = "all", groups = 16, rng }: GaussNewtonDiagonalOptions,
): GaussNewtonDiagonal {
  const [n] = X.shape;
  requireExamples("gaussNewtonDiagonal", network.architecture, X, null);
  requireInteger("gaussNewtonDiagonal", "groups", groups, 1, n);
  const drawn = drawLabels(softmaxRows(networkOutputs(network, X)), rng);
  let diagonal = new Float64Array(0);
  for (let group = 0; group < groups; group++) {
    const positions = Int32Array.from(drawn.keys()).filter((i) => i % groups === group);
    const labels = drawn.filter((_, i) => i % groups === group);
    const derivatives = lossDerivatives(network, selectRows(X, positions), labels, {
      parameters,
      reduction: "sum",
      cacheBytes: 0,
    });
    try {
      const gradient = derivatives.gradient();
      if (!group) diagonal = new Float64Array(gradient.length);
      gradient.forEach((value, k) => (diagonal[k] += value ** 2 / n));
    } finally {
      derivatives.dispose();
    }
  }
  return { diagonal, gradients: n };
}
