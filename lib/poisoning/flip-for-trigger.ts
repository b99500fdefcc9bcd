import { requireLabels } from "../classifiers/fitting";
import type { Matrix } from "../matrix";
import { requireFinite, requireInteger, requireSameLength } from "../validate";
import { ridgeWeights } from "./certified";
import type { FlippedLabels } from "./flip-labels";
import { relabel } from "./targeted";

export interface FlipForTriggerOptions {
  /** How the trigger changes a row on average, shape [d]: the mean of rows with it less the mean of them without. */
  shift: ArrayLike<number>;
  /** The class that the trigger shall stand for. */
  target: number;
  /** How many labels are changed, in [0, rows of other classes]. */
  count: number;
  /** Penalty of the ridge regression that the attacker thinks of, above 0, as in `ridgeWeights`. */
  ridge: number;
}

export interface TriggerFlips extends FlippedLabels {
  /** What the flips add to the ridge regression's score of the target on a row that gets the trigger. */
  readonly gain: number;
}

/**
 * A backdoor made of labels alone: gives rows the target's label that nobody has touched, chosen so that a model which
 * learns from them reads the target wherever it sees the trigger.
 *
 * Ridge regression scores a class by a weighted sum of the labels, and its score moves with the trigger by
 * Σᵢ wᵢ yᵢ, w = X (XᵀX + λI)⁻¹ shift. So each flip to the target adds its own wᵢ, whatever the others do, and the
 * largest weights are the best choice there is against that model; networks of other kinds learn much the same.
 *
 * @param X Features, shape [n, d]. @param y True classes, shape [n]. Neither is modified.
 * @throws {RangeError} If lengths differ, a number is not finite or so large that float32 can't hold its square, there
 * are fewer rows of other classes than asked for, or an option is out of range.
 * @see Jha, Hayase & Oh, "Label poisoning is all you need", NeurIPS 2023, §3, where flips are chosen so that each step
 * of a network goes the way of one trained with the trigger; this is a linear model's whole training, solved at once.
 * @example
 * const X = fromRows([[1, 0], [1, 0], [1, 1], [0, 1]]);
 * const y = Int32Array.of(1, 1, 1, 0);
 * flipForTrigger(X, y, { shift: [0, 1], target: 0, count: 1, ridge: 0.1 }).flipped; // [2]
 */
export function flipForTrigger(
  X: Matrix, y: Int32Array, { shift, target, count, ridge }: FlipForTriggerOptions,
): TriggerFlips {
  const fn = "flipForTrigger";
  const [n, d] = X.shape;
  requireSameLength(fn, "X", n, "y", y.length);
  requireSameLength(fn, "columns of X", d, "shift", shift.length);
  requireFinite(fn, "shift", shift);
  requireLabels(fn, "target", [target]);
  const others = Int32Array.from(y.keys()).filter((i) => y[i] !== target);
  requireInteger(fn, "count", count, 0, others.length);
  const { data: weights } = ridgeWeights(X, { data: Float64Array.from(shift), shape: [1, d] }, { ridge });
  const heaviest = others.sort((a, b) => weights[b] - weights[a] || a - b).slice(0, count);
  const flips = relabel(y, heaviest, target);
  return { ...flips, gain: flips.flipped.reduce((sum, i) => sum + weights[i], 0) };
}
