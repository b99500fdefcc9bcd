import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fromRows } from "../../matrix";
import { requireOneOf } from "../../validate";
import type { Dataset } from "../dataset";
import { projectDirectory } from "../files/directories";
import { medianOf } from "./median";
import { DataFileError, provide, type DownloadOptions } from "../files/provide";
import { SHIPPED, UCI_TABLES, type TableEntry } from "./table-catalogue";
import { tableText } from "./table-text";
import { findFault } from "../files/verify";

export type TableName = keyof typeof SHIPPED | keyof typeof UCI_TABLES;

const CATALOGUE: Readonly<Record<TableName, TableEntry>> = { ...SHIPPED, ...UCI_TABLES };

/** The names that `loadTable` knows. */
export const tableNames = Object.keys(CATALOGUE) as readonly TableName[];

export interface LoadTableOptions extends DownloadOptions {
  /**
   * What becomes of rows with a missing value (only `breast-cancer-wisc` has any: 16 of 699, all in "bare nuclei").
   * `drop`, the default, leaves them out and invents nothing; `median` puts the median of the column's known values.
   */
  missing?: "drop" | "median";
}

/**
 * A table of the classics: those that ship with the project (`iris`, `wine`, `wdbc`, `digits`, as scikit-learn 1.9 has
 * them), and those of the UCI repository, which are looked up or downloaded. Ids are left out.
 *
 * @throws {RangeError} If the name is unknown.
 * @throws {DataFileError} If the file is neither at hand nor to be downloaded, or was changed.
 * @example
 * const iris = await loadTable("iris");
 * iris.X.shape; // [150, 4]
 */
export async function loadTable(name: TableName, options: LoadTableOptions = {}): Promise<Dataset<Float64Array>> {
  const { missing = "drop", ...download } = options;
  if (/[./\\]/.test(name))
    throw new RangeError(`loadTable: name must be one of ${tableNames.join(", ")}, got ${JSON.stringify(name)}; `
      + "a file of your own is read by loadCsv(path, { target })");
  requireOneOf("loadTable", "name", name, tableNames);
  requireOneOf("loadTable", "missing", missing, ["drop", "median"]);
  const entry = CATALOGUE[name];
  const path = name in SHIPPED ? await shippedFile(entry) : await provide(entry.file, download);
  return parseTable(entry, await readFile(path, "utf8"), missing);
}

async function shippedFile({ file }: TableEntry): Promise<string> {
  const path = join(projectDirectory(), "data", file.name);
  const fault = await findFault(file, path);
  if (fault !== null)
    throw new DataFileError(`data/${file.name} was changed: ${fault}. Restore it: git checkout data/${file.name}`);
  return path;
}

function parseTable(entry: TableEntry, text: string, missing: "drop" | "median"): Dataset<Float64Array> {
  const { classCodes, classNames = classCodes, imageShape } = entry;
  const columns = entry.file.content.kind === "table" ? entry.file.content.columns : 0;
  const lines = tableText(text, columns).split("\n").map((line) => line.split(","));
  const featureNames = entry.featureNames ?? lines.shift()!.slice(0, -1);
  const kept = missing === "drop" ? lines.filter((line) => !line.includes("?")) : lines;
  const X = fromRows(kept.map((line) => line.slice(0, -1).map((value) => (value === "?" ? NaN : Number(value)))));
  fillMedians(X.data, featureNames.length);
  const y = Int32Array.from(kept, (line) => classCodes.indexOf(line[line.length - 1]));
  return { name: entry.title, X, y, featureNames, classNames, ...(imageShape && { imageShape }) };
}

/** Puts each column's median of known numbers in the place of its NaNs. */
function fillMedians(data: Float64Array, columns: number): void {
  for (let i = 0; i < data.length; i++) {
    if (!Number.isNaN(data[i])) continue;
    const median = medianOf(data.filter((_, k) => k % columns === i % columns));
    for (let k = i; k < data.length; k += columns) if (Number.isNaN(data[k])) data[k] = median;
  }
}
