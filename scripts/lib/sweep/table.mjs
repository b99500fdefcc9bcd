import { tableFromArrays, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";

/**
 * A tidy table: one row for each cell of the grid and claim; a cell that failed has one row without a claim.
 * @typedef {Record<string, string | number | null>} Row
 * @typedef {import("./cells.mjs").Cell} Cell
 * @typedef {import("./cells.mjs").CellResult} CellResult
 */

/** @param {unknown} value @returns {string | number} a parameter as it stands in a table */
const plain = (value) => (typeof value === "number" || typeof value === "string" ? value : JSON.stringify(value));

/** @param {Cell} cell @returns {Row} */
const parametersOf = ({ parameters }) =>
  Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, plain(value)]));

/**
 * @param {Cell[]} cells
 * @param {Map<string, CellResult>} results by key
 * @param {Map<string, string>} failures messages by key
 * @returns {Row[]}
 */
export function tidyRows(cells, results, failures) {
  /** @param {Cell} cell @param {number} i @returns {Row[]} */
  const rowsOf = (cell, i) => {
    /** @type {Row} */
    const head = { cell: i, notebook: cell.notebook, profile: cell.profile, ...parametersOf(cell) };
    const none = { claim: null, published: null, reproduced: null, verdict: null, seconds: null };
    const result = results.get(cell.key);
    const failure = failures.get(cell.key);
    if (!result) return failure === undefined ? [] : [{ ...head, ...none, outcome: failure }];
    const { seconds, claims } = result;
    return claims.map(({ id, published, reproduced, verdict }) =>
      ({ ...head, claim: id, published, reproduced, verdict, seconds, outcome: "done" }));
  };
  return cells.flatMap(rowsOf);
}

/**
 * Mean and spread of every claim over the seeds, for each combination of the other parameters.
 * @param {Cell[]} cells
 * @param {Map<string, CellResult>} results
 * @returns {Row[]} n, mean, sd (sample's; null for one value), min, max, and the share of runs in which the claim held
 */
export function summaryRows(cells, results) {
  /** @type {Map<string, { head: Row, values: number[], kept: number }>} */
  const groups = new Map();
  for (const cell of cells) {
    const rest = parametersOf(cell);
    delete rest.seed;
    for (const { id, reproduced, verdict } of results.get(cell.key)?.claims ?? []) {
      const name = JSON.stringify([id, rest]);
      const group = groups.get(name) ?? { head: { claim: id, ...rest }, values: [], kept: 0 };
      group.values.push(reproduced);
      if (verdict === "reproduced") group.kept++;
      groups.set(name, group);
    }
  }
  return [...groups.values()].map(({ head, values, kept }) => {
    const n = values.length;
    const mean = values.reduce((a, b) => a + b, 0) / n;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return {
      ...head, n, mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : null,
      min: Math.min(...values), max: Math.max(...values), held: kept / n,
    };
  });
}

/** @param {Row[]} rows @returns {string[]} */
const columnsOf = (rows) => [...new Set(rows.flatMap((row) => Object.keys(row)))];

/** @param {string | number | null} value @returns {string} quoted where RFC 4180 asks for it */
function csvField(value) {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {Row[]} rows @returns {string} CSV with a line of headings */
export function toCsv(rows) {
  const columns = columnsOf(rows);
  const lines = rows.map((row) => columns.map((column) => csvField(row[column] ?? null)).join(","));
  return [columns.map(csvField).join(","), ...lines, ""].join("\n");
}

/** @param {Row[]} rows @returns {Uint8Array} an Arrow file (Feather 2): numbers as float64, everything else as text */
export function toArrow(rows) {
  const vectors = columnsOf(rows).map((column) => {
    const values = rows.map((row) => row[column] ?? null);
    const numeric = values.every((value) => value === null || typeof value === "number")
      && values.some((value) => value !== null);
    if (numeric) return [column, vectorFromArray(/** @type {(number | null)[]} */ (values))];
    const texts = values.map((value) => (value === null ? null : String(value)));
    return [column, vectorFromArray(texts, new Utf8())];
  });
  return tableToIPC(tableFromArrays(Object.fromEntries(vectors)), "file");
}
