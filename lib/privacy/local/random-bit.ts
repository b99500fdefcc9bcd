import { type Matrix, matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireInteger, requireSameLength } from "../../validate";
import { requireEpsilon } from "../parameters";
import { type BernoulliNaiveBayes, bernoulliNaiveBayes } from "./bernoulli-naive-bayes";
import { randomizedResponse, randomizedResponseProbabilities, requireLabels } from "./randomized-response";

/** How a user's ε is shared between pixel and label; together they cost their sum. */
export interface RandomBitBudget {
  /** For the one pixel reported, above 0. */
  pixelEpsilon: number;
  /** For the label, above 0. */
  labelEpsilon: number;
  /** Labels are integers in [0, numClasses); at least 2. */
  numClasses: number;
}

/** What each user sends, once: which pixel (public chance), its randomised bit and a randomised label. */
export interface RandomBitReports {
  position: Int32Array;
  bit: Uint8Array;
  label: Int32Array;
  /** Pixels an image has. */
  dimensions: number;
  /** What a user has spent in all. */
  epsilon: number;
}

/**
 * Each user reports one pixel of the own image, drawn evenly and independently of the image, and the label, both by
 * randomised response. A user's whole record (image and label) is protected with ε = pixelEpsilon + labelEpsilon:
 * whichever pixel is drawn, changing the record changes one bit and one label, and the chances of what is sent by at
 * most e^pixelEpsilon · e^labelEpsilon.
 *
 * @param bits Black-and-white images, shape [n, d]; not modified.
 * @param y Classes, shape [n].
 * @throws {RangeError} If a setting, bit or label is out of range.
 * @example
 * const reports = reportRandomBits(binarizeImages(poolImages(X, { side: 14 }), { cutoff: 64 }), y, {
 *   pixelEpsilon: 4, labelEpsilon: 4, numClasses: 10, rng: seededRng(1),
 * });
 */
export function reportRandomBits(
  bits: Matrix<Uint8Array>,
  y: Int32Array,
  { pixelEpsilon, labelEpsilon, numClasses, rng }: RandomBitBudget & { rng: Rng },
): RandomBitReports {
  const [n, d] = bits.shape;
  requireSameLength("reportRandomBits", "bits", n, "y", y.length);
  requireEpsilon("reportRandomBits", pixelEpsilon);
  requireEpsilon("reportRandomBits", labelEpsilon);
  const position = Int32Array.from({ length: n }, () => rng.integer(d));
  const chosen = position.map((j, i) => bits.data[i * d + j]);
  const bit = Uint8Array.from(randomizedResponse(chosen, { epsilon: pixelEpsilon, numClasses: 2, rng }));
  const label = randomizedResponse(y, { epsilon: labelEpsilon, numClasses, rng });
  return { position, bit, label, dimensions: d, epsilon: pixelEpsilon + labelEpsilon };
}

const EDGE = 0.005;

/**
 * Class means from randomised bits and labels: both coins are undone in expectation, then the estimates are pulled back
 * into what a share can be.
 *
 * @returns A classifier of rows of bits; its means are in [0.5 %, 99.5 %].
 * @throws {RangeError} If a setting or report is out of range.
 * @example
 * const budget = { pixelEpsilon: 4, labelEpsilon: 4, numClasses: 10 };
 * const bits = binarizeImages(poolImages(X, { side: 7 }), { cutoff: 64 });
 * const model = classMeansFromReports(reportRandomBits(bits, y, { ...budget, rng: seededRng(1) }), budget);
 * const predicted = model.predict(bits);
 */
export function classMeansFromReports(
  { position, bit, label, dimensions }: RandomBitReports,
  { pixelEpsilon, labelEpsilon, numClasses }: RandomBitBudget,
): BernoulliNaiveBayes {
  requireLabels("classMeansFromReports", "label", label, numClasses);
  requireInteger("classMeansFromReports", "number of reports", label.length, 1);
  const pixel = randomizedResponseProbabilities({ epsilon: pixelEpsilon, numClasses: 2 });
  const { p, q } = randomizedResponseProbabilities({ epsilon: labelEpsilon, numClasses });
  const n = label.length;
  const sums = new Float64Array(numClasses * dimensions);
  const totals = new Float64Array(dimensions);
  const ones = new Float64Array(dimensions);
  const shares = new Float64Array(numClasses);
  for (let i = 0; i < n; i++) {
    const value = (bit[i] - pixel.q) / (pixel.p - pixel.q);
    sums[label[i] * dimensions + position[i]] += value;
    ones[position[i]] += value;
    totals[position[i]]++;
    shares[label[i]] += 1 / n;
  }
  for (let c = 0; c < numClasses; c++) shares[c] = Math.min(1, Math.max(1 / n, (shares[c] - q) / (p - q)));
  const means = new Float64Array(numClasses * dimensions);
  for (let c = 0; c < numClasses; c++)
    for (let j = 0; j < dimensions; j++) {
      const joint = (sums[c * dimensions + j] - q * ones[j]) / (p - q) / Math.max(1, totals[j]);
      means[c * dimensions + j] = Math.min(1 - EDGE, Math.max(EDGE, joint / shares[c]));
    }
  return bernoulliNaiveBayes({ means: matrix(means, [numClasses, dimensions]), shares });
}
