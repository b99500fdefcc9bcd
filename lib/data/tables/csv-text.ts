import type { CsvDataset } from "./load-csv";

/** A value as RFC 4180 writes it: in quotes where it holds a delimiter, a quote or a line break. */
const quoted = (value: string): string =>
  (/[",;\t|\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll("\"", "\"\"")}"` : value);

/**
 * A loaded table as the text of a CSV file: columns as they were before they became features, the target last, and
 * nothing where a value is missing.
 *
 * @throws {RangeError} If a row of a category's features is not 1 in one of them or 0 in all.
 * @example
 * const people = await loadCsv("age;town;pays\n31;Ulm;yes\n45;Bonn;no\n", { target: "pays" });
 * csvText(people); // "age,town,pays\n31,Ulm,yes\n45,Bonn,no\n"
 */
export function csvText(table: CsvDataset): string {
  const { X: { data, shape: [n, d] }, y, columns, classNames, target } = table;
  const lines = [[...columns.map(({ name }) => name), target].map(quoted).join(",")];
  for (let i = 0; i < n; i++) {
    let at = i * d;
    const values = columns.map(({ name, kind, categories = [] }) => {
      const first = at;
      at += kind === "one-hot" ? categories.length : 1;
      if (kind === "numeric") return Number.isNaN(data[first]) ? "" : String(data[first]);
      if (kind === "ordinal") return Number.isNaN(data[first]) ? "" : categories[data[first]];
      const ones = categories.filter((_, k) => data[first + k] === 1);
      if (ones.length > 1 || categories.some((_, k) => data[first + k] !== 1 && data[first + k] !== 0))
        throw new RangeError(
          `csvText: column ${name} must hold one category a row, got ${ones.join(" and ")} in row ${i}`);
      return ones[0] ?? "";
    });
    lines.push([...values, classNames[y[i]]].map(quoted).join(","));
  }
  return `${lines.join("\n")}\n`;
}
