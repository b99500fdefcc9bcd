import { areaUnderRoc } from "../../math/auc";
import { numClassesOf, type Network } from "../../training/network";
import { classesOf, crossEntropies, networkOutputs } from "../../training/predict";
import type { LabeledExamples } from "../memorization";

/** What a network knows: how well it reads, and what it still knows of the flips. */
export interface UnlearningScores {
  /** Share of unseen images that it reads right. */
  readonly accuracy: number;
  /** Share of flipped images that it still calls by their wrong label. */
  readonly memorized: number;
  /** `membershipScore` of the wrong labels: 0.5 or less tells nothing. */
  readonly membership: number;
}

const shareEqual = (a: Int32Array, b: Int32Array): number =>
  a.reduce((count, label, i) => count + (label === b[i] ? 1 : 0), 0) / a.length;

/**
 * `accuracy` on unseen images, `memorizedShare` and `membershipScore`, with one pass over each set of images.
 *
 * @param flips The flipped training images under their wrong labels.
 * @param unseen Images under their true labels; turned to the opposite ones, they are membership's non-members.
 * @internal
 */
export function unlearningScores(network: Network, flips: LabeledExamples, unseen: LabeledExamples): UnlearningScores {
  const [ofFlips, ofUnseen] = [flips, unseen].map(({ X }) => networkOutputs(network, X));
  const last = numClassesOf(network.architecture) - 1;
  const turned = unseen.y.map((label) => last - label);
  const negative = (losses: Float64Array): Float64Array => losses.map((loss) => -loss);
  return {
    accuracy: shareEqual(classesOf(ofUnseen), unseen.y),
    memorized: shareEqual(classesOf(ofFlips), flips.y),
    membership: areaUnderRoc(negative(crossEntropies(ofFlips, flips.y)), negative(crossEntropies(ofUnseen, turned))),
  };
}
