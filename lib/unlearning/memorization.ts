import type { Classifier } from "../classifiers/classifier";
import { areaUnderRoc } from "../math/auc";
import type { Matrix } from "../matrix";
import { crossEntropies, networkOutputs } from "../training/predict";
import type { Network } from "../training/network";
import { requireSameLength } from "../validate";

/**
 * Share of flipped examples that a model still calls by their flipped label: near 0 for one that never saw them.
 *
 * @param X The flipped examples, shape [n, d]. @param flippedTo Their wrong labels, shape [n].
 */
export function memorizedShare(model: Classifier, X: Matrix, flippedTo: Int32Array): number {
  if (!flippedTo.length) throw new RangeError("memorizedShare: needs at least one flipped example, got none");
  requireSameLength("memorizedShare", "X", X.shape[0], "flippedTo", flippedTo.length);
  const predicted = model.predict(X);
  return predicted.reduce((count, label, i) => count + (label === flippedTo[i] ? 1 : 0), 0) / predicted.length;
}

export interface LabeledExamples {
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
export function membershipScore(network: Network, members: LabeledExamples, nonMembers: LabeledExamples): number {
  const scores = ({ X, y }: LabeledExamples): Float64Array =>
    crossEntropies(networkOutputs(network, X), y).map((loss) => -loss);
  if (!members.y.length || !nonMembers.y.length)
    throw new RangeError("membershipScore: needs at least one member and one non-member");
  return areaUnderRoc(scores(members), scores(nonMembers));
}
