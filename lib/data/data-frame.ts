import { fromRows, rowOf } from "../matrix";
import { requireInteger } from "../validate";
import type { Dataset } from "./dataset";

/** What danfojs calls a DataFrame, as far as it is read here. */
export interface DataFrameLike {
  readonly columns: readonly (string | number)[];
  readonly values: unknown;
}

/**
 * The methods of danfojs's DataFrame that people look at tables with. All of them has `toDataFrame<DataFrame>(…)` with
 * `import type { DataFrame } from "danfojs-node"`. Those types are not named here: every cell would have to read them.
 */
export interface DataFrameView extends DataFrameLike {
  readonly columns: string[];
  readonly values: (string | number)[][];
  readonly shape: [number, number];
  print(): void;
  head(rows?: number): DataFrameView;
  tail(rows?: number): DataFrameView;
  describe(): DataFrameView;
}

export interface ToDataFrameOptions {
  /** How many rows, from the first on, in [0, n]; all by default. */
  rows?: number;
}

/**
 * A data set as a DataFrame, to be looked at: a column a feature, and the column "class" with the class names.
 *
 * @throws {RangeError} If `rows` is out of range.
 * @example
 * toDataFrame(await loadTable("iris"), { rows: 5 }).print();
 */
export function toDataFrame<Frame extends DataFrameLike = DataFrameView>(
  dataset: Dataset, options: ToDataFrameOptions = {},
): Frame {
  const { X, y, featureNames, classNames } = dataset;
  const { rows = X.shape[0] } = options;
  requireInteger("toDataFrame", "rows", rows, 0, X.shape[0]);
  const values = Array.from({ length: rows }, (_, i) => [...rowOf(X, i), classNames[y[i]]]);
  const { DataFrame } = require("danfojs-node") as typeof import("danfojs-node");
  return new DataFrame(values, { columns: [...featureNames, "class"] }) as unknown as Frame;
}

export interface FromDataFrameOptions {
  /** The column of classes. */
  target: string;
  /** The data set's name. */
  name?: string;
}

/**
 * A DataFrame as a data set. The classes are the different values of the target column, ascending; every other column
 * is a feature.
 *
 * @throws {RangeError} If there is no such column, a row has no class, or a feature is not a finite number.
 */
export function fromDataFrame(frame: DataFrameLike, options: FromDataFrameOptions): Dataset<Float64Array> {
  const { target, name = "DataFrame" } = options;
  const columns = frame.columns.map(String);
  const at = columns.indexOf(target);
  if (at < 0)
    throw new RangeError(`fromDataFrame: target must be one of ${columns.join(", ")}, got ${JSON.stringify(target)}`);
  const rows = frame.values as unknown[][];
  const features = rows.map((row, i) => row.filter((_, j) => j !== at).map((value, j) => {
    if (typeof value === "number" && Number.isFinite(value)) return value;
    const column = columns.filter((_, k) => k !== at)[j];
    throw new RangeError(`fromDataFrame: column ${column} must hold finite numbers, got ${String(value)} in row ${i}`);
  }));
  const gap = rows.findIndex((row) => isMissing(row[at]));
  if (gap >= 0)
    throw new RangeError(`fromDataFrame: column ${target} must hold a class in each row, got none in row ${gap}`);
  const classes = [...new Set(rows.map((row) => row[at]))].sort(ascending);
  const labels = new Map(classes.map((value, label) => [value, label]));
  return {
    name,
    X: fromRows(features),
    y: Int32Array.from(rows, (row) => labels.get(row[at]) as number),
    featureNames: columns.filter((_, j) => j !== at),
    classNames: classes.map(String),
  };
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined || Number.isNaN(value) || (typeof value === "string" && !value.trim());
}

function ascending(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a) < String(b) ? -1 : 1;
}
