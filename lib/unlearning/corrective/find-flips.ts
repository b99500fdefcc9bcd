import type { Patches } from "../../images/patch-features";
import type { Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { numClassesOf, requireExamples, requireImages, type Network } from "../../training/network";
import { requireInRange, requireInteger } from "../../validate";
import { flipPosterior, type FlipPosterior } from "./flip-posterior";
import { imageJudge } from "./leave-one-out-probabilities";
import { partsOf } from "./parts";
import { patchWork } from "./patch-work";

export interface FindFlipsOptions {
  /**
   * How often models are fitted to the labels as corrected so far.
   * @defaultValue 3
   */
  rounds?: number;
  /**
   * What the images are compared with: 32 patches, and else as `patchFeatures` has it, unless told.
   */
  patches?: Patches;
  /**
   * Penalty of the ridge regressions, beside features whose squares sum to 1 a row; at least 0.001.
   * @defaultValue 1
   */
  ridge?: number;
  /**
   * A label is suspected if it is wrong with at least this probability, in [0, 1].
   * @defaultValue 0.5
   */
  threshold?: number;
  rng: Rng;
}

export interface FoundFlips extends FlipPosterior {
  /** Positions suspected, the known ones left out, ascending. */
  readonly suspects: Int32Array;
  /** Labels with the suspects' and the known ones' most probable true class, shape [n]. */
  readonly y: Int32Array;
  /** Work, as gradients of the whole network, in examples; a pass without a gradient counts a third. */
  readonly gradients: number;
  readonly seconds: number;
}

/**
 * Finds the wrong labels that nobody knows of, from a share that is known. The network has learned them, so it is not
 * asked: models on features in which no label has a part, each image judged by those of all others
 * (`leaveOneOutProbabilities`), say what an image looks like; `flipPosterior` compares that with its label and with the
 * pattern of the known flips; labels are corrected, and the models fitted again. At first the known ones count for no
 * class.
 *
 * @param network Of images; it gives their shape and the unit of `gradients`.
 * @param given Labels the network was trained with, shape [n]. @param known Positions known to be wrong.
 * @throws {RangeError} If no or every row is known, the network is not one of images, or a setting is out of range.
 * @see Northcutt, Jiang & Chuang, JAIR 70, 2021: finding label errors by models not shown the row.
 * @example
 * const pictures = initializeNetwork(leNet(), { rng: seededRng(1) });
 * const { suspects } = findFlips(pictures, X, y, flipped.slice(0, 20), {
 *   patches: { filters: 8 }, rounds: 1, rng: seededRng(1) });
 */
export function findFlips(
  network: Network,
  X: Matrix,
  given: Int32Array,
  known: ArrayLike<number>,
  { rounds = 3, patches, ridge, threshold = 0.5, rng }: FindFlipsOptions,
): FoundFlips {
  const began = performance.now();
  const { architecture } = network;
  requireExamples("findFlips", architecture, X, given);
  requireImages("findFlips", "patches", architecture.inputShape);
  requireInteger("findFlips", "rounds", rounds, 1);
  requireInRange("findFlips", "threshold", threshold, 0, 1);
  const { outside } = partsOf("findFlips", given.length, known);
  const numClasses = numClassesOf(architecture);
  const judge = imageJudge("findFlips", X, { imageShape: architecture.inputShape, numClasses, patches, ridge, rng });
  let [y, learn] = [given, outside];
  let posterior: FlipPosterior | undefined;
  for (let round = 0; round < rounds; round++) {
    posterior = flipPosterior(judge.ask(y, learn), given, known);
    const { wrong, likely } = posterior;
    y = given.map((label, i) => (wrong[i] >= threshold ? likely[i] : label));
    learn = Int32Array.from(y.keys());
  }
  const found = posterior as FlipPosterior;
  const suspects = outside.filter((i) => found.wrong[i] >= threshold);
  const gradients = patchWork(network, [given.length, judge.numFeatures], rounds * numClasses, judge.patches);
  return { ...found, suspects, y, gradients, seconds: (performance.now() - began) / 1000 };
}
