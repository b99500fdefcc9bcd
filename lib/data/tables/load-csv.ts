import { requireOneOf } from "../../validate";
import { csvDelimiters, csvRows, type CsvDelimiter } from "./csv-rows";
import type { Dataset } from "../dataset";
import { encodeTable, type EncodeOptions } from "./encode-table";
import type { TableColumn } from "./table-column";
import { readTableText } from "./table-source";

export interface LoadCsvOptions extends EncodeOptions {
  /** The data set's name; the file's unless said. */
  name?: string;
  /** What separates values; found unless said. */
  delimiter?: CsvDelimiter;
  /** Names of the columns where the file has no line of names. */
  columns?: readonly string[];
  /** How bytes are read as text, as `TextDecoder` names it; `utf-8` unless said. A byte order mark goes before it. */
  encoding?: string;
}

/** A table of one's own, and what was done to it. */
export interface CsvDataset extends Dataset<Float64Array> {
  /** What each column beside the target has become. */
  readonly columns: readonly TableColumn[];
  /** Name of the column of classes. */
  readonly target: string;
  /** Lines of the file that were left out because a value was missing. */
  readonly dropped: readonly number[];
}

/**
 * A table of one's own from a CSV file, an address on the web, or text. Columns of numbers are features as they are,
 * columns of text become one feature a category; nothing is dropped, filled or guessed unless an option says so.
 *
 * Values are split by RFC 4180, spaces around them dropped. Classes are the different values of the target column:
 * numbers by size, text in alphabetical order. What is learned from all rows (categories, medians) is outside any
 * privacy budget.
 *
 * @param source A path, an http(s) or file address, or the text itself (at least two lines).
 * @throws {DataFileError} If there is no such file or address, or it is not text.
 * @throws {RangeError} If a line or a value can't be taken (a decimal comma, a missing value, text among numbers): it
 *   names column and line; or if an option names no column.
 * @example
 * const people = await loadCsv("age;town;pays\n31;Ulm;yes\n45;Bonn;no\n", { target: "pays" });
 * people.featureNames; // ["age", "town=Bonn", "town=Ulm"]
 * people.classNames; // ["no", "yes"]
 */
export async function loadCsv(source: string | URL, options: LoadCsvOptions): Promise<CsvDataset> {
  const { delimiter, columns, encoding = "utf-8", ...encode } = options;
  if (delimiter !== undefined) requireOneOf("loadCsv", "delimiter", delimiter, csvDelimiters);
  if (source === "") throw new RangeError("loadCsv: source must be a path, an address or text, got \"\"");
  const { name, text } = await readTableText(source, { encoding, loader: "loadCsv" });
  return { name: options.name ?? name, ...encodeTable(csvRows(text, delimiter, columns), encode) };
}
