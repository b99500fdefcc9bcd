import type { DataFile } from "../files/data-file";
import type { Dataset } from "../dataset";
import { encodeTable, type TableRows } from "./encode-table";
import {
  ADULT_COLUMNS, ADULT_TEST, ADULT_TRAIN, COMPAS, COMPAS_COLUMNS, GERMAN_CODES, GERMAN_COLUMNS, GERMAN_CREDIT,
  GERMAN_WOMEN, type ColumnKinds, type RowOf,
} from "./fairness-tables";
import { readMaybeGzipped } from "../files/gzip";
import { provide, type DownloadOptions } from "../files/provide";
import { subset } from "../subset";
import type { TableColumn } from "./table-column";
import { tableText } from "./table-text";
import { requireOneOf } from "../../validate";

/** A person of the Adult table. `?` where a name is missing, and `missing` is `category`. */
export type AdultRow = RowOf<typeof ADULT_COLUMNS>;

/** A debtor of German credit, its codes in words. */
export type GermanCreditRow = RowOf<typeof GERMAN_COLUMNS>;

/** A defendant of COMPAS, with the score that the program gave. */
export type CompasRow = RowOf<typeof COMPAS_COLUMNS>;

/** People as they are written, and in numbers. Row i of both is the same person. */
export interface PeopleData<Row> extends Dataset<Float64Array> {
  /** Under the source's names, sensitive attributes too. */
  readonly rows: readonly Row[];
  /** What each column has become in `X`; those left out of `X` are not listed. */
  readonly columns: readonly TableColumn[];
}

/** Adult's two halves; both have the same features. */
export interface AdultData {
  readonly train: PeopleData<AdultRow>;
  readonly test: PeopleData<AdultRow>;
}

export interface LoadAdultOptions extends DownloadOptions {
  /**
   * What becomes of rows with a missing name (3,620 of 48,842: workclass, occupation or country). `drop`, the default,
   * leaves them out; `category` keeps them, with `?` as a category of its own.
   */
  missing?: "drop" | "category";
}

/** The files of the three tables. */
export const FAIRNESS_FILES: readonly DataFile[] = [ADULT_TRAIN, ADULT_TEST, GERMAN_CREDIT, COMPAS];

/**
 * Census data of 1994: does a person earn more than 50,000 dollars a year? Class 1 is `>50K`. The census weight
 * `fnlwgt` and `education`, which `education-num` repeats, are in the rows and not among the features.
 *
 * @throws {RangeError} If `missing` is neither `drop` nor `category`.
 * @throws {DataFileError} If a file is neither at hand nor to be downloaded.
 * @see Becker & Kohavi, *Adult*, UCI Machine Learning Repository, 1996, CC BY 4.0.
 * @example
 * const { train, test } = await loadAdult();
 * [train.X.shape[0], test.X.shape[0]]; // [30162, 15060]
 */
export async function loadAdult(options: LoadAdultOptions = {}): Promise<AdultData> {
  const { missing = "drop", ...download } = options;
  requireOneOf("loadAdult", "missing", missing, ["drop", "category"]);
  const kept = (values: string[]): boolean => missing === "category" || !values.includes("?");
  const all = await adultValues(download);
  const [train, test] = [all.train.filter(kept), all.test.filter(kept)];
  const both = peopleData("Adult", ADULT_COLUMNS, train.concat(test), {
    target: "income", ignore: ["fnlwgt", "education"], classNames: ["<=50K", ">50K"],
  });
  return { train: part(both, 0, train.length, "train"), test: part(both, train.length, both.rows.length, "test") };
}

/**
 * Debtors of a German bank in the 1970s: is the credit good? Class 1 is `good`. `sex`, which the source hides in
 * `personal status`, is a column of its own here.
 *
 * @throws {DataFileError} If the file is neither at hand nor to be downloaded.
 * @see Hofmann, *Statlog (German Credit Data)*, UCI Machine Learning Repository, 1994, CC BY 4.0.
 * @example
 * const credit = await loadGermanCredit();
 * credit.rows[1].sex; // "female"
 */
export async function loadGermanCredit(options: DownloadOptions = {}): Promise<PeopleData<GermanCreditRow>> {
  const coded = await valuesOf(GERMAN_CREDIT, options);
  const values = coded.map((row) => [
    ...row.slice(0, -1).map((value) => GERMAN_CODES[value] ?? value),
    row[20] === "1" ? "good" : "bad",
    GERMAN_WOMEN.includes(row[8]) ? "female" : "male",
  ]);
  return peopleData("German credit", GERMAN_COLUMNS, values, { target: "credit", classNames: ["bad", "good"] });
}

/**
 * Defendants of Broward County, Florida, 2013 and 2014: are they arrested again within two years? Class 1 is "arrested
 * again". The 6,172 rows that ProPublica analysed: those whose arrest lies within 30 days of the screening. The
 * program's own score is in the rows and not among the features.
 *
 * @throws {DataFileError} If the file is not at hand: no address serves it in this form.
 * @see Angwin, Larson, Mattu & Kirchner, *Machine bias*, ProPublica, 2016, and its repository compas-analysis.
 * @example
 * const compas = await loadCompas();
 * compas.X.shape[0]; // 6172
 */
export async function loadCompas(options: DownloadOptions = {}): Promise<PeopleData<CompasRow>> {
  const [header, ...all] = await valuesOf(COMPAS, options);
  const at = (name: string): number => header.indexOf(name);
  const analysed = all.filter((values) => {
    const days = values[at("days_b_screening_arrest")];
    return days !== "" && Math.abs(Number(days)) <= 30 && values[at("is_recid")] !== "-1";
  });
  const names = Object.keys(COMPAS_COLUMNS);
  return peopleData("COMPAS", COMPAS_COLUMNS, analysed.map((values) => names.map((name) => values[at(name)])), {
    target: "two_year_recid", ignore: ["age_cat", "decile_score", "score_text", "is_recid"],
    classNames: ["not arrested again", "arrested again"],
  });
}

/** Adult's values as they are written; in the test file, classes end in a point. */
export async function adultValues(options: DownloadOptions): Promise<{ train: string[][]; test: string[][] }> {
  const train = await valuesOf(ADULT_TRAIN, options);
  const test = await valuesOf(ADULT_TEST, options);
  return { train, test: test.map((values) => values.map((value) => value.replace(/K\.$/, "K"))) };
}

async function valuesOf(file: DataFile, options: DownloadOptions): Promise<string[][]> {
  const columns = file.content.kind === "table" ? file.content.columns : 0;
  const text = tableText(await readMaybeGzipped(await provide(file, options)), columns);
  return text.split("\n").map((line) => line.split(","));
}

interface PeopleOptions {
  readonly target: string;
  /** Columns that are in the rows and not among the features. */
  readonly ignore?: readonly string[];
  readonly classNames: readonly string[];
}

function peopleData<C extends ColumnKinds>(
  name: string, kinds: C, values: readonly string[][], { target, ignore = [], classNames }: PeopleOptions,
): PeopleData<RowOf<C>> {
  const header = Object.keys(kinds);
  const rows = values.map((row) => Object.fromEntries(header.map((column, j) =>
    [column, kinds[column] === "number" ? Number(row[j]) : row[j]])) as RowOf<C>);
  const table: TableRows = { header, rows: values, lines: values.map((_, i) => i + 1), loader: name };
  const { X, y, featureNames, columns } = encodeTable(table, { target, ignore, missingValues: [] });
  return { name, X, y, featureNames, classNames, rows, columns };
}

function part<Row>(people: PeopleData<Row>, from: number, to: number, half: string): PeopleData<Row> {
  const positions = Array.from({ length: to - from }, (_, i) => from + i);
  return { ...subsetPeople(people, positions), name: `${people.name}, ${half}` };
}

/**
 * The named people, in the order given; copied.
 *
 * @param positions Integers in [0, n); may repeat.
 * @throws {RangeError} If a position is out of range.
 * @example
 * const credit = await loadGermanCredit();
 * subsetPeople(credit, [0, 2]).rows.length; // 2
 */
export function subsetPeople<Row>(people: PeopleData<Row>, positions: ArrayLike<number>): PeopleData<Row> {
  return { ...people, ...subset(people, positions), rows: Array.from(positions, (i) => people.rows[i]) };
}
