import { matrix, type Matrix } from "../matrix";
import { csvRows } from "./csv-rows";
import type { DataFile } from "./data-file";
import { encodeTable, type MissingRule } from "./encode-table";
import { gunzippedText } from "./gzip";
import type { CsvDataset } from "./load-csv";
import { provide, type DownloadOptions } from "./provide";

const UCI = "https://archive.ics.uci.edu/ml/machine-learning-databases/adult/";

const TRAIN: DataFile = {
  name: "fairness/adult-train.csv.gz",
  mirrors: [`${UCI}adult.data`],
  content: { kind: "gzip", sha256: "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d" },
};

/** The repository's own file begins with a remark, copies elsewhere don't: the checksum is of the values. */
const TEST: DataFile = {
  name: "fairness/adult-test.csv.gz",
  mirrors: [`${UCI}adult.test`],
  content: { kind: "table", columns: 15, sha256: "71fd403984ab7267cc109ed0b680d2b449cc09f5a843ba90ca2ac038f1e51f79" },
};

/** The two files of Adult. */
export const ADULT_FILES: readonly DataFile[] = [TRAIN, TEST];

const COLUMNS = ["age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation",
  "relationship", "race", "sex", "capital-gain", "capital-loss", "hours-per-week", "native-country", "income"];

export interface LoadAdultOptions extends DownloadOptions {
  /** What becomes of missing values, which 7 % of the rows have: `keep`, the default, or as in `loadCsv`. */
  missing?: MissingRule;
}

/** The lines of values; in the test file, classes end in a point. */
async function linesOf(file: DataFile, options: DownloadOptions): Promise<string[]> {
  const text = await gunzippedText(await provide(file, options));
  return text.split("\n").filter((line) => line.includes(",")).map((line) => line.trim().replace(/\.$/, ""));
}

/**
 * The Adult table of the US census of 1994: 32,561 rows to learn from and 16,281 to be judged by, 14 columns, and
 * whether a person earns more than 50,000 dollars a year. Both halves have the same features.
 *
 * @throws {RangeError} If `missing` is unknown.
 * @throws {DataFileError} If a file is neither at hand nor to be downloaded.
 * @see Kohavi, KDD 1996; UCI Machine Learning Repository, "Adult".
 * @example
 * const { train, test } = await loadAdult();
 * train.X.shape; // [32561, 105]
 */
export async function loadAdult(options: LoadAdultOptions = {}): Promise<{ train: CsvDataset; test: CsvDataset }> {
  const { missing = "keep", ...download } = options;
  const [train, test] = [await linesOf(TRAIN, download), await linesOf(TEST, download)];
  const all = encodeTable(csvRows([...train, ...test].join("\n"), ",", COLUMNS), { target: "income", missing });
  const isTest = (line: number): boolean => line > train.length;
  const size = train.length - all.dropped.filter((line) => !isTest(line)).length;
  const rows = all.y.length;
  const part = (name: string, from: number, to: number, offset: number): CsvDataset => ({
    ...all,
    name,
    X: rowsOf(all.X, from, to),
    y: all.y.slice(from, to),
    dropped: all.dropped.filter((line) => isTest(line) === from > 0).map((line) => line - offset),
  });
  return { train: part("Adult, training rows", 0, size, 0), test: part("Adult, test rows", size, rows, train.length) };
}

function rowsOf(X: Matrix<Float64Array>, from: number, to: number): Matrix<Float64Array> {
  const d = X.shape[1];
  return matrix(X.data.slice(from * d, to * d), [to - from, d]);
}
