import { selectLabels, selectRows, type Matrix } from "../../matrix";
import { numClassesOf, type Network } from "../../training/network";
import { requireInRange, requirePositive, requireSameLength } from "../../validate";
import { relearn, RELEARN_BATCH, relearnChanges, type RelearnOptions } from "../relearn";
import { findFlips, type FindFlipsOptions, type FoundFlips } from "./find-flips";
import type { RepairedNetwork } from "../../training/towards";

export interface PartlyKnownOptions extends Omit<RelearnOptions, "changedShare" | "checkpoint"> {
  /** Gradients to spend, in examples, those of the search included. */
  gradients: number;
  /**
   * A label is corrected if the likely class is the true one with more than this probability, in [0, 1].
   * @defaultValue 0.5
   */
  correctAbove?: number;
  /**
   * A row whose label is not corrected is left out if the label is wrong with more than this probability, in [0, 1].
   * @defaultValue 0.1
   */
  leaveOutAbove?: number;
  /** How to search for the rest. */
  search?: Omit<FindFlipsOptions, "rng">;
  /** What an earlier call has found with the same arguments; spares the search, whose work counts all the same. */
  found?: FoundFlips;
}

export interface PartlyKnownRepair extends RepairedNetwork {
  readonly found: FoundFlips;
  /** Rows whose label was corrected, and rows left out, the known ones included. */
  readonly corrected: number;
  readonly leftOut: number;
}

/** The kept rows, those of a class that lost some named again in turn, so that all classes keep their share. */
function withShares(kept: Int32Array, y: Int32Array, numClasses: number): Int32Array {
  const rows: number[][] = Array.from({ length: numClasses }, () => []);
  for (const i of kept) rows[y[i]].push(i);
  const counts = new Int32Array(numClasses);
  for (const label of y) counts[label]++;
  const all = Array.from(kept);
  rows.forEach((of, label) => {
    for (let k = 0; of.length && of.length + k < counts[label]; k++) all.push(of[k % of.length]);
  });
  return Int32Array.from(all);
}

/**
 * Unlearns wrong labels of which only a share is known: searches for the others with `findFlips`, corrects those it is
 * sure of, leaves out those it doubts, and relearns with what is then believed; what is kept of a class counts for
 * what was left out of it. A class of which nothing is kept is shown no more.
 *
 * @param given Labels the network was trained with, shape [n]. @param known Positions known to be wrong.
 * @throws {RangeError} As `findFlips` and `relearn`; or if the search alone costs more gradients than may be spent.
 * @see Goel et al., TMLR 2024, for the setting.
 * @example
 * const convolutional = initializeNetwork(leNet(), { rng: seededRng(1) });
 * const repair = relearnPartlyKnown(convolutional, X, y, flipped.slice(0, 20), {
 *   gradients: 4000, search: { rounds: 1, patches: { filters: 8 } }, rng: seededRng(1) });
 * repair.gradients <= 4000; // true
 */
export function relearnPartlyKnown(
  network: Network,
  X: Matrix,
  given: Int32Array,
  known: ArrayLike<number>,
  { correctAbove = 0.5, leaveOutAbove = 0.1, search, found: earlier, gradients, ...options }: PartlyKnownOptions,
): PartlyKnownRepair {
  requireInRange("relearnPartlyKnown", "correctAbove", correctAbove, 0, 1);
  requireInRange("relearnPartlyKnown", "leaveOutAbove", leaveOutAbove, 0, 1);
  relearnChanges("relearnPartlyKnown", options.augment, network.architecture.inputShape);
  requirePositive("relearnPartlyKnown", "gradients", gradients);
  if (earlier) requireSameLength("relearnPartlyKnown", "found.wrong", earlier.wrong.length, "given", given.length);
  const began = performance.now();
  const found = earlier ?? findFlips(network, X, given, known, { ...search, rng: options.rng.spawn(0) });
  const { wrong, likely, confidence } = found;
  const left = Math.floor(gradients - found.gradients);
  const { batchSize = RELEARN_BATCH } = options;
  if (!(left >= batchSize))
    throw new RangeError(`relearnPartlyKnown: gradients must be at least ${Math.ceil(found.gradients) + batchSize}, `
      + `the search's and a batch's, got ${gradients}`);
  const corrects = (i: number): boolean => wrong[i] * confidence[i] > correctAbove;
  const kept = Int32Array.from(given.keys()).filter((i) => corrects(i) || wrong[i] <= leaveOutAbove);
  const y = given.map((label, i) => (corrects(i) ? likely[i] : label));
  if (kept.length < 2)
    throw new RangeError(`relearnPartlyKnown: leaveOutAbove must leave rows to learn from, ${leaveOutAbove} leaves `
      + `${kept.length} of ${given.length}`);
  const rows = withShares(kept, y, numClassesOf(network.architecture));
  const relearned = relearn(network, selectRows(X, rows), selectLabels(y, rows), [0],
    { ...options, gradients: left, rng: options.rng.spawn(1) });
  const seconds = (performance.now() - began) / 1000 + (earlier ? earlier.seconds : 0);
  const corrected = kept.filter(corrects).length;
  return { ...relearned, gradients: found.gradients + relearned.gradients, seconds, found, corrected,
    leftOut: given.length - kept.length };
}
