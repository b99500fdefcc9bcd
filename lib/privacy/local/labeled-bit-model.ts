import type { Classifier, SerializedClassifier } from "../../classifiers/classifier";
import { registerFamily } from "../../classifiers/deserialize";
import { labelsOfLargest, zeros } from "../../classifiers/fitting";
import { type Matrix, matrix, rowOf } from "../../matrix";
import { requireInteger, requireSameLength } from "../../validate";
import { requireBits } from "./bits";
import type { LabeledBitReports } from "./labeled-bits";
import { subsetSelectionProbabilities } from "./subset-selection";

/** A nearest-mean classifier of rows of bits. */
export interface LabeledBitModel extends Classifier {
  readonly family: "labeledBits";
  /** Estimated mean of each bit, counted as −1 and 1, in each class; shape [numClasses, d], in [−1, 1]. */
  readonly means: Matrix<Float64Array>;
  /** Estimated shares of the classes, shape [numClasses]; they may lie a little outside [0, 1]. */
  readonly shares: Float64Array;
}

/** What the reports add up to. */
interface Tally {
  users: number;
  /** Sum of signs of each bit under each label, shape [numClasses · d]. */
  sums: Float64Array;
  /** Sum of their squares under each label, shape [numClasses]. */
  squares: Float64Array;
  /** How often each label was named, shape [numClasses]. */
  named: Float64Array;
  /** How many users were asked for each bit, shape [d]. */
  asked: Float64Array;
}

function tally({ positions, symbols, dimensions: d, numClasses, bitsPerUser, subsetSize }: LabeledBitReports): Tally {
  const users = symbols.length / subsetSize;
  requireInteger("fitLabeledBits", "number of reports", users, 1);
  requireSameLength("fitLabeledBits", "positions", positions.length, "reports times bitsPerUser", users * bitsPerUser);
  const patterns = 2 ** bitsPerUser;
  const sums = new Float64Array(numClasses * d);
  const squares = new Float64Array(numClasses);
  const named = new Float64Array(numClasses);
  const asked = new Float64Array(d);
  const signs = new Int32Array(numClasses * bitsPerUser);
  for (let i = 0; i < users; i++) {
    signs.fill(0);
    for (let s = i * subsetSize; s < (i + 1) * subsetSize; s++) {
      requireInteger("fitLabeledBits", "symbol", symbols[s], 0, numClasses * patterns - 1);
      const label = Math.floor(symbols[s] / patterns);
      named[label]++;
      for (let t = 0; t < bitsPerUser; t++) signs[label * bitsPerUser + t] += (symbols[s] >> t) & 1 ? 1 : -1;
    }
    for (let t = 0; t < bitsPerUser; t++) {
      const j = positions[i * bitsPerUser + t];
      requireInteger("fitLabeledBits", "position", j, 0, d - 1);
      asked[j]++;
      for (let c = 0; c < numClasses; c++) {
        const sign = signs[c * bitsPerUser + t];
        sums[c * d + j] += sign;
        squares[c] += sign * sign;
      }
    }
  }
  return { users, sums, squares, named, asked };
}

/** Estimated class means and the variance of their noise, both [numClasses · d], and each bit's mean over all, [d]. */
interface Estimates {
  means: Float64Array;
  noise: Float64Array;
  overall: Float64Array;
}

/** Means with the mechanism undone in expectation; `gap` is p − q. */
function estimates({ users: n, sums, squares, asked }: Tally, shares: Float64Array,
  { gap, bitsPerUser }: { gap: number; bitsPerUser: number }): Estimates {
  const d = asked.length;
  const numClasses = shares.length;
  const means = new Float64Array(numClasses * d);
  const noise = new Float64Array(numClasses * d);
  const overall = new Float64Array(d);
  for (let c = 0; c < numClasses; c++) {
    const scale = gap * Math.max(shares[c], 0.1 / numClasses);
    for (let j = 0; j < d; j++) {
      const users = Math.max(1, asked[j]);
      means[c * d + j] = sums[c * d + j] / users / scale;
      noise[c * d + j] = squares[c] / (n * bitsPerUser) / users / scale ** 2;
      overall[j] += sums[c * d + j] / users / gap;
    }
  }
  return { means, noise, overall };
}

/** Draws each mean towards the bit's mean over all classes, by as much as is noise. */
function shrink({ means, noise, overall }: Estimates): Float64Array {
  const d = overall.length;
  let scatter = 0;
  means.forEach((mean, i) => {
    scatter += ((mean - overall[i % d]) ** 2 - noise[i]) / means.length;
  });
  const spread = Math.max(scatter, 1e-6);
  return means.map((mean, i) => {
    const kept = spread / (spread + noise[i]);
    return Math.min(1, Math.max(-1, overall[i % d] + kept * (mean - overall[i % d])));
  });
}

/**
 * Class means from the users' reports: the mechanism is undone in expectation, then each mean is drawn towards the
 * bit's mean over all classes, by as much as the reports' own scatter says is noise. Costs no ε.
 *
 * @returns A classifier: the class whose mean is nearest to a row of bits.
 * @throws {RangeError} If there is no report, or one is out of range.
 * @see Efron & Morris, JASA 68(341), 1973, for the shrinkage.
 * @example
 * const [bits, testBits] = [train.X, test.X].map((X) => binarizeImages(poolImages(X, { side: 7 }), { cutoff: 64 }));
 * const reports = reportLabeledBits(bits, train.y, { epsilon: 4, numClasses: 10, rng: seededRng(1) });
 * const predicted = fitLabeledBits(reports).predict(testBits);
 */
export function fitLabeledBits(reports: LabeledBitReports): LabeledBitModel {
  const { dimensions, numClasses, epsilon, bitsPerUser, subsetSize } = reports;
  const counts = tally(reports);
  const patterns = 2 ** bitsPerUser;
  const { p, q } = subsetSelectionProbabilities({ epsilon, numSymbols: numClasses * patterns, subsetSize });
  const shares = counts.named.map((count) => (count / counts.users - patterns * q) / (p - q));
  const means = shrink(estimates(counts, shares, { gap: p - q, bitsPerUser }));
  return labeledBitModel(matrix(means, [numClasses, dimensions]), shares);
}

/** The classifier of these means. */
export function labeledBitModel(means: Matrix<Float64Array>, shares: Float64Array): LabeledBitModel {
  const [k, d] = means.shape;
  const classes = Int32Array.from({ length: k }, (_, label) => label);
  const base = Float64Array.from({ length: k }, (_, c) =>
    rowOf(means, c).reduce((sum, mean) => sum - mean - (mean * mean) / 2, 0));
  return {
    family: "labeledBits",
    classes,
    numFeatures: d,
    means,
    shares,
    predict(X) {
      requireBits("predict", X, d);
      const scores = zeros(X.shape[0], k);
      for (let i = 0; i < X.shape[0]; i++)
        for (let c = 0; c < k; c++) {
          let score = base[c];
          for (let j = 0; j < d; j++) if (X.data[i * d + j]) score += 2 * means.data[c * d + j];
          scores.data[i * k + c] = score;
        }
      return labelsOfLargest(scores, classes);
    },
    serialize: () => ({ family: "labeledBits", means: [...means.data], shares: [...shares] }),
  };
}

function restoreLabeledBits(saved: SerializedClassifier): LabeledBitModel {
  const { means, shares } = saved as unknown as { means: number[]; shares: number[] };
  return labeledBitModel(matrix(Float64Array.from(means), [shares.length, means.length / shares.length]),
    Float64Array.from(shares));
}
registerFamily("labeledBits", restoreLabeledBits);
