import { fromColumns, type Matrix } from "../../matrix";
import { requireInteger, requireOneOf } from "../../validate";
import {
  categoriesOf, isNumber, isText, numericFeature, oneHotFeatures, ordinalFeature, type Column, type TableColumn,
} from "./table-column";

/** The written values of a table, whatever format they were written in. */
export interface TableRows {
  readonly header: readonly string[];
  /** null where the format itself says that a value is missing. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** The line of the file on which each row begins, counted from 1. */
  readonly lines: readonly number[];
  /** The function that reads, as messages name it. */
  readonly loader: string;
  /** Categories in the file's own order, by column, where the format declares them. */
  readonly declared?: Readonly<Record<string, readonly string[]>>;
}

/** What becomes of missing values. */
export type MissingRule = "refuse" | "drop" | "median" | "keep";

export interface EncodeOptions {
  /** The column of classes: text or integers; other numbers only where `categorical` names it. */
  target: string;
  /** Columns to leave out, such as ids and names. */
  ignore?: readonly string[];
  /** Columns whose values are names of categories although they look like numbers, such as codes. */
  categorical?: readonly string[];
  /** Categories that have an order, lowest first; such a column becomes one feature 0, 1, 2, … */
  ordinal?: Readonly<Record<string, readonly string[]>>;
  /**
   * `refuse`, the default, names every column that misses values; `drop` leaves their rows out; `median` puts the
   * median of a column's known numbers, or its most frequent category; `keep` keeps them missing: NaN for a number or
   * an ordered category, 0 in each feature of a category. A missing class is never made up.
   */
  missing?: MissingRule;
  /** How a missing value is written; an empty one, `?`, `NA`, `N/A`, `NaN`, `nan`, `null` and `NULL` unless said. */
  missingValues?: readonly string[];
  /** Most categories that a column, or the classes, may have; 100 unless said. More are mostly ids, names or dates. */
  maxCategories?: number;
}

/** A table in numbers. */
export interface EncodedTable {
  readonly X: Matrix<Float64Array>;
  readonly y: Int32Array;
  readonly featureNames: readonly string[];
  readonly classNames: readonly string[];
  readonly columns: readonly TableColumn[];
  /** Name of the column of classes. */
  readonly target: string;
  /** Lines left out because a value was missing. */
  readonly dropped: readonly number[];
}

const MISSING_VALUES = ["", "?", "NA", "N/A", "NaN", "nan", "null", "NULL"];

/**
 * Turns the written values of a table into features and classes.
 *
 * @throws {RangeError} If an option names an unknown column, or a value can't be taken; it names column and line.
 */
export function encodeTable(table: TableRows, options: EncodeOptions): EncodedTable {
  const { target, ordinal = {}, categorical = [], missing = "refuse", maxCategories = 100 } = options;
  requireOneOf(table.loader, "missing", missing, ["refuse", "drop", "median", "keep"]);
  requireInteger(table.loader, "maxCategories", maxCategories, 2);
  const names = usedColumns(table, options);
  const written = columnsOf(table, names, options.missingValues ?? MISSING_VALUES);
  const { columns, dropped } = withoutMissing(written, options);
  const classes = columns.find(({ name }) => name === target)!;
  const encoded = columns.filter((column) => column !== classes).map((column) => {
    const keep = missing === "keep";
    if (Object.hasOwn(ordinal, column.name)) return ordinalFeature(column, ordinal[column.name], keep);
    return categorical.includes(column.name) || isText(column) ? oneHotFeatures(column, maxCategories, keep)
      : numericFeature(column, keep);
  });
  if (!categorical.includes(target)) requireClasses(classes);
  const classNames = categoriesOf(classes, maxCategories);
  const code = new Map(classNames.map((name, label) => [name, label]));
  return {
    X: fromColumns(encoded.flatMap(({ features }) => features)),
    y: Int32Array.from(classes.values, (value) => code.get(value!)!),
    featureNames: encoded.flatMap(({ featureNames }) => featureNames),
    classNames,
    columns: encoded.map(({ column }) => column),
    target,
    dropped,
  };
}

/** A measured quantity is no class, for each of its values would become one; and a number has one class only. */
function requireClasses({ name, values, lines, loader }: Column): void {
  const at = values.findIndex((value) => value !== null && isNumber(value) && !Number.isInteger(Number(value)));
  if (at >= 0)
    throw new RangeError(`${loader}: target must be a column of classes (text or integers), got ${values[at]} in line `
      + `${lines[at]} of ${name}; categorical: [${JSON.stringify(name)}] takes each of its numbers as a class`);
  const written = new Map<number, string>();
  for (const value of values) {
    if (!isNumber(value)) continue;
    const first = written.get(Number(value)) ?? value as string;
    if (first !== value)
      throw new RangeError(`${loader}: target must write each number in one way, got ${first} and ${value} in ${name}; `
        + `categorical: [${JSON.stringify(name)}] takes them as different names`);
    written.set(Number(value), first);
  }
}

/** The names of the columns that count, once each option's names are known to be columns. */
function usedColumns({ header, loader }: TableRows, options: EncodeOptions): string[] {
  const { target, ignore = [], categorical = [], ordinal = {} } = options;
  const twice = header.find((name, j) => header.indexOf(name) !== j);
  if (twice !== undefined)
    throw new RangeError(`${loader}: columns must differ in name, got ${JSON.stringify(twice)} twice`);
  if (header.length > 0 && header.every((name) => isNumber(name)))
    throw new RangeError(`${loader}: the first line must name the columns, got ${header.slice(0, 4).join(", ")}…; `
      + "a file without names needs the option columns: [\"…\", …]");
  const known = header.map((name) => JSON.stringify(name)).join(", ");
  const mentioned = { target: [target], ignore, categorical, ordinal: Object.keys(ordinal) };
  for (const [option, names] of Object.entries(mentioned))
    for (const name of names)
      if (!header.includes(name))
        throw new RangeError(`${loader}: ${option} must name columns among ${known}, got ${JSON.stringify(name)}`);
  if (ignore.includes(target))
    throw new RangeError(`${loader}: ignore must not name the target, got ${JSON.stringify(target)}`);
  const used = header.filter((name) => !ignore.includes(name));
  const nameless = used.includes("") ? header.indexOf("") + 1 : 0;
  if (nameless)
    throw new RangeError(`${loader}: column ${nameless} has no name; is it a row number? ignore: [""] leaves it out`);
  if (used.length < 2) throw new RangeError(`${loader}: there must be a column beside the target, got none`);
  return used;
}

function columnsOf(table: TableRows, names: readonly string[], missingValues: readonly string[]) {
  const { header, rows, lines, loader, declared } = table;
  if (!rows.length) throw new RangeError(`${loader}: there must be at least one row, got none`);
  const absent = new Set(missingValues);
  return names.map((name): Column => {
    const j = header.indexOf(name);
    const values = rows.map((row) => (absent.has(row[j]!) ? null : row[j]));
    return { name, lines, values, loader, declared: declared?.[name] };
  });
}

/** Applies the rule for missing values, except for the filling, which each kind of column does in its own way. */
function withoutMissing(columns: readonly Column[], { target, missing = "refuse" }: EncodeOptions) {
  const [{ loader }] = columns;
  const gaps = columns.filter(({ values }) => values.includes(null));
  if (missing === "refuse" && gaps.length) {
    const named = gaps.map(({ name, values, lines }) => `${name} (${values.filter((value) => value === null).length}, `
      + `first in line ${lines[values.indexOf(null)]})`);
    throw new RangeError(`${loader}: values are missing in ${named.join(", ")}; missing: "drop" leaves such rows out, `
      + "missing: \"median\" fills them, missing: \"keep\" keeps them missing");
  }
  if (missing === "drop" && gaps.length) return withoutRows(columns, gaps);
  const classes = gaps.find(({ name }) => name === target);
  if (classes)
    throw new RangeError(`${loader}: column ${target} must hold a class in each row, got none in line `
      + `${classes.lines[classes.values.indexOf(null)]}; missing: "drop" leaves such rows out`);
  return { columns, dropped: [] };
}

function withoutRows(columns: readonly Column[], gaps: readonly Column[]) {
  const { lines, loader } = columns[0];
  const isKept = lines.map((_, i) => gaps.every(({ values }) => values[i] !== null));
  if (!isKept.includes(true))
    throw new RangeError(`${loader}: each row misses a value, so that missing: "drop" leaves none`);
  const kept = <T>(items: readonly T[]): T[] => items.filter((_, i) => isKept[i]);
  return {
    columns: columns.map((column) => ({ ...column, values: kept(column.values), lines: kept(lines) })),
    dropped: lines.filter((_, i) => !isKept[i]),
  };
}
