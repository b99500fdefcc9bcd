import { throwIfInterrupted } from "../../interrupt";
import { matrix, type Matrix } from "../../matrix";
import { loadTensorflow, tidyNumbers } from "../../tensorflow";
import { requireFinite, requireInteger, requireSameLength } from "../../validate";

/** Distances at a time: 60,000 rows for so many queries fill 60 MB. */
const DISTANCES_AT_ONCE = 15_000_000;

/** The k-th smallest of numbers of at least 0: their bits stand in the same order as they do. */
function kthSmallest(values: Float32Array, k: number): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const counts = new Uint32Array(1 << 16);
  for (const word of bits) counts[word >>> 16]++;
  let bucket = 0;
  let below = 0;
  while (below + counts[bucket] < k) below += counts[bucket++];
  const inBucket = values.filter((_, i) => bits[i] >>> 16 === bucket).sort();
  return inBucket[k - below - 1];
}

export interface NeighborVotesOptions {
  /** How many nearest training rows vote, in [1, n]. */
  numNeighbors: number;
  /** Labels are integers in [0, numClasses); at least 1. */
  numClasses: number;
}

/**
 * How the nearest training rows of each query vote: how many of them carry each label.
 *
 * One training row that is relabelled, altered, removed or inserted exchanges at most one of the votes. So the radius
 * that `certifyVotes` gives holds against all four, as long as a row's features depend on that row alone; with features
 * that are learned from all rows without labels it holds against flips.
 *
 * @param train Features [n, d] and labels [n].
 * @param X Queries, shape [m, d].
 * @returns Counts, shape [m, numClasses]. Distances are float32; the first rows come first where they are equal.
 * @throws {RangeError} If shapes differ, a number is not finite, or an option is out of range.
 * @see Jia et al., AAAI 2022, certified robustness of nearest neighbours against data poisoning.
 * @example
 * const votes = neighborVotes(train, test.X, { numNeighbors: 30, numClasses: 10 });
 * const { radii } = certifyVotes(votes);
 */
export function neighborVotes(
  train: { X: Matrix; y: Int32Array }, X: Matrix, { numNeighbors, numClasses }: NeighborVotesOptions,
): Matrix<Float64Array> {
  const fn = "neighborVotes";
  const [n, d] = train.X.shape;
  const [m] = X.shape;
  requireSameLength(fn, "X", n, "y", train.y.length);
  requireSameLength(fn, "columns of train.X", d, "columns of X", X.shape[1]);
  requireInteger(fn, "numNeighbors", numNeighbors, 1, n);
  requireInteger(fn, "numClasses", numClasses, 1);
  for (const label of train.y) requireInteger(fn, "label", label, 0, numClasses - 1);
  requireFinite(fn, "train.X", train.X.data);
  requireFinite(fn, "X", X.data);
  const tf = loadTensorflow();
  const votes = new Float64Array(m * numClasses);
  const rows = tf.tensor2d(Float32Array.from(train.X.data), [n, d]);
  const squares = tf.tidy(() => tf.sum(tf.square(rows), 1));
  const block = Math.max(1, Math.floor(DISTANCES_AT_ONCE / n));
  try {
    for (let start = 0; start < m; start += block) {
      throwIfInterrupted();
      const count = Math.min(block, m - start);
      const distances = tidyNumbers(tf, () => {
        const queries = tf.tensor2d(Float32Array.from(X.data.subarray(start * d, (start + count) * d)), [count, d]);
        const lengths = tf.sum(tf.square(queries), 1, true);
        const products = tf.mul(tf.matMul(queries, rows, false, true), -2);
        return tf.relu(tf.add(tf.add(products, squares), lengths)).dataSync<"float32">();
      });
      for (let i = 0; i < count; i++)
        tally(distances.subarray(i * n, (i + 1) * n), train.y, numNeighbors,
          votes.subarray((start + i) * numClasses, (start + i + 1) * numClasses));
    }
  } finally {
    tf.dispose([rows, squares]);
  }
  return matrix(votes, [m, numClasses]);
}

/** Counts the labels of the k nearest rows, the first rows first among equals. */
function tally(distances: Float32Array, y: Int32Array, k: number, votes: Float64Array): void {
  const limit = kthSmallest(distances, k);
  let left = k;
  for (let j = 0; j < y.length; j++)
    if (distances[j] < limit) {
      votes[y[j]]++;
      left--;
    }
  for (let j = 0; left > 0; j++)
    if (distances[j] === limit) {
      votes[y[j]]++;
      left--;
    }
}
