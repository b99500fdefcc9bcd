import { patchFeatures, type Patches } from "../../images/patch-features";
import { throwIfInterrupted } from "../../interrupt";
import { selectRows, type Matrix } from "../../matrix";
import type { Rng } from "../../random";
import { numClassesOf, requireExamples, requireImages, type Network } from "../../training/network";
import { requireInRange, requireInteger } from "../../validate";
import type { FoundFlips } from "./find-flips";
import { leaveOneOut, requireRidge } from "./leave-one-out";
import { partsOf } from "./parts";
import { patchWork } from "./patch-work";
import { swapPosterior } from "./swap-posterior";

export interface FindSwapsOptions {
  /** What the images are compared with: patches of all of X, and else as `patchFeatures` has it, unless told. */
  patches?: Patches;
  /**
   * Penalty of the ridge regression, beside features whose squares sum to 1 a row; at least 0.001.
   * @defaultValue 1
   */
  ridge?: number;
  /**
   * How often the regression is fitted to what was concluded before.
   * @defaultValue 5
   */
  rounds?: number;
  /**
   * A label is suspected if it is wrong with at least this probability, in [0, 1].
   * @defaultValue 0.5
   */
  threshold?: number;
  rng: Rng;
}

/** What an unknown label counts at first, beside a known one that counts 1: about two in three are right. */
const TRUST = 0.3;

/** The two labels that known flips carry. */
function confusedClasses(given: Int32Array, known: Int32Array): [number, number] {
  const classes = [...new Set(known.map((i) => given[i]))].sort((a, b) => a - b);
  if (classes.length !== 2)
    throw new RangeError(`findSwaps: known positions must have labels of two classes, got ${classes.join(", ")}`);
  return [classes[0], classes[1]];
}

/**
 * Finds the labels of two classes that were exchanged, from a share that is known. The network has learned the
 * confusion, so it is not asked at all: a ridge regression on features without labels (`patchFeatures`) tells the two
 * classes apart, on their images alone, and each image is judged by a fit to all others. Scores are a mixture of two
 * bell curves, one a class, of which known ones give their class away; how many others are wrong is found with them.
 * What is concluded is fitted again.
 *
 * @param network Of images; it gives their shape and the unit of `gradients`.
 * @param given Labels the network was trained with, shape [n].
 * @param known Positions known to be wrong; their labels are of two classes, and each has the other for its true one.
 * @returns As `findFlips`; labels of other classes count as right.
 * @throws {RangeError} If known positions have labels of one class or more than two, all of their labels are known, the
 * network is not one of images, or a setting is out of range.
 * @see Elkan & Noto, KDD 2008, for learning from some that are known among many that are not; Coates & Ng, ICML 2011.
 * @example
 * const pictures = initializeNetwork(leNet(), { rng: seededRng(1) });
 * const labels = y.map((label) => label % 2);
 * const { suspects } = findSwaps(pictures, X, labels, [0, 1, 2, 3], { patches: { filters: 8 }, rng: seededRng(1) });
 */
export function findSwaps(
  network: Network,
  X: Matrix,
  given: Int32Array,
  known: ArrayLike<number>,
  { patches, ridge = 1, rounds = 5, threshold = 0.5, rng }: FindSwapsOptions,
): FoundFlips {
  const began = performance.now();
  const { architecture } = network;
  requireExamples("findSwaps", architecture, X, given);
  requireImages("findSwaps", "patches", architecture.inputShape);
  requireRidge("findSwaps", ridge);
  requireInteger("findSwaps", "rounds", rounds, 0);
  requireInRange("findSwaps", "threshold", threshold, 0, 1);
  const { inside, outside } = partsOf("findSwaps", given.length, known);
  const [a, b] = confusedClasses(given, inside);
  const rows = Int32Array.from(given.keys()).filter((i) => given[i] === a || given[i] === b);
  const isKnown = new Set(inside);
  const two = { first: Array.from(rows, (i) => given[i] === a), known: Array.from(rows, (i) => isKnown.has(i)) };
  if (two.known.every(Boolean)) throw new RangeError("findSwaps: needs labels of the two classes that are not known");
  const compared = { ...patches, patchesOf: patches?.patchesOf ?? X };
  const features = patchFeatures(selectRows(X, rows), { ...compared, imageShape: architecture.inputShape, rng });
  const askOthers = leaveOneOut(features, ridge);
  const told = Float64Array.from(rows, (_, k) => (two.known[k] ? -1 : TRUST) * (two.first[k] ? 1 : -1));
  const { chances: atFirst, rate } = swapPosterior(askOthers(told), two);
  let chances = atFirst;
  for (let round = 0; round < rounds; round++) {
    throwIfInterrupted();
    ({ chances } = swapPosterior(askOthers(chances.map((chance) => 2 * chance - 1)), two, rate));
  }
  const [wrong, likely, confidence] = [new Float64Array(given.length), given.slice(), new Float64Array(given.length)];
  rows.forEach((i, k) => {
    wrong[i] = two.first[k] ? 1 - chances[k] : chances[k];
    likely[i] = two.first[k] ? b : a;
    confidence[i] = 1;
  });
  const classes = numClassesOf(architecture);
  const other = (label: number): number => (label === a ? b : label === b ? a : -1);
  return {
    wrong, likely, confidence,
    rates: Float64Array.from({ length: classes }, (_, label) => (other(label) < 0 ? 0 : rate)),
    pattern: Array.from({ length: classes }, (_, label) =>
      Float64Array.from({ length: classes }, (_, c) => (c === other(label) ? 1 : 0))),
    suspects: outside.filter((i) => confidence[i] > 0 && wrong[i] >= threshold),
    y: given.map((label, i) => (confidence[i] > 0 && wrong[i] >= threshold ? likely[i] : label)),
    gradients: patchWork(network, features.shape as [number, number], rounds + 1, compared),
    seconds: (performance.now() - began) / 1000,
  };
}
