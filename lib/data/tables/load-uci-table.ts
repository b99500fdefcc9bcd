import { readMaybeGzipped } from "../files/gzip";
import { requireOneOf } from "../../validate";
import { ARFF_TABLES, ECHOCARDIOGRAM, ENERGY } from "./arff-catalogue";
import { arffRows } from "./arff-rows";
import type { DataFile } from "../files/data-file";
import { encodeTable, type EncodeOptions, type MissingRule, type TableRows } from "./encode-table";
import type { CsvDataset } from "./load-csv";
import { provide, type DownloadOptions } from "../files/provide";
import { tableText } from "./table-text";

export type UciTableName = keyof typeof ARFF_TABLES | "echocardiogram" | "energy-y1";

/** The names that `loadUciTable` knows. */
export const uciTableNames = [...Object.keys(ARFF_TABLES), "echocardiogram", "energy-y1"] as readonly UciTableName[];

export interface LoadUciTableOptions extends DownloadOptions {
  /** What becomes of missing values: `median`, the default, or as in `loadCsv`. Rows without a class are left out. */
  missing?: MissingRule;
  /** Nominal columns as one number each, in the order declared, in place of one feature a category. */
  ordinal?: boolean;
}

const ECHOCARDIOGRAM_COLUMNS = ["survival", "still alive", "age at heart attack", "pericardial effusion",
  "fractional shortening", "epss", "lvdd", "wall motion score", "wall motion index", "mult", "group", "alive at 1"];

/**
 * One of 63 tables of the UCI repository: the 61 that are kept as ARFF, echocardiogram (is the patient still alive?
 * what was derived from the answer is left out) and energy-y1 (heating load, its range cut into three equal parts by
 * us). Names, case numbers and columns without a value are left out.
 *
 * @throws {RangeError} If the name is unknown.
 * @throws {DataFileError} If the file is neither at hand nor to be downloaded.
 * @see The names are those of the files: `kr.vs.kp` is the UCI's chess (king-rook against king-pawn).
 * @example
 * const zoo = await loadUciTable("zoo");
 * [zoo.X.shape, zoo.columns.length, zoo.classNames.length]; // [[101, 31], 16, 7]
 */
export async function loadUciTable(name: UciTableName, options: LoadUciTableOptions = {}): Promise<CsvDataset> {
  const { missing = "median", ordinal = false, ...download } = options;
  requireOneOf("loadUciTable", "name", name, uciTableNames);
  if (name === "echocardiogram")
    return tableOf(name, await writtenRows(ECHOCARDIOGRAM, ECHOCARDIOGRAM_COLUMNS, download),
      { target: "still alive", ignore: ["alive at 1"], categorical: ["group"], missing, missingValues: ["-1"] });
  if (name === "energy-y1")
    return tableOf(name, inThirds(await writtenRows(ENERGY, null, download)),
      { target: "Y1", ignore: ["Y2"], missing });
  const { file, target, ignore } = ARFF_TABLES[name];
  const { attributes, ...table } = arffRows(await readMaybeGzipped(await provide(file, download)));
  const nominal = attributes.flatMap(({ name: column, kind }) => (kind === "nominal" ? [column] : []));
  const ordered = nominal.filter((column) => ordinal && column !== target && !ignore.includes(column));
  return tableOf(name, table, {
    target, ignore, missing, missingValues: [], categorical: nominal.filter((column) => !ordered.includes(column)),
    ordinal: Object.fromEntries(ordered.map((column) => [column, table.declared![column]])),
  });
}

/** A table in numbers; rows without a class are left out, whatever becomes of other gaps. */
function tableOf(name: string, table: TableRows, options: EncodeOptions): CsvDataset {
  const at = table.header.indexOf(options.target);
  const hasClass = table.rows.map((row) => row[at] !== null);
  const kept = <T>(items: readonly T[]): T[] => items.filter((_, i) => hasClass[i]);
  return { name, ...encodeTable({ ...table, rows: kept(table.rows), lines: kept(table.lines) }, options) };
}

/** Lines of values; names of the columns in the first one where none are given. */
async function writtenRows(
  file: DataFile, columns: readonly string[] | null, options: DownloadOptions,
): Promise<TableRows> {
  const width = file.content.kind === "table" ? file.content.columns : 0;
  const lines = tableText(await readMaybeGzipped(await provide(file, options)), width).split("\n");
  const rows = lines.map((line) => line.split(","));
  const header = columns ?? rows.shift()!;
  return { header, rows, lines: rows.map((_, i) => i + 1), loader: "loadUciTable" };
}

/** The range of heating loads (`Y1`) in three equal parts. */
function inThirds(table: TableRows): TableRows {
  const at = table.header.indexOf("Y1");
  const loads = table.rows.map((row) => Number(row[at]));
  const low = loads.reduce((a, b) => Math.min(a, b));
  const third = (loads.reduce((a, b) => Math.max(a, b)) - low) / 3;
  const part = (load: number): string => ["low", "middle", "high"][Math.min(2, Math.floor((load - low) / third))];
  const rows = table.rows.map((row, i) => row.map((value, j) => (j === at ? part(loads[i]) : value)));
  return { ...table, rows, declared: { Y1: ["low", "middle", "high"] } };
}
