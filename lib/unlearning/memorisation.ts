import type { Classifier } from "../classifiers/classifier";
import type { Matrix } from "../matrix";
import { crossEntropies, networkOutputs } from "../training/predict";
import type { Network } from "../training/network";
import { requireFinite, requireInRange, requireSameLength } from "../validate";

/** Share of lost accuracy that came back: (after − before) / (clean − before); 1 is all of it. */
export function restoredShare(accuracy: { clean: number; before: number; after: number }): number {
  const { clean, before, after } = accuracy;
  for (const [name, value] of Object.entries(accuracy)) requireInRange("restoredShare", name, value, 0, 1);
  if (clean === before) throw new RangeError(`restoredShare: clean and before must differ, got ${clean} for both`);
  return (after - before) / (clean - before);
}

/**
 * Share of flipped examples that a model still calls by their flipped label: near 0 for one that never saw them.
 *
 * @param X The flipped examples, shape [n, d]. @param flippedTo Their wrong labels, shape [n].
 */
export function memorisedShare(model: Classifier, X: Matrix, flippedTo: Int32Array): number {
  if (!flippedTo.length) throw new RangeError("memorisedShare: needs at least one flipped example, got none");
  requireSameLength("memorisedShare", "X", X.shape[0], "flippedTo", flippedTo.length);
  const predicted = model.predict(X);
  return predicted.reduce((count, label, i) => count + (label === flippedTo[i] ? 1 : 0), 0) / predicted.length;
}

/**
 * Probability that a random member scores higher than a random non-member, ties counted half: area under the ROC curve.
 *
 * @see Hanley & McNeil, Radiology 143(1), 1982.
 */
export function rankAuc(members: ArrayLike<number>, nonMembers: ArrayLike<number>): number {
  if (!members.length || !nonMembers.length)
    throw new RangeError("rankAuc: needs at least one member and one non-member");
  requireFinite("rankAuc", "members", members);
  requireFinite("rankAuc", "nonMembers", nonMembers);
  const others = Float64Array.from(nonMembers).sort();
  const countUpTo = (value: number, including: boolean): number => {
    let low = 0;
    let high = others.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (others[middle] < value || (including && others[middle] === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  let wins = 0;
  for (let i = 0; i < members.length; i++) wins += (countUpTo(members[i], false) + countUpTo(members[i], true)) / 2;
  return wins / (members.length * others.length);
}

export interface LabelledExamples {
  readonly X: Matrix;
  readonly y: Int32Array;
}

/**
 * How well the network's losses tell examples it was trained on, with these labels, from examples it was not: the AUC
 * of a loss-threshold attack. 0.5 is a guess, 1 certainty. For unlearning, members are the flipped examples under their
 * wrong labels, and non-members are held-out examples with labels turned wrong by the same rule.
 *
 * @see Yeom et al., IEEE CSF 2018, §3.
 */
export function membershipScore(network: Network, members: LabelledExamples, nonMembers: LabelledExamples): number {
  const scores = ({ X, y }: LabelledExamples): Float64Array =>
    crossEntropies(networkOutputs(network, X), y).map((loss) => -loss);
  return rankAuc(scores(members), scores(nonMembers));
}
