import type { Matrix } from "../../matrix";
import { sampleWithoutReplacement, type Rng } from "../../random";
import { requireInRange, requireInteger, requireSameLength } from "../../validate";
import { requireEpsilon } from "../parameters";
import { requireLabels } from "./randomized-response";
import { subsetSelection, subsetSelectionProbabilities } from "./subset-selection";

/** What each user sends of the own label and bits. */
export interface LabeledBitDesign {
  /** Bits of the own image that go into the symbol. */
  bitsPerUser: number;
  /** Symbols a report names. */
  subsetSize: number;
}

const MOST_BITS = 8;

/**
 * The design whose estimated class means have the least variance, by the mechanism's own formula: no data is looked at.
 *
 * @throws {RangeError} If a setting is out of range.
 * @example
 * labeledBitDesign({ epsilon: 4, numClasses: 10 }); // { bitsPerUser: 2, subsetSize: 1 }
 */
export function labeledBitDesign({ epsilon, numClasses }: { epsilon: number; numClasses: number }): LabeledBitDesign {
  requireEpsilon("labeledBitDesign", epsilon);
  requireInteger("labeledBitDesign", "numClasses", numClasses, 2);
  let least = Infinity;
  let best: LabeledBitDesign = { bitsPerUser: 1, subsetSize: 1 };
  for (let bitsPerUser = 1; bitsPerUser <= MOST_BITS; bitsPerUser++) {
    const patterns = 2 ** bitsPerUser;
    const numSymbols = numClasses * patterns;
    for (let subsetSize = 1; subsetSize <= numSymbols / 2; subsetSize++) {
      const { p, q, pair } = subsetSelectionProbabilities({ epsilon, numSymbols, subsetSize });
      const variance = (patterns * (q - pair) + (p - q) / numClasses) / ((p - q) ** 2 * bitsPerUser);
      if (variance < least) [least, best] = [variance, { bitsPerUser, subsetSize }];
    }
  }
  return best;
}

export interface LabeledBitOptions extends Partial<LabeledBitDesign> {
  /** What the whole record, image and label, costs its user in all, above 0. */
  epsilon: number;
  /** Labels are integers in [0, numClasses); at least 2. */
  numClasses: number;
  rng: Rng;
}

/** What the users sent, once each, and what is public about how. */
export interface LabeledBitReports extends LabeledBitDesign {
  /** Which bits each user was asked for (public chance), shape [n · bitsPerUser]. */
  positions: Int32Array;
  /** Randomised symbols label · 2^bitsPerUser + bits, the first bit lowest; shape [n · subsetSize]. */
  symbols: Int32Array;
  /** Bits an image has. */
  dimensions: number;
  numClasses: number;
  /** What each user has spent in all. */
  epsilon: number;
}

/**
 * Each user joins the own label and a few bits of the own image, at places drawn evenly and independently of the data,
 * to one symbol, and sends it by subset selection. The label costs no ε of its own.
 *
 * Private: the places are drawn before the record is looked at; given them, the record is one symbol, and subset
 * selection sends no set more than e^ε times as likely for one symbol as for another. So the whole report is
 * ε-locally differentially private for the user's whole record, image and label together, with δ = 0. What is made of
 * the reports later costs nothing more.
 *
 * Warning: for experiments. In a release, draw with `secureRng()`, on the user's device.
 *
 * @param bits One bit a feature, shape [n, d] (`binarizeImages`); not modified.
 * @param y Classes, shape [n].
 * @param options.bitsPerUser, options.subsetSize By default both as `labeledBitDesign` says.
 * @throws {RangeError} If a setting, bit or label is out of range.
 * @example
 * const strengths = orientationFeatures(train.X, { cells: 4, orientations: 8, inputScale: 1 / 255 });
 * const reports = reportLabeledBits(binarizeImages(strengths, { cutoff: 0.05 }), train.y, {
 *   epsilon: 4, numClasses: 10, rng: seededRng(1),
 * });
 */
export function reportLabeledBits(
  bits: Matrix<Uint8Array>,
  y: Int32Array,
  { epsilon, numClasses, rng, ...design }: LabeledBitOptions,
): LabeledBitReports {
  const [n, d] = bits.shape;
  requireSameLength("reportLabeledBits", "bits", n, "y", y.length);
  requireLabels("reportLabeledBits", "y", y, numClasses);
  const best = labeledBitDesign({ epsilon, numClasses });
  const { bitsPerUser = best.bitsPerUser, subsetSize = best.subsetSize } = design;
  requireInteger("reportLabeledBits", "bitsPerUser", bitsPerUser, 1, Math.min(d, 16));
  const patterns = 2 ** bitsPerUser;
  const positions = new Int32Array(n * bitsPerUser);
  const truth = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const chosen = sampleWithoutReplacement(d, bitsPerUser, rng);
    positions.set(chosen, i * bitsPerUser);
    truth[i] = y[i] * patterns;
    for (let t = 0; t < bitsPerUser; t++) {
      const bit = bits.data[i * d + chosen[t]];
      requireInRange("reportLabeledBits", "bit", bit, 0, 1);
      truth[i] += bit * 2 ** t;
    }
  }
  const symbols = subsetSelection(truth, { epsilon, numSymbols: numClasses * patterns, subsetSize, rng });
  return { positions, symbols, dimensions: d, numClasses, epsilon, bitsPerUser, subsetSize };
}
