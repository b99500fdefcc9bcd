import { throwIfInterrupted } from "../../interrupt";
import { selectLabels, selectRows, type Matrix } from "../../matrix";
import { parameterSpecs } from "../../training/layers";
import { requireExamples, type Network } from "../../training/network";
import { requireInteger, requirePositive } from "../../validate";
import { lossDerivatives } from "../derivatives";
import { selectParameters, subtractFromWeights } from "../parameter-selection";
import type { RepairedNetwork } from "../../training/towards";
import { partsOf } from "./parts";

/**
 * How much each trainable weight matters for some examples: the mean of its squared gradients.
 *
 * @param X Shape [n, d]. @param y Labels the network was trained with, shape [n].
 * @param options.batchSize Examples whose gradients are averaged before they are squared. 1 gives the diagonal of the
 * empirical Fisher matrix, as the paper defines it; more is faster, as its code does it.
 * @returns One number a trainable weight, in the order of `parameterSpecs`.
 * @throws {RangeError} If there is no example, or the batch size is not an integer of at least 1.
 * @see Foster, Schoepf & Brintrup, AAAI 2024, §3.
 * @example
 * const importance = weightImportance(network, X, y, { batchSize: 16 });
 */
export function weightImportance(
  network: Network,
  X: Matrix,
  y: Int32Array,
  { batchSize = 1 }: { batchSize?: number } = {},
): Float64Array {
  requireExamples("weightImportance", network.architecture, X, y);
  requireInteger("weightImportance", "number of examples", y.length, 1);
  requireInteger("weightImportance", "batchSize", batchSize, 1);
  let importance = new Float64Array(0);
  for (let from = 0; from < y.length; from += batchSize) {
    throwIfInterrupted();
    const rows = Int32Array.from({ length: Math.min(batchSize, y.length - from) }, (_, k) => from + k);
    const derivatives = lossDerivatives(network, selectRows(X, rows), selectLabels(y, rows), { cacheBytes: 0 });
    const gradient = derivatives.gradient();
    derivatives.dispose();
    if (!importance.length) importance = new Float64Array(gradient.length);
    for (let k = 0; k < gradient.length; k++) importance[k] += (gradient[k] ** 2 * rows.length) / y.length;
  }
  return importance;
}

export interface DampeningOptions {
  /**
   * A weight is dampened if it matters more than this many times as much for the forgotten examples as for all.
   * @defaultValue 10
   */
  alpha?: number;
  /**
   * It is then multiplied by this many times the ratio of the two, at most by 1.
   * @defaultValue 1
   */
  lambda?: number;
}

/** What `dampenSelected` needs to know of a network; worked out once for many settings. */
export interface Importances {
  readonly all: Float64Array;
  readonly forgotten: Float64Array;
}

/**
 * Multiplies each weight that matters over α times as much for the forgotten examples as for all by λ times the ratio,
 * at most by 1.
 *
 * @throws {RangeError} If an importance is missing, or α or λ is not above 0.
 * @see Foster, Schoepf & Brintrup, AAAI 2024, §3, equations 4 and 5.
 * @example
 * const importances = { all: weightImportance(network, X, y, { batchSize: 16 }),
 *   forgotten: weightImportance(network, X, y, { batchSize: 16 }) };
 * const same = dampenSelected(network, importances, { alpha: 2 });
 */
export function dampenSelected(
  network: Network,
  { all, forgotten }: Importances,
  { alpha = 10, lambda = 1 }: DampeningOptions = {},
): Network {
  requirePositive("dampenSelected", "alpha", alpha);
  requirePositive("dampenSelected", "lambda", lambda);
  const specs = parameterSpecs(network.architecture);
  const weights = selectParameters(specs, "all").flatMap((i) => Array.from(network.weights[i]));
  for (const each of [all, forgotten]) requireInteger("dampenSelected", "importances", each.length, weights.length,
    weights.length);
  const taken = Float64Array.from(weights, (weight, k) =>
    (forgotten[k] > alpha * all[k] ? weight * (1 - Math.min(1, (lambda * all[k]) / forgotten[k])) : 0));
  return subtractFromWeights(network, "all", taken);
}

/**
 * Selective synaptic dampening: finds the weights that matter most for the examples to be forgotten, and makes them
 * smaller, without any training.
 *
 * @param y Labels the network was trained with, shape [n]. @param forget Positions known to be poisoned.
 * @throws {RangeError} If there is nothing to forget or to keep, or a setting is out of range.
 * @see Foster, Schoepf & Brintrup, AAAI 2024, algorithm 1.
 * @example
 * const { network: dampened } = selectiveDampening(network, X, y, flipped, { alpha: 5, batchSize: 16 });
 */
export function selectiveDampening(
  network: Network,
  X: Matrix,
  y: Int32Array,
  forget: ArrayLike<number>,
  { batchSize, ...options }: DampeningOptions & { batchSize?: number } = {},
): RepairedNetwork {
  const began = performance.now();
  const { inside } = partsOf("selectiveDampening", y.length, forget);
  const all = weightImportance(network, X, y, { batchSize });
  const forgotten = weightImportance(network, selectRows(X, inside), selectLabels(y, inside), { batchSize });
  const dampened = dampenSelected(network, { all, forgotten }, options);
  return { network: dampened, gradients: y.length + inside.length, seconds: (performance.now() - began) / 1000 };
}
