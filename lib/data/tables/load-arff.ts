import { arffRows } from "./arff-rows";
import { encodeTable, type EncodeOptions } from "./encode-table";
import type { CsvDataset } from "./load-csv";
import { readTableText } from "./table-source";

export interface LoadArffOptions extends Omit<EncodeOptions, "missingValues"> {
  /** The data set's name; the file's `@relation` unless said. */
  name?: string;
  /** How bytes are read as text, as `TextDecoder` names it; `utf-8` unless said. */
  encoding?: string;
}

/**
 * A table from an ARFF file, an address on the web, or text, as `loadCsv` would give it: columns of numbers are
 * features as they are, nominal columns become one feature a category that occurs, in the order declared; nothing is
 * dropped, filled or guessed unless an option says so. A `?` without quotes is a missing value; in quotes it is a
 * category.
 *
 * @param source A path, an http(s) or file address, or the text itself (at least two lines).
 * @throws {DataFileError} If there is no such file or address, or it is not text.
 * @throws {RangeError} If a line can't be read (a sparse row, a value that was not declared, a missing value): it names
 *   the line; or if an option names no column, or a column of text or dates is not left out by `ignore`.
 * @see Weka's attribute-relation file format. Sparse rows, weights of rows and tables within tables are not read.
 * @example
 * const weather = "@relation weather\n@attribute sky {rain, sun}\n@attribute 'wet bulb' real\n"
 *   + "@attribute go {no, yes}\n@data\nsun, 17.5, yes\nrain, 9, no % a comment\n";
 * const table = await loadArff(weather, { target: "go" });
 * table.featureNames; // ["sky=rain", "sky=sun", "wet bulb"]
 * table.classNames; // ["no", "yes"]
 */
export async function loadArff(source: string | URL, options: LoadArffOptions): Promise<CsvDataset> {
  const { name, encoding = "utf-8", categorical = [], ignore = [], ...encode } = options;
  if (source === "") throw new RangeError("loadArff: source must be a path, an address or text, got \"\"");
  const { text } = await readTableText(source, { encoding, loader: "loadArff" });
  const { relation, attributes, ...table } = arffRows(text);
  const free = attributes.find(({ kind, name: column }) =>
    (kind === "string" || kind === "date") && !ignore.includes(column) && !categorical.includes(column));
  if (free)
    throw new RangeError(`loadArff: line ${free.line}: ${free.name} is a column of free text or dates; ignore leaves `
      + "it out, categorical takes its values as names");
  const nominal = attributes.flatMap(({ name: column, kind }) => (kind === "nominal" ? [column] : []));
  const encoded = encodeTable(table,
    { ...encode, ignore, categorical: [...nominal, ...categorical], missingValues: [] });
  return { name: name ?? relation, ...encoded };
}
