import type { TableColumn } from "../../data/tables/table-column";
import type { Matrix } from "../../matrix";
import { requireFinite, requireInRange, requireInteger } from "../../validate";
import { batchSampler, type Sampler } from "./sampler";

export interface TableSamplerOptions {
  /** What each column of the table became: the features of one column change together. */
  columns: readonly TableColumn[];
  /**
   * The chance that a value is another row's, in [0, 1]; 1 unless told, which needs to know each column by itself only.
   * Below 1, a point keeps a part of a real row, and the columns keep a part of what they have to do with each other.
   */
  mix?: number;
}

/**
 * Points whose columns are columns of real rows, numbers and categories alike: no point has two categories of one
 * column, or a number that no row has. One uses it where the owner makes the copy, or has unlabelled rows.
 *
 * @param X Rows without labels, shape [n, d].
 * @throws {RangeError} If the columns are not those of X, there is no row, or `mix` is not in [0, 1].
 * @example
 * const credit = await loadGermanCredit();
 * tableSampler(credit.X, { columns: credit.columns, mix: 0.5 }).sample(100, seededRng(1));
 */
export function tableSampler(X: Matrix, { columns, mix = 1 }: TableSamplerOptions): Sampler {
  const [n, d] = X.shape;
  const widths = columns.map(({ kind, categories }) => (kind === "one-hot" ? categories!.length : 1));
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (total !== d) throw new RangeError(`tableSampler: columns must have the ${d} features of X, got ${total}`);
  requireInteger("tableSampler", "rows of X", n, 1);
  requireInRange("tableSampler", "mix", mix, 0, 1);
  requireFinite("tableSampler", "X", X.data);
  return batchSampler("tableSampler", d, (count, rng) => {
    const data = new Float64Array(count * d);
    for (let i = 0; i < count; i++) {
      const base = rng.integer(n);
      let at = 0;
      for (const width of widths) {
        const row = rng.uniform() < mix ? rng.integer(n) : base;
        for (let j = at; j < at + width; j++) data[i * d + j] = X.data[row * d + j];
        at += width;
      }
    }
    return data;
  });
}
