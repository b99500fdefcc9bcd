import { throwIfInterrupted } from "../../interrupt";
import { indexOfLargest } from "../../math/extremes";
import { matrix, type Matrix } from "../../matrix";
import { loadTensorflow, tidyNumbers } from "../../tensorflow";
import { largestForProducts, requireFloat32, requireInteger, requireSameLength } from "../../validate";
import type { Certified } from "./votes";

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

/** Labelled training rows. */
interface Rows {
  X: Matrix;
  y: Int32Array;
}

/** Checks what both functions take. */
function requireNeighbors(fn: string, train: Rows, X: Matrix, options: NeighborVotesOptions): void {
  const { numNeighbors, numClasses } = options;
  const [n, d] = train.X.shape;
  requireSameLength(fn, "X", n, "y", train.y.length);
  requireSameLength(fn, "columns of train.X", d, "columns of X", X.shape[1]);
  requireInteger(fn, "numNeighbors", numNeighbors, 1, n);
  requireInteger(fn, "numClasses", numClasses, 1);
  for (const label of train.y) requireInteger(fn, "label", label, 0, numClasses - 1);
  requireFloat32(fn, "train.X", train.X.data, largestForProducts(d));
  requireFloat32(fn, "X", X.data, largestForProducts(d));
}

/** Calls `visit` with the squared distances of each query to all training rows. */
function forDistances(T: Matrix, X: Matrix, visit: (query: number, distances: Float32Array) => void): void {
  const [n, d] = T.shape;
  const [m] = X.shape;
  const tf = loadTensorflow();
  const rows = tf.tensor2d(Float32Array.from(T.data), [n, d]);
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
      for (let i = 0; i < count; i++) visit(start + i, distances.subarray(i * n, (i + 1) * n));
    }
  } finally {
    tf.dispose([rows, squares]);
  }
}

/** The k nearest rows in the order of their positions, the first rows first among equals. */
function nearestRows(distances: Float32Array, k: number): Int32Array {
  const limit = kthSmallest(distances, k);
  let atLimit = k;
  for (const distance of distances) if (distance < limit) atLimit--;
  const nearest = new Int32Array(k);
  for (let j = 0, found = 0; found < k; j++)
    if (distances[j] < limit || (distances[j] === limit && atLimit-- > 0)) nearest[found++] = j;
  return nearest;
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
 * @throws {RangeError} If shapes differ, a number is not finite or so large that float32 can't hold its square, or an
 * option is out of range.
 * @see Jia et al., AAAI 2022, certified robustness of nearest neighbours against data poisoning.
 * @example
 * const votes = neighborVotes(train, test.X, { numNeighbors: 30, numClasses: 10 });
 * const { radii } = certifyVotes(votes);
 */
export function neighborVotes(train: Rows, X: Matrix, options: NeighborVotesOptions): Matrix<Float64Array> {
  requireNeighbors("neighborVotes", train, X, options);
  const { numNeighbors, numClasses } = options;
  const votes = new Float64Array(X.shape[0] * numClasses);
  forDistances(train.X, X, (query, distances) => {
    for (const row of nearestRows(distances, numNeighbors)) votes[query * numClasses + train.y[row]]++;
  });
  return matrix(votes, [X.shape[0], numClasses]);
}

/** The fewest inserted rows that bring another label to the top: each pushes out the farthest that is left. */
function insertionsToDefeat(labels: Int32Array, votes: Float64Array, winner: number): number {
  const defeats = (inserted: number): boolean =>
    votes.some((count, c) => c !== winner && count + inserted - votes[winner] >= (c < winner ? 0 : 1));
  let inserted = 0;
  while (!defeats(inserted)) votes[labels[labels.length - 1 - inserted++]]--;
  return inserted;
}

/**
 * Reads each query by its nearest training rows, and says how many rows may be **inserted**, whatever they show and
 * whatever their label, without changing the reading.
 *
 * The worst that r inserted rows can do is to lie nearest, all with one label, and to push out the r farthest
 * neighbours. Far neighbours are the ones that are often wrong, so this number, which is exact, is larger than the
 * radius of the bare votes.
 *
 * @param train Features [n, d] and labels [n]; the features of a row must depend on that row alone.
 * @param X Queries, shape [m, d].
 * @throws {RangeError} If shapes differ, a number is not finite or so large that float32 can't hold its square, or an
 * option is out of range; `numClasses` is at least 2.
 * @see Jia et al., AAAI 2022.
 * @example
 * const certified = certifyInsertions(train, test.X, { numNeighbors: 30, numClasses: 10 });
 * certifiedMedian(test.y, certified);
 */
export function certifyInsertions(train: Rows, X: Matrix, options: NeighborVotesOptions): Certified {
  requireNeighbors("certifyInsertions", train, X, options);
  const { numNeighbors, numClasses } = options;
  requireInteger("certifyInsertions", "numClasses", numClasses, 2);
  const predicted = new Int32Array(X.shape[0]);
  const radii = new Float64Array(X.shape[0]);
  forDistances(train.X, X, (query, distances) => {
    const nearest = nearestRows(distances, numNeighbors).sort((a, b) => distances[a] - distances[b] || a - b);
    const labels = nearest.map((row) => train.y[row]);
    const votes = new Float64Array(numClasses);
    for (const label of labels) votes[label]++;
    predicted[query] = indexOfLargest(votes);
    radii[query] = insertionsToDefeat(labels, votes, predicted[query]) - 1;
  });
  return { predicted, radii };
}
