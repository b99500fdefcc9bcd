import type { ReluNetwork } from "../../classifiers/neural/relu-network";
import { requireInteger } from "../../validate";
import { requireNumericRanges, requireWidth, type NumericRange } from "../ranges";

/** A unit of one hidden layer with its output weight multiplied in: sign · max(0, weights · x + bias). */
interface FoldedUnit {
  readonly sign: number;
  readonly weights: Float64Array;
  readonly bias: number;
}

function foldedUnits({ layers: [hidden, output] }: ReluNetwork): FoldedUnit[] {
  const [units, d] = hidden.weights.shape;
  return Array.from({ length: units }, (_, k) => {
    const out = output.weights.data[k];
    const size = Math.abs(out);
    const weights = hidden.weights.data.slice(k * d, (k + 1) * d).map((w) => size * w);
    return { sign: Math.sign(out), weights, bias: size * hidden.biases[k] };
  });
}

/** The most that a unit and another, or nothing, can differ by within the ranges. */
function unitBound(a: FoldedUnit, b: FoldedUnit | null, ranges: readonly NumericRange[]): number {
  let low = a.bias - (b?.bias ?? 0);
  let high = low;
  ranges.forEach(({ min, max }, j) => {
    const w = a.weights[j] - (b?.weights[j] ?? 0);
    low += Math.min(w * min, w * max);
    high += Math.max(w * min, w * max);
  });
  return b ? Math.max(Math.abs(low), Math.abs(high)) : Math.max(0, high);
}

/**
 * An upper bound of the difference of two networks' scores over all inputs within ranges, not over a sample: units are
 * paired, max(0, ·) never widens a gap, and the gap of two linear functions in a box is known. Up to the rounding of
 * this sum itself, about 1e-14 of the scores.
 *
 * @param original One hidden layer, one score.
 * @param copied The same, with any number of units in any order.
 * @throws {RangeError} If a network has another number of layers or scores, or widths differ.
 * @see Carlini et al., CRYPTO 2020, §6.2, which bounds a network's error by its weights' errors too.
 * @example
 * const weights = fromRows([[1, 2], [-1, 3]]);
 * const network = reluNetwork([
 *   { weights, biases: Float64Array.of(0.5, -1) },
 *   { weights: fromRows([[1, -2]]), biases: Float64Array.of(0) },
 * ]);
 * reluDifferenceBound(network, network, { ranges: ranges.slice(0, 2) }); // 0
 */
export function reluDifferenceBound(
  original: ReluNetwork, copied: ReluNetwork, { ranges }: { ranges: readonly NumericRange[] },
): number {
  const fn = "reluDifferenceBound";
  requireNumericRanges(fn, ranges);
  for (const [name, network] of [["original", original], ["copied", copied]] as const) {
    requireInteger(fn, `number of layers of ${name}`, network.layers.length, 2, 2);
    requireInteger(fn, `number of scores of ${name}`, network.layers[1].biases.length, 1, 1);
    requireWidth(fn, ranges, name, network.numFeatures);
  }
  const free = new Set(foldedUnits(copied));
  let bound = Math.abs(original.layers[1].biases[0] - copied.layers[1].biases[0]);
  for (const unit of foldedUnits(original)) {
    let best = unitBound(unit, null, ranges);
    let partner: FoldedUnit | null = null;
    for (const other of free) {
      if (other.sign !== unit.sign) continue;
      const gap = unitBound(unit, other, ranges);
      if (gap < best) [best, partner] = [gap, other];
    }
    if (partner) free.delete(partner);
    bound += best;
  }
  for (const unit of free) bound += unitBound(unit, null, ranges);
  return bound;
}
