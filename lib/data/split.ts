import { smallestOf } from "../math/extremes";
import type { Rng } from "../random";
import { requireInteger } from "../validate";
import { classPositions } from "./classes";

/** How many rows go where. Give `testFraction` or `testSize`. */
export interface SplitOptions {
  /** Share of the rows for the test half, in (0, 1); rounded up to whole rows. */
  testFraction?: number;
  /** Number of rows for the test half, in [1, n − 1]. */
  testSize?: number;
  /** Number of rows for the training half, in [1, n − testSize]; all the others by default. */
  trainSize?: number;
  rng: Rng;
}

/** Positions of rows, in random order. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Parts n rows at random into training and test rows, with the indices of scikit-learn's `ShuffleSplit` and
 * `train_test_split` under the same seed.
 *
 * @param n Number of rows, at least 2.
 * @throws {RangeError} If a half would be empty, or both together larger than n.
 * @example
 * const { train, test } = shuffleSplit(X.shape[0], { testFraction: 0.25, rng: seededRng(42) });
 */
export function shuffleSplit(n: number, options: SplitOptions): Split {
  const { trainSize, testSize } = splitSizes("shuffleSplit", n, options);
  const order = options.rng.permutation(n);
  return { train: order.slice(testSize, testSize + trainSize), test: order.slice(0, testSize) };
}

/**
 * Parts rows at random into training and test rows with the classes in proportion, with the indices of scikit-learn's
 * `StratifiedShuffleSplit` and `train_test_split(stratify=y)` under the same seed.
 *
 * @param y Labels, shape [n].
 * @throws {RangeError} If a class has fewer than 2 rows, a half fewer rows than there are classes, or both together
 * more than n.
 * @example
 * const { train, test } = stratifiedSplit(iris.y, { testFraction: 0.5, rng: seededRng(42) });
 */
export function stratifiedSplit(y: Int32Array, options: SplitOptions): Split {
  const { rng } = options;
  const { trainSize, testSize } = splitSizes("stratifiedSplit", y.length, options);
  const positions = classPositions(y);
  const counts = positions.map((rows) => rows.length);
  const smallest = smallestOf(counts);
  if (smallest < 2) throw new RangeError(`stratifiedSplit: every class needs at least 2 rows, one has ${smallest}`);
  requireInteger("stratifiedSplit", "trainSize", trainSize, counts.length);
  requireInteger("stratifiedSplit", "testSize", testSize, counts.length);
  const trainCounts = proportionalCounts(counts, trainSize, rng);
  const testCounts = proportionalCounts(counts.map((count, k) => count - trainCounts[k]), testSize, rng);
  const train: number[] = [];
  const test: number[] = [];
  positions.forEach((rows, k) => {
    const order = rng.permutation(rows.length);
    for (const i of order.subarray(0, trainCounts[k])) train.push(rows[i]);
    for (const i of order.subarray(trainCounts[k], trainCounts[k] + testCounts[k])) test.push(rows[i]);
  });
  return { train: shuffled(train, rng), test: shuffled(test, rng) };
}

function splitSizes(fn: string, n: number, options: SplitOptions): { trainSize: number; testSize: number } {
  requireInteger(fn, "n", n, 2);
  const { testFraction } = options;
  if ((testFraction === undefined) === (options.testSize === undefined))
    throw new RangeError(`${fn}: needs either testFraction or testSize`);
  if (testFraction !== undefined && !(testFraction > 0 && testFraction < 1))
    throw new RangeError(`${fn}: testFraction must be in (0, 1), got ${testFraction}`);
  const testSize = options.testSize ?? Math.ceil(testFraction! * n);
  requireInteger(fn, "testSize", testSize, 1, n - 1);
  const trainSize = options.trainSize ?? n - testSize;
  requireInteger(fn, "trainSize", trainSize, 1, n - testSize);
  return { trainSize, testSize };
}

/** `draws` shared out in proportion to the counts; the units that rounding leaves go by remainder, ties at random. */
function proportionalCounts(counts: readonly number[], draws: number, rng: Rng): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const exact = counts.map((count) => (count / total) * draws);
  const shares = exact.map(Math.floor);
  const remainders = exact.map((value, k) => value - shares[k]);
  let left = draws - shares.reduce((sum, share) => sum + share, 0);
  for (const remainder of [...new Set(remainders)].sort((a, b) => b - a)) {
    if (left <= 0) break;
    const tied = remainders.flatMap((value, k) => (value === remainder ? [k] : []));
    const winners = rng.permutation(tied.length).slice(0, left);
    for (const i of winners) shares[tied[i]]++;
    left -= winners.length;
  }
  return shares;
}

function shuffled(values: readonly number[], rng: Rng): Int32Array {
  return rng.permutation(values.length).map((i) => values[i]);
}
