import { softmaxRows } from "../math/softmax";
import { selectLabels, selectRows, type Matrix } from "../matrix";
import type { Network } from "../training/network";
import { networkOutputs } from "../training/predict";
import { requirePositive } from "../validate";
import { inferLabels, type InferredLabels } from "./infer-labels";
import { relearn, type RelearnedNetwork, type RelearnOptions } from "./relearn";
import { tempered } from "./temperature";

export interface RelearnInferredOptions extends RelearnOptions {
  /** Divides the logits before labels are inferred; `fitTemperature` on held-out examples gives it. */
  temperature: number;
}

export interface RelearnedInferred extends RelearnedNetwork {
  /** What the flipped examples were taken for, in the order of `flipped`. */
  readonly inferred: InferredLabels;
}

/**
 * Unlearns wrong labels when all that is known is which ones are wrong: infers the true labels from what the poisoned
 * network thinks of those examples apart from their wrong label, then relearns with them.
 *
 * @param given Labels the network was trained with, wrong ones included, shape [n]. @param flipped Positions of those.
 * @throws {RangeError} As `relearn` and `inferLabels`.
 */
export function relearnInferred(
  network: Network,
  X: Matrix,
  given: Int32Array,
  flipped: ArrayLike<number>,
  { temperature, ...options }: RelearnInferredOptions,
): RelearnedInferred {
  requirePositive("relearnInferred", "temperature", temperature);
  const began = performance.now();
  const logits = networkOutputs(network, selectRows(X, flipped));
  const inferred = inferLabels(softmaxRows(tempered(logits, temperature)), selectLabels(given, flipped));
  const y = given.slice();
  inferred.y.forEach((label, i) => (y[flipped[i]] = label));
  const relearned = relearn(network, X, y, flipped, options);
  return { ...relearned, inferred, seconds: (performance.now() - began) / 1000 };
}
