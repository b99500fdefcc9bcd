import type { CsvDataset } from "../../data/tables/load-csv";

/** A column's values as they were in the file, row by row; null where missing. */
export type SourceColumn =
  | {
    readonly name: string; readonly kind: "text"; readonly values: readonly (string | null)[];
    /** The different names, as they were found in the rows: nothing to publish, unless the caller says so. */
    readonly found: readonly string[];
    /** The order that the caller has given to the names, if any: public. */
    readonly order?: readonly string[];
    /** True for classes, of which none is ever missing. */
    readonly isTarget?: boolean;
  }
  | { readonly name: string; readonly kind: "number"; readonly values: readonly (number | null)[] };

/** What the columns of a loaded table were before they became features; the target is the last one. */
export function sourceColumns(table: CsvDataset): SourceColumn[] {
  const { data, shape: [n, d] } = table.X;
  let at = 0;
  const columns = table.columns.map(({ name, kind, categories = [], filledWith }): SourceColumn => {
    if (filledWith !== undefined)
      throw new RangeError(`syntheticTable: column ${name} must not be filled with what other rows hold, got `
        + `${String(filledWith)} for missing values; load the table with missing: "keep" or "drop"`);
    const first = at;
    at += kind === "one-hot" ? categories.length : 1;
    const rows = Array.from({ length: n }, (_, i) => i * d + first);
    if (kind === "numeric")
      return { name, kind: "number", values: rows.map((p) => (Number.isNaN(data[p]) ? null : data[p])) };
    const code = (p: number): number =>
      (kind === "ordinal" ? data[p] : categories.findIndex((_, k) => data[p + k] === 1));
    return { name, kind: "text", found: categories, values: rows.map((p) => categories[code(p)] ?? null),
      ...(kind === "ordinal" && { order: categories }) };
  });
  const classes = Array.from(table.y, (label) => table.classNames[label]);
  return [...columns, { name: table.target, kind: "text", found: table.classNames, values: classes, isTarget: true }];
}
