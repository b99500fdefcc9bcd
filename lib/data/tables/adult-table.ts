import { encodeTable, type MissingRule } from "./encode-table";
import { adultValues } from "./fairness";
import { ADULT_COLUMNS } from "./fairness-tables";
import type { CsvDataset } from "./load-csv";
import type { DownloadOptions } from "../files/provide";
import { subset } from "../subset";

export interface LoadAdultTableOptions extends DownloadOptions {
  /** What becomes of missing values, which 7 % of the rows have: `keep`, the default, or as in `loadCsv`. */
  missing?: MissingRule;
}

/**
 * The Adult table with all of its 14 columns, as `loadCsv` would give it: 32,561 rows to learn from and 16,281 to be
 * judged by, and whether a person earns more than 50,000 dollars a year. Both halves have the same features.
 *
 * @throws {RangeError} If `missing` is unknown.
 * @throws {DataFileError} If a file is neither at hand nor to be downloaded.
 * @see Kohavi, KDD 1996; UCI Machine Learning Repository, "Adult". `loadAdult` gives its people one by one.
 * @example
 * const { train, test } = await loadAdultTable();
 * train.X.shape; // [32561, 105]
 */
export async function loadAdultTable(
  options: LoadAdultTableOptions = {},
): Promise<{ train: CsvDataset; test: CsvDataset }> {
  const { missing = "keep", ...download } = options;
  const { train, test } = await adultValues(download);
  const rows = [...train, ...test];
  const lines = rows.map((_, i) => i + 1);
  const all = encodeTable(
    { header: Object.keys(ADULT_COLUMNS), rows, lines, loader: "loadAdultTable" }, { target: "income", missing });
  const isTest = (line: number): boolean => line > train.length;
  const size = train.length - all.dropped.filter((line) => !isTest(line)).length;
  const part = (half: string, from: number, to: number, dropped: number[]): CsvDataset =>
    ({ ...all, ...subset({ ...all, name: `Adult, ${half}` }, Array.from({ length: to - from }, (_, i) => from + i)),
      dropped });
  return {
    train: part("train", 0, size, all.dropped.filter((line) => !isTest(line))),
    test: part("test", size, all.y.length, all.dropped.filter(isTest).map((line) => line - train.length)),
  };
}
