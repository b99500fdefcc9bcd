import { spreadOf } from "../../math/spread";
import { requireSameLength } from "../../validate";
import { requireSome } from "./check";
import type { LineSeries } from "./lines";

export interface RunSeries extends Omit<LineSeries, "y" | "low" | "high"> {
  /** For each x what its runs measured, such as the accuracies of several seeds; shape [n] of at least one each. */
  runs: readonly ArrayLike<number>[];
}

/**
 * A line through the means of several runs, with a band from the lowest to the highest of them.
 *
 * @throws {RangeError} If x and runs differ in length or are empty, or a run is empty or not finite.
 * @example
 * const copies = seriesOfRuns({ name: "copy", x: [10, 100], runs: [[0.25, 0.75], [0.125, 0.125]] });
 * copies.y; // [0.5, 0.125]
 * figure.lines([copies]);
 */
export function seriesOfRuns({ runs, ...series }: RunSeries): LineSeries {
  requireSome("seriesOfRuns", "runs", runs);
  requireSameLength("seriesOfRuns", "x", series.x.length, "runs", runs.length);
  const spreads = runs.map((values) => spreadOf(values));
  return {
    ...series,
    y: spreads.map(({ mean }) => mean), low: spreads.map(({ min }) => min), high: spreads.map(({ max }) => max),
  };
}
