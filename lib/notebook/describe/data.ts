import type { CsvDataset, Dataset } from "../../data";
import type { Matrix } from "../../matrix";
import { count, listed, type Description } from "./description";
import { isDataset, isFields, isLabeled, isMatrix, isTypedArray, type Fields, type TypedArray } from "./guards";

const SHOWN_ROWS = 5;
const SHOWN_COLUMNS = 8;
const SHORT = 20;

function firstRows(X: Matrix, names?: readonly string[], more?: (row: number) => Fields): Fields[] {
  const [n, d] = X.shape;
  const columns = Math.min(d, SHOWN_COLUMNS);
  return Array.from({ length: Math.min(n, SHOWN_ROWS) }, (_, i) => Object.fromEntries([
    ["", String(i)],
    ...Array.from({ length: columns }, (_, j) => [names?.[j] ?? `[${j}]`, X.data[i * d + j]]),
    ...(d > columns ? [["…", "…"]] : []),
    ...Object.entries(more?.(i) ?? {}),
  ]));
}

function classSizes({ y, classNames }: Dataset): string {
  const counts = new Map<number, number>();
  for (const label of y) counts.set(label, (counts.get(label) ?? 0) + 1);
  return listed(classNames.map((name, label) => `${name} ${(counts.get(label) ?? 0).toLocaleString("en-US")}`));
}

/** What `loadCsv` did to a table. */
function madeOf(value: Dataset): Fields {
  if (!("columns" in value && "dropped" in value)) return {};
  const { columns, dropped } = value as CsvDataset;
  const filled = columns.filter(({ missing }) => missing > 0);
  return {
    "lines left out": dropped.length ? listed(dropped) : undefined,
    "filled": filled.length
      ? listed(filled.map(({ name, missing, filledWith }) => `${missing} × ${name} with ${filledWith}`)) : undefined,
  };
}

function ofDataset(value: Dataset): Description {
  const { X, y, featureNames, classNames, imageShape, name } = value;
  const [n, d] = X.shape;
  return {
    what: `data set ${name ?? ""}: ${count(n, "row")} of ${count(d, "feature")}, ${count(classNames.length, "class")}`,
    facts: {
      classes: classSizes(value), features: listed(featureNames),
      images: imageShape && imageShape.join(" × "), ...madeOf(value),
    },
    rows: firstRows(X, featureNames, (i) => ({ class: classNames[y[i]] ?? y[i] })), numRows: n,
    next: "stratifiedSplit(data.y, { testFraction: 0.5, rng: seededRng(1) }), then subset(data, rows)",
  };
}

const precision = (data: TypedArray): string => data.constructor.name.replace("Array", "").toLowerCase();

function ofMatrix(X: Matrix): Description {
  return {
    what: `matrix: ${count(X.shape[0], "row")} of ${count(X.shape[1], "number")}, ${precision(X.data)}`,
    rows: X.shape[1] ? firstRows(X) : [], numRows: X.shape[0],
    next: "rowOf(X, 0) for one row, X.data[i * X.shape[1] + j] for one number, selectColumns(X, [0, 1]), toRows(X)",
  };
}

/** Rows and labels of any width; also queries with their answers. */
function ofLabeled({ X, y }: { X: Matrix; y: Int32Array }): Description {
  return {
    what: `${count(X.shape[0], "labelled row")} of ${count(X.shape[1], "feature")}`,
    rows: firstRows(X, undefined, (i) => ({ label: y[i] })), numRows: X.shape[0], next: "estimator.fit(data.X, data.y)",
  };
}

function ofTypedArray(values: TypedArray): Description | undefined {
  if (values.length <= SHORT) return undefined;
  let [min, max, gaps] = [Infinity, -Infinity, 0];
  for (const value of values) {
    if (Number.isNaN(value)) gaps++;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return {
    what: `${values.constructor.name} of ${count(values.length, "number")}`,
    facts: { first: listed(values), least: min, greatest: max, "not a number": gaps || undefined },
  };
}

/** danfojs's DataFrame and Series. */
function ofFrame(value: Fields): Description | undefined {
  const { columns, values, shape } = value;
  const kind = value.constructor?.name;
  if (kind !== "DataFrame" && kind !== "Series") return undefined;
  if (!Array.isArray(columns) || !Array.isArray(values)) return undefined;
  const names = columns.map(String);
  const rows = values.slice(0, SHOWN_ROWS).map((row: unknown, i) => Object.fromEntries([
    ["", String(i)], ...names.slice(0, SHOWN_COLUMNS).map((name, j) => [name, Array.isArray(row) ? row[j] : row]),
  ]));
  return {
    what: `${kind}: ${(shape as number[]).join(" × ")}`, rows, numRows: values.length,
    next: "table(frame) for all of it, fromDataFrame(frame, { target }) for a data set",
  };
}

function ofSplit(value: Fields): Description | undefined {
  const { train, test, ...more } = value;
  if (!(train instanceof Int32Array && test instanceof Int32Array) || Object.keys(more).length) return undefined;
  return {
    what: `split: ${count(train.length, "row")} to train, ${test.length.toLocaleString("en-US")} to test`,
    facts: { train: listed(train), test: listed(test) }, next: "subset(data, split.train), subset(data, split.test)",
  };
}

/** Describes tables of numbers. */
export function describeData(value: unknown): Description | undefined {
  if (isTypedArray(value)) return ofTypedArray(value);
  if (isMatrix(value)) return ofMatrix(value);
  if (isDataset(value)) return ofDataset(value);
  if (!isFields(value)) return undefined;
  if (isLabeled(value)) return ofLabeled(value);
  return ofFrame(value) ?? ofSplit(value);
}
