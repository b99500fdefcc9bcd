import { matrix } from "../../matrix";
import { requireInteger } from "../../validate";
import { WidthError, type BlackBox } from "../black-box";

export interface NumFeaturesOptions {
  /** Width to stop at, at least 1; 4096 unless said. */
  max?: number;
}

/**
 * Finds how many features a model takes: shows it rows of 0, 1, 2, … features until it accepts one. Costs one query, as
 * refusals are free.
 *
 * @returns The first width accepted; undefined where none is up to `max`.
 * @throws {RangeError} If max is not a positive integer.
 * @see The source's notebooks, which do the same.
 * @example
 * await discoverNumFeatures(blackBox(irisModel)); // 4
 */
export async function discoverNumFeatures(
  blackBox: Pick<BlackBox, "query">,
  { max = 4096 }: NumFeaturesOptions = {},
): Promise<number | undefined> {
  requireInteger("discoverNumFeatures", "max", max, 1);
  for (let width = 0; width <= max; width++) {
    try {
      await blackBox.query(matrix(new Float64Array(width), [1, width]));
      return width;
    } catch (error) {
      if (!(error instanceof WidthError)) throw error;
    }
  }
  return undefined;
}
