import type { TableColumn } from "../../data/tables/table-column";
import type { Rng } from "../../random";
import { requireNumericRanges, type FeatureRange, type NumericRange } from "../ranges";
import { batchSampler, type Sampler } from "./sampler";

export interface OneHotSamplerOptions {
  /** What each column of the table became: the features of one column change together. */
  columns: readonly TableColumn[];
  /** Makes the sampler of the columns that are numbers; it must give as many points as asked (a grid does not). */
  numeric: (ranges: NumericRange[]) => Sampler;
  /** Each category of a column equally often, for who does not know how frequent they are; false unless said. */
  equalShares?: boolean;
}

/** The features of one nominal column, and how often each is the one. */
interface Block {
  readonly first: number;
  /** They sum to at most 1; the rest has no category, as a row where it is missing. */
  readonly shares: readonly number[];
}

function drawInto(row: Float64Array, { first, shares }: Block, rng: Rng): void {
  let rest = rng.uniform();
  for (let k = 0; k < shares.length; k++) {
    if (rest < shares[k]) {
      row[first + k] = 1;
      return;
    }
    rest -= shares[k];
  }
}

/**
 * Points of a table of numbers and categories, of which only each feature's range is known: no point has two categories
 * of one column, and columns whose range has a step stay on it. The mean of a category's feature is its share.
 *
 * @param ranges Of the features, one-hot where a column is nominal.
 * @throws {RangeError} If a range is categorical, the columns are not those of the ranges, or the numeric sampler gives
 *   fewer points than asked.
 * @see PRESC's mixed data sampler, which draws codes; here rows come as a fitted model takes them.
 * @example
 * const zoo = await loadUciTable("zoo");
 * const sampler = oneHotSampler(dynamicalRange(zoo.X), { columns: zoo.columns, numeric: normalSampler });
 * sampler.sample(100, seededRng(1)).shape; // [100, 31]
 */
export function oneHotSampler(ranges: readonly FeatureRange[], options: OneHotSamplerOptions): Sampler {
  const { columns, numeric, equalShares = false } = options;
  requireNumericRanges("oneHotSampler", ranges);
  const d = ranges.length;
  const blocks: Block[] = [];
  const numbers: number[] = [];
  let at = 0;
  for (const { kind, categories } of columns) {
    const width = kind === "one-hot" ? categories!.length : 1;
    if (kind === "one-hot") {
      const means = ranges.slice(at, at + width).map(({ mean }) => mean);
      blocks.push({ first: at, shares: equalShares ? means.map(() => 1 / width) : means });
    } else numbers.push(at);
    at += width;
  }
  if (at !== d) throw new RangeError(`oneHotSampler: columns must have the ${d} features of ranges, got ${at}`);
  const own = numbers.map((j) => ranges[j]);
  const sampler = own.length ? numeric(own) : null;
  return batchSampler("oneHotSampler", d, (n, rng) => {
    const data = new Float64Array(n * d);
    const drawn = sampler?.sample(n, rng);
    if (drawn && drawn.shape[0] !== n)
      throw new RangeError(`oneHotSampler: ${sampler!.name} must give ${n} points, got ${drawn.shape[0]}`);
    for (let i = 0; i < n; i++) {
      const row = data.subarray(i * d, (i + 1) * d);
      numbers.forEach((j, k) => (row[j] = onStep(drawn!.data[i * own.length + k], own[k])));
      for (const block of blocks) drawInto(row, block, rng);
    }
    return data;
  });
}

/** The nearest value that is whole steps from the least one; within the range where it was within it. */
function onStep(value: number, { min, step }: NumericRange): number {
  return step === undefined ? value : min + step * Math.round((value - min) / step);
}
