import { fromColumns } from "../../matrix";
import type { CsvDataset } from "../../data/tables/load-csv";
import type { TableColumn } from "../../data/tables/table-column";
import type { Rng } from "../../random";
import { decodeValue, type CodedColumn } from "./column-domain";
import type { CodedTable } from "./marginal";

/** What the columns of the source are, beside their values: their names and how they become features. */
export interface TableShape {
  readonly name: string;
  readonly target: string;
  readonly ordinal: readonly string[];
}

/** Values as features, in the layout of `loadCsv` with missing values kept. */
function featuresOf(column: CodedColumn, values: readonly (string | number | null)[], isOrdinal: boolean) {
  const { name, categories } = column;
  const missing = values.reduce<number>((count, value) => count + Number(value === null), 0);
  const known: TableColumn = { name, kind: !categories ? "numeric" : isOrdinal ? "ordinal" : "one-hot", missing,
    ...(categories && { categories }) };
  if (categories && !isOrdinal)
    return {
      column: known,
      names: categories.map((category) => `${name}=${category}`),
      features: categories.map((category) => Float64Array.from(values, (value) => Number(value === category))),
    };
  const number = (value: string | number | null): number =>
    (value === null ? NaN : categories ? categories.indexOf(String(value)) : Number(value));
  return { column: known, names: [name], features: [Float64Array.from(values, number)] };
}

/** Coded rows as a table like the one that `loadCsv` gave. The last column is the target. */
export function inventedTable(
  table: CodedTable, columns: readonly CodedColumn[], { shape, rng }: { shape: TableShape; rng: Rng },
): CsvDataset {
  const target = columns[columns.length - 1];
  const encoded = columns.slice(0, -1).map((column, j) => {
    const values = Array.from(table.codes[j], (code) => decodeValue(column, code, rng));
    return featuresOf(column, values, shape.ordinal.includes(column.name));
  });
  return {
    name: shape.name,
    X: fromColumns(encoded.flatMap(({ features }) => features)),
    y: Int32Array.from(table.codes[columns.length - 1]),
    featureNames: encoded.flatMap(({ names }) => names),
    classNames: target.categories as readonly string[],
    columns: encoded.map(({ column }) => column),
    target: shape.target,
    dropped: [],
  };
}
