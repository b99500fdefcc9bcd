import { type Matrix, matrix, rowOf } from "../../matrix";
import { sampleWithoutReplacement, type Rng } from "../../random";
import { requireInRange, requireInteger, requireSameLength } from "../../validate";
import { requireEpsilon } from "../parameters";
import { requireLabels } from "./randomised-response";
import { subsetSelection, subsetSelectionProbabilities } from "./subset-selection";

/** What each user sends of the own label and bits. */
export interface LabelledBitDesign {
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
 * labelledBitDesign({ epsilon: 4, numClasses: 10 }); // { bitsPerUser: 2, subsetSize: 1 }
 */
export function labelledBitDesign({ epsilon, numClasses }: { epsilon: number; numClasses: number }): LabelledBitDesign {
  requireEpsilon("labelledBitDesign", epsilon);
  requireInteger("labelledBitDesign", "numClasses", numClasses, 2);
  let least = Infinity;
  let best: LabelledBitDesign = { bitsPerUser: 1, subsetSize: 1 };
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

export interface LabelledBitOptions extends Partial<LabelledBitDesign> {
  /** What the whole record, image and label, costs its user in all, above 0. */
  epsilon: number;
  /** Labels are integers in [0, numClasses); at least 2. */
  numClasses: number;
  rng: Rng;
}

/** What the users sent, once each, and what is public about how. */
export interface LabelledBitReports extends LabelledBitDesign {
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
 * @param bits One bit a feature, shape [n, d] (`binariseImages`); not modified.
 * @param y Classes, shape [n].
 * @param options.bitsPerUser, options.subsetSize By default both as `labelledBitDesign` says.
 * @throws {RangeError} If a setting, bit or label is out of range.
 * @example
 * const strengths = orientationFeatures(train.X, { cells: 4, orientations: 8, inputScale: 1 / 255 });
 * const reports = reportLabelledBits(binariseImages(strengths, { cutoff: 0.05 }), train.y, {
 *   epsilon: 4, numClasses: 10, rng: seededRng(1),
 * });
 */
export function reportLabelledBits(
  bits: Matrix<Uint8Array>,
  y: Int32Array,
  { epsilon, numClasses, rng, ...design }: LabelledBitOptions,
): LabelledBitReports {
  const [n, d] = bits.shape;
  requireSameLength("reportLabelledBits", "bits", n, "y", y.length);
  requireLabels("reportLabelledBits", "y", y, numClasses);
  const best = labelledBitDesign({ epsilon, numClasses });
  const { bitsPerUser = best.bitsPerUser, subsetSize = best.subsetSize } = design;
  requireInteger("reportLabelledBits", "bitsPerUser", bitsPerUser, 1, Math.min(d, 16));
  const patterns = 2 ** bitsPerUser;
  const positions = new Int32Array(n * bitsPerUser);
  const truth = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const chosen = sampleWithoutReplacement(d, bitsPerUser, rng);
    positions.set(chosen, i * bitsPerUser);
    truth[i] = y[i] * patterns;
    for (let t = 0; t < bitsPerUser; t++) {
      const bit = bits.data[i * d + chosen[t]];
      requireInRange("reportLabelledBits", "bit", bit, 0, 1);
      truth[i] += bit * 2 ** t;
    }
  }
  const symbols = subsetSelection(truth, { epsilon, numSymbols: numClasses * patterns, subsetSize, rng });
  return { positions, symbols, dimensions: d, numClasses, epsilon, bitsPerUser, subsetSize };
}

/** A nearest-mean classifier on bits. */
export interface LabelledBitModel {
  /** Estimated mean of each bit, counted as −1 and 1, in each class; shape [numClasses, d], in [−1, 1]. */
  means: Matrix<Float64Array>;
  /** Estimated shares of the classes, shape [numClasses]; they may lie a little outside [0, 1]. */
  shares: Float64Array;
}

/**
 * Class means from the users' reports: the mechanism is undone in expectation, then each mean is drawn towards the
 * bit's mean over all classes, by as much as the reports' own scatter says is noise. Costs no ε.
 *
 * @throws {RangeError} If there is no report, or one is out of range.
 * @see Efron & Morris, JASA 68(341), 1973, for the shrinkage.
 */
export function fitLabelledBits(reports: LabelledBitReports): LabelledBitModel {
  const { positions, symbols, dimensions: d, numClasses, epsilon, bitsPerUser, subsetSize } = reports;
  const n = symbols.length / subsetSize;
  requireInteger("fitLabelledBits", "number of reports", n, 1);
  requireSameLength("fitLabelledBits", "positions", positions.length, "reports times bitsPerUser", n * bitsPerUser);
  const patterns = 2 ** bitsPerUser;
  const numSymbols = numClasses * patterns;
  const { p, q } = subsetSelectionProbabilities({ epsilon, numSymbols, subsetSize });
  const sums = new Float64Array(numClasses * d);
  const squares = new Float64Array(numClasses);
  const named = new Float64Array(numClasses);
  const asked = new Float64Array(d);
  const signs = new Int32Array(numClasses * bitsPerUser);
  for (let i = 0; i < n; i++) {
    signs.fill(0);
    for (let s = i * subsetSize; s < (i + 1) * subsetSize; s++) {
      requireInteger("fitLabelledBits", "symbol", symbols[s], 0, numSymbols - 1);
      const label = Math.floor(symbols[s] / patterns);
      named[label]++;
      for (let t = 0; t < bitsPerUser; t++) signs[label * bitsPerUser + t] += (symbols[s] >> t) & 1 ? 1 : -1;
    }
    for (let t = 0; t < bitsPerUser; t++) {
      const j = positions[i * bitsPerUser + t];
      requireInteger("fitLabelledBits", "position", j, 0, d - 1);
      asked[j]++;
      for (let c = 0; c < numClasses; c++) {
        const sign = signs[c * bitsPerUser + t];
        sums[c * d + j] += sign;
        squares[c] += sign * sign;
      }
    }
  }
  const shares = named.map((count) => (count / n - patterns * q) / (p - q));
  const means = new Float64Array(numClasses * d);
  const noise = new Float64Array(numClasses * d);
  const overall = new Float64Array(d);
  let scatter = 0;
  for (let c = 0; c < numClasses; c++) {
    const scale = (p - q) * Math.max(shares[c], 0.1 / numClasses);
    for (let j = 0; j < d; j++) {
      const users = Math.max(1, asked[j]);
      means[c * d + j] = sums[c * d + j] / users / scale;
      noise[c * d + j] = squares[c] / (n * bitsPerUser) / users / scale ** 2;
      overall[j] += sums[c * d + j] / users / (p - q);
    }
  }
  for (let p1 = 0; p1 < means.length; p1++)
    scatter += ((means[p1] - overall[p1 % d]) ** 2 - noise[p1]) / means.length;
  const spread = Math.max(scatter, 1e-6);
  for (let p1 = 0; p1 < means.length; p1++) {
    const kept = spread / (spread + noise[p1]);
    const mean = overall[p1 % d] + kept * (means[p1] - overall[p1 % d]);
    means[p1] = Math.min(1, Math.max(-1, mean));
  }
  return { means: matrix(means, [numClasses, d]), shares };
}

/**
 * The class whose mean is nearest to each image's bits.
 *
 * @param bits Shape [n, d].
 * @returns Classes, shape [n].
 * @throws {RangeError} If the widths differ.
 */
export function predictLabelledBits({ means }: LabelledBitModel, bits: Matrix<Uint8Array>): Int32Array {
  const [numClasses, d] = means.shape;
  requireSameLength("predictLabelledBits", "bits", bits.shape[1], "means", d);
  const base = Float64Array.from({ length: numClasses }, (_, c) =>
    rowOf(means, c).reduce((sum, mean) => sum - mean - (mean * mean) / 2, 0));
  return Int32Array.from({ length: bits.shape[0] }, (_, i) => {
    let label = 0;
    let best = -Infinity;
    for (let c = 0; c < numClasses; c++) {
      let score = base[c];
      for (let j = 0; j < d; j++) if (bits.data[i * d + j]) score += 2 * means.data[c * d + j];
      if (score > best) [best, label] = [score, c];
    }
    return label;
  });
}
