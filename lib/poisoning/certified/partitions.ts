import { throwIfInterrupted } from "../../interrupt";
import { matrix, type Matrix } from "../../matrix";
import { loadTensorflow, tidyNumbers } from "../../tensorflow";
import { largestForProducts, requireFloat32, requireInteger, requireSameLength } from "../../validate";

/**
 * Deals rows out to partitions by a hash of what they contain: a row that is inserted, removed or given another label
 * moves no other row.
 *
 * @param X Shape [n, d].
 * @param numPartitions At least 1.
 * @returns The partition of each row, shape [n]; equal rows share one.
 * @throws {RangeError} If `numPartitions` is out of range.
 * @see Levine & Feizi, ICLR 2021, §3; the hash is MurmurHash3 over the rows' float64 words.
 * @example
 * const partitions = partitionByContent(train.X, 50);
 */
export function partitionByContent(X: Matrix, numPartitions: number): Int32Array {
  requireInteger("partitionByContent", "numPartitions", numPartitions, 1);
  const [n, d] = X.shape;
  const row = new Float64Array(d);
  const words = new Uint32Array(row.buffer);
  return Int32Array.from({ length: n }, (_, i) => {
    for (let j = 0; j < d; j++) row[j] = X.data[i * d + j];
    let hash = 0;
    for (const word of words) {
      const mixed = Math.imul(word, 0xcc9e2d51);
      hash ^= Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
      hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) % numPartitions;
  });
}

/** What an ensemble of one model a partition says of each query. */
export interface PartitionVotes {
  /** How many models read the row as each class, shape [m, numClasses]. */
  readonly votes: Matrix<Float64Array>;
  /** How many models put class a before class b, at column a · numClasses + b; shape [m, numClasses²]. */
  readonly preferences: Matrix<Float64Array>;
}

export interface PartitionVotesOptions {
  /** The partition of each training row, in [0, numPartitions), shape [n]. */
  partitions: Int32Array;
  numPartitions: number;
  /** Labels are integers in [0, numClasses); at least 2. */
  numClasses: number;
}

/** Sum of the rows of each class in each partition, and how many there are. */
function classSums({ X, y }: { X: Matrix; y: Int32Array }, options: PartitionVotesOptions) {
  const { partitions, numPartitions, numClasses } = options;
  const d = X.shape[1];
  const counts = new Int32Array(numPartitions * numClasses);
  const sums = new Float64Array(numPartitions * numClasses * d);
  for (let i = 0; i < y.length; i++) {
    const group = partitions[i] * numClasses + y[i];
    counts[group]++;
    for (let j = 0, p = i * d, q = group * d; j < d; j++) sums[q++] += X.data[p++];
  }
  return { counts, sums };
}

/** Adds one model's order of the classes to the votes for a query; a class that it never saw comes last. */
function count(scores: Float64Array, votes: Float64Array, preferences: Float64Array): void {
  const k = scores.length;
  let first = 0;
  for (let a = 0; a < k; a++) {
    if (scores[a] > scores[first]) first = a;
    for (let b = a + 1; b < k; b++) {
      if (scores[b] > scores[a]) preferences[b * k + a]++;
      else preferences[a * k + b]++;
    }
  }
  votes[first]++;
}

/** Class means a model needs at a time: a product of 10,000 queries and so many means fills 40 MB. */
const MEANS_AT_ONCE = 1000;

/**
 * Fits one model to each partition alone, and lets all of them vote. A model knows the mean of each class among its
 * rows, and prefers classes whose mean is near; the lower class comes first where two are as near.
 *
 * One inserted, removed or relabelled training row changes one partition, and so the vote of one model.
 *
 * @param train Features [n, d] and labels [n]. Against insertions the features of a row must depend on that row alone;
 * against flips they may be learned from all rows without labels.
 * @param X Queries, shape [m, d].
 * @throws {RangeError} If shapes differ, a number is not finite or so large that float32 can't hold its square, or a
 * label or partition is out of range.
 * @see Levine & Feizi, ICLR 2021, DPA and SS-DPA, with networks as base models; Rezaei et al., ICML 2023, for the use
 * of preferences.
 * @example
 * const partitions = partitionByContent(train.X, 20);
 * const { votes } = partitionVotes(train, test.X, { partitions, numPartitions: 20, numClasses: 10 });
 * const { radii } = certifyVotes(votes);
 */
export function partitionVotes(
  train: { X: Matrix; y: Int32Array }, X: Matrix, options: PartitionVotesOptions,
): PartitionVotes {
  const { partitions, numPartitions, numClasses } = options;
  requireTraining(train, X, options);
  const tf = loadTensorflow();
  const [m, d] = X.shape;
  const votes = new Float64Array(m * numClasses);
  const preferences = new Float64Array(m * numClasses * numClasses);
  const { counts, sums } = classSums(train, { partitions, numPartitions, numClasses });
  const queries = tf.tensor2d(Float32Array.from(X.data), [m, d]);
  const block = Math.max(1, Math.floor(MEANS_AT_ONCE / numClasses));
  const scores = new Float64Array(numClasses);
  try {
    for (let start = 0; start < numPartitions; start += block) {
      throwIfInterrupted();
      const models = Math.min(block, numPartitions - start);
      const from = start * numClasses;
      const width = models * numClasses;
      const means = new Float32Array(width * d);
      const halfSquares = new Float64Array(width);
      for (let g = 0, p = 0; g < width; g++)
        for (let j = 0; j < d; j++, p++) {
          means[p] = sums[from * d + p] / (counts[from + g] || 1);
          halfSquares[g] += means[p] ** 2 / 2;
        }
      const products = tidyNumbers(tf, () =>
        tf.matMul(queries, tf.tensor2d(means, [width, d]), false, true).dataSync<"float32">());
      for (let i = 0; i < m; i++)
        for (let model = 0; model < models; model++) {
          for (let c = 0, g = model * numClasses; c < numClasses; c++, g++)
            scores[c] = counts[from + g] ? products[i * width + g] - halfSquares[g] : -Infinity;
          count(scores, votes.subarray(i * numClasses, (i + 1) * numClasses),
            preferences.subarray(i * numClasses ** 2, (i + 1) * numClasses ** 2));
        }
    }
  } finally {
    queries.dispose();
  }
  return {
    votes: matrix(votes, [m, numClasses]), preferences: matrix(preferences, [m, numClasses * numClasses]),
  };
}

function requireTraining(train: { X: Matrix; y: Int32Array }, X: Matrix, options: PartitionVotesOptions): void {
  const fn = "partitionVotes";
  const { partitions, numPartitions, numClasses } = options;
  requireSameLength(fn, "X", train.X.shape[0], "y", train.y.length);
  requireSameLength(fn, "y", train.y.length, "partitions", partitions.length);
  requireSameLength(fn, "columns of train.X", train.X.shape[1], "columns of X", X.shape[1]);
  requireInteger(fn, "numPartitions", numPartitions, 1);
  requireInteger(fn, "numClasses", numClasses, 2);
  const limit = largestForProducts(X.shape[1]);
  requireFloat32(fn, "train.X", train.X.data, limit);
  requireFloat32(fn, "X", X.data, limit);
  for (const label of train.y) requireInteger(fn, "label", label, 0, numClasses - 1);
  for (const partition of partitions) requireInteger(fn, "partition", partition, 0, numPartitions - 1);
}
