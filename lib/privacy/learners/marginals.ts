import { type Matrix, matrix } from "../../matrix";
import type { Rng } from "../../random";
import { requireInRange, requireInteger, requirePositive, requireSameLength } from "../../validate";
import { analyticGaussianSigma } from "../accounting/gaussian";
import { type BernoulliNaiveBayes, bernoulliNaiveBayes, type ClassTables } from "../local/bernoulli-naive-bayes";
import { requireLabels } from "../local/randomized-response";

export interface PrivateMarginalsOptions {
  /** What the tables cost each record, above 0; neighbours differ by one record there or not. */
  epsilon: number;
  /** In (0, 1). */
  delta: number;
  /** Labels are integers in [0, numClasses); at least 2. */
  numClasses: number;
  /**
   * Most ones of an image that count fully: an image with more counts each of them by √(mostOnes / ones). A fixed
   * number, chosen without looking at the data; fewer means less noise and more bias.
   */
  mostOnes: number;
  rng: Rng;
}

/**
 * Noisy tables, how many records of each class there are and how often each bit is set in each class, as a classifier
 * of rows of bits. The means are in [0.5 %, 99.5 %], the shares sum to 1.
 */
export interface PrivateMarginals extends BernoulliNaiveBayes {
  readonly sigma: number;
  readonly epsilon: number;
  readonly delta: number;
}

const EDGE = 0.005;

/**
 * All one-way marginals of labelled bits, released at once by a curator who holds the data: the counts of every
 * (class, bit) and of every class, with Gaussian noise. A record adds one vector, 1 for its class and its bits, whose
 * length is at most √(1 + mostOnes), so that is the sensitivity. The result is a naive Bayes classifier: predict with
 * it, or draw people from it with `sampleFromMarginals`; neither costs more.
 *
 * Warning: for experiments. For a release, add the noise with `discreteGaussianMechanism`.
 *
 * @param bits Shape [n, d] (`binarizeImages`); not modified.
 * @param y Classes, shape [n].
 * @throws {RangeError} If a setting, bit or label is out of range.
 * @example
 * const [bits, testBits] = [train.X, test.X].map((X) => binarizeImages(poolImages(X, { side: 7 }), { cutoff: 64 }));
 * const model = privateMarginals(bits, train.y, {
 *   epsilon: 0.5, delta: 1e-5, numClasses: 10, mostOnes: 32, rng: seededRng(1),
 * });
 * const predicted = model.predict(testBits);
 */
export function privateMarginals(
  bits: Matrix<Uint8Array>,
  y: Int32Array,
  { epsilon, delta, numClasses, mostOnes, rng }: PrivateMarginalsOptions,
): PrivateMarginals {
  const [n, d] = bits.shape;
  requireSameLength("privateMarginals", "bits", n, "y", y.length);
  requireInteger("privateMarginals", "number of records", n, 1);
  requireLabels("privateMarginals", "y", y, numClasses);
  requirePositive("privateMarginals", "mostOnes", mostOnes);
  const sigma = analyticGaussianSigma({ epsilon, delta, sensitivity: Math.sqrt(1 + mostOnes) });
  const counts = new Float64Array(numClasses);
  const sums = new Float64Array(numClasses * d);
  for (let i = 0; i < n; i++) {
    let ones = 0;
    for (let j = 0; j < d; j++) {
      const bit = bits.data[i * d + j];
      if (bit > 1) requireInRange("privateMarginals", "bit", bit, 0, 1);
      ones += bit;
    }
    const weight = ones > mostOnes ? Math.sqrt(mostOnes / ones) : 1;
    counts[y[i]]++;
    for (let j = 0; j < d; j++) if (bits.data[i * d + j]) sums[y[i] * d + j] += weight;
  }
  const noisy = counts.map((count) => Math.max(1, count + sigma * rng.normal()));
  const total = noisy.reduce((sum, count) => sum + count);
  const means = sums.map((sum, p) =>
    Math.min(1 - EDGE, Math.max(EDGE, (sum + sigma * rng.normal()) / noisy[Math.floor(p / d)])));
  const shares = noisy.map((count) => count / total);
  return { ...bernoulliNaiveBayes({ means: matrix(means, [numClasses, d]), shares }), sigma, epsilon, delta };
}

/**
 * Synthetic records from the tables: a class by its share, then each bit by itself. Within a class the bits are
 * independent, so pictures look like clouds; only the tables are private data, and they are already noised.
 *
 * @param options.size How many records.
 * @throws {RangeError} If size is not an integer of at least 0.
 * @example
 * const tables = { means: fromRows([[0.9, 0.5], [0.1, 0.5]]), shares: Float64Array.of(0.5, 0.5) };
 * const { X: invented, y: labels } = sampleFromMarginals(tables, { size: 10, rng: seededRng(1) });
 */
export function sampleFromMarginals(
  { means, shares }: ClassTables,
  { size, rng }: { size: number; rng: Rng },
): { X: Matrix<Uint8Array>; y: Int32Array } {
  requireInteger("sampleFromMarginals", "size", size, 0);
  const [numClasses, d] = means.shape;
  const y = new Int32Array(size);
  const data = new Uint8Array(size * d);
  for (let i = 0; i < size; i++) {
    let rest = rng.uniform();
    while (y[i] < numClasses - 1 && rest >= shares[y[i]]) rest -= shares[y[i]++];
    for (let j = 0; j < d; j++) data[i * d + j] = rng.uniform() < means.data[y[i] * d + j] ? 1 : 0;
  }
  return { X: matrix(data, [size, d]), y };
}
