import type { CsvDataset } from "../../data/tables/load-csv";
import { requireInteger } from "../../validate";
import { encodeColumn, type CodedColumn } from "./column-domain";
import { columnSets, countMarginal, type CodedTable } from "./marginal";
import { sourceColumns } from "./source-columns";

function coded(table: CsvDataset, domain: readonly CodedColumn[]): CodedTable {
  const source = sourceColumns(table);
  requireInteger("marginalDistance", "rows", table.y.length, 1);
  requireInteger("marginalDistance", "number of columns", source.length, domain.length, domain.length);
  const codes = domain.map((column, j) => encodeColumn(column, source[j]));
  return { codes, sizes: domain.map(({ size }) => size), rows: table.y.length };
}

/**
 * How far two tables' marginals are apart: the total variation distance of their shares, half the sum of absolute
 * differences, on average over all sets of so many columns. It looks at the rows themselves: a measure for experiments,
 * outside of any privacy budget.
 *
 * @param domain The coding of both, as a synthetic table has it.
 * @param options.ways Columns of each marginal, in [1, 4].
 * @returns In [0, 1].
 * @throws {RangeError} If the columns differ, there is no row, or ways is out of range.
 * @see McKenna et al., AIM, VLDB 2022, §2.3, whose workload error is twice this.
 * @example
 * const people = await loadCsv("age;pays\n31;yes\n45;no\n", { target: "pays" });
 * const invented = syntheticTable(people, {
 *   epsilon: 1, delta: 1e-6, rng: seededRng(1), rows: 9, domain: { age: "public", pays: "public" },
 * });
 * marginalDistance(people, people, { domain: invented.domain, ways: 2 }); // 0
 */
export function marginalDistance(
  a: CsvDataset, b: CsvDataset, { domain, ways }: { domain: readonly CodedColumn[]; ways: number },
): number {
  requireInteger("marginalDistance", "ways", ways, 1, 4);
  const [first, second] = [coded(a, domain), coded(b, domain)];
  const sets = columnSets(domain.length, ways).filter((columns) => columns.length === ways);
  let sum = 0;
  for (const columns of sets) {
    const [left, right] = [countMarginal(first, columns), countMarginal(second, columns)];
    for (let i = 0; i < left.length; i++) sum += Math.abs(left[i] / first.rows - right[i] / second.rows) / 2;
  }
  return sum / sets.length;
}
