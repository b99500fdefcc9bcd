import { DivergenceError } from "../training/divergence";
import { parameterSpecs, type ParameterSpec } from "../training/layers";
import type { Network } from "../training/network";
import { networkOf } from "../training/network-classifier";
import { requireFinite, requireInteger, requireOneOf, requireSameLength } from "../validate";

/** Which trainable tensors to differentiate by: all, the last few, or some by name (`conv2_kernel`). */
export type ParameterSelection = "all" | { readonly last: number } | readonly string[];

/** Positions in `parameterSpecs` of the selected tensors, ascending. */
export function selectParameters(specs: readonly ParameterSpec[], selection: ParameterSelection): number[] {
  const trainable = [...specs.keys()].filter((i) => specs[i].trainable);
  if (selection === "all") return trainable;
  if ("last" in selection) {
    requireInteger("selectParameters", "last", selection.last, 1, trainable.length);
    return trainable.slice(-selection.last);
  }
  const names = trainable.map((i) => specs[i].name);
  for (const name of selection) requireOneOf("selectParameters", "parameter", name, names);
  if (!selection.length) throw new RangeError("selectParameters: needs at least one parameter, got none");
  return trainable.filter((i) => selection.includes(specs[i].name));
}

/**
 * A network whose selected weights have a vector taken off.
 *
 * @param update One number a selected parameter, finite.
 * @throws {RangeError} If it is longer, shorter or not finite. @throws {DivergenceError} If the weights overflow.
 */
export function subtractFromWeights(
  network: Network,
  selection: ParameterSelection,
  update: ArrayLike<number>,
): Network {
  const specs = parameterSpecs(network.architecture);
  const selected = selectParameters(specs, selection);
  const size = selected.reduce((sum, i) => sum + specs[i].size, 0);
  requireSameLength("subtractFromWeights", "update", update.length, "selected parameters", size);
  requireFinite("subtractFromWeights", "update", update);
  const weights = network.weights.map((values) => values.slice());
  let offset = 0;
  for (const i of selected) {
    const values = weights[i];
    for (let k = 0; k < values.length; k++) values[k] -= update[offset + k];
    offset += values.length;
    if (!values.every(Number.isFinite))
      throw new DivergenceError(`subtractFromWeights: ${specs[i].name} overflows: the update is too long`);
  }
  return networkOf(network.architecture, weights);
}
