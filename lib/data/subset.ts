import { smallestOf } from "../math/extremes";
import { selectLabels, selectRows, type NumericArray } from "../matrix";
import type { Rng } from "../random";
import { requireInteger } from "../validate";
import { classPositions } from "./classes";
import type { Dataset } from "./dataset";

/**
 * The named rows of a data set, in the order given; copied.
 *
 * @param positions Integers in [0, n); may repeat.
 * @throws {RangeError} If a position is out of range.
 * @example
 * const { train, test } = stratifiedSplit(iris.y, { testFraction: 0.5, rng });
 * const trainingSet = subset(iris, train);
 */
export function subset<A extends NumericArray>(dataset: Dataset<A>, positions: ArrayLike<number>): Dataset<A> {
  return { ...dataset, X: selectRows(dataset.X, positions), y: selectLabels(dataset.y, positions) };
}

export interface BalancedPositionsOptions {
  /** Rows to draw from each class; as many as the smallest class has by default. */
  perClass?: number;
  rng: Rng;
}

/**
 * Draws the same number of rows from each class.
 *
 * @param y Labels, shape [n].
 * @returns Positions, ascending, shape [classes · perClass].
 * @throws {RangeError} If a class has fewer than `perClass` rows.
 */
export function balancedPositions(y: Int32Array, options: BalancedPositionsOptions): Int32Array {
  const positions = classPositions(y);
  if (!positions.length) throw new RangeError("balancedPositions: y must have at least one label, got none");
  const smallest = smallestOf(positions.map((rows) => rows.length));
  const { perClass = smallest, rng } = options;
  requireInteger("balancedPositions", "perClass", perClass, 1, smallest);
  const drawn = positions.flatMap((rows) => [...rng.permutation(rows.length).slice(0, perClass)].map((i) => rows[i]));
  return Int32Array.from(drawn).sort();
}
