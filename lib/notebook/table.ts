import type { DataFrameLike } from "../data";
import { largestOf } from "../math/extremes";
import { requireInteger } from "../validate";
import { show } from "./display";
import { type Format, formatValue } from "./format";
import { escapeHtml } from "./html";

export type TableRows = readonly Readonly<Record<string, unknown>>[] | DataFrameLike;

export interface TableOptions {
  caption?: string;
  /** Which columns, in which order; all of them, in order of first appearance, if not given. */
  columns?: readonly string[];
  /** Headings that differ from the column's key. */
  headings?: Readonly<Record<string, string>>;
  formats?: Readonly<Record<string, Format>>;
  /** The first rows only; how many were left out is said below. */
  limit?: number;
  /** Rows to set in bold, by position. */
  highlight?: readonly number[];
}

interface Grid {
  headings: string[];
  cells: string[][];
  /** Whether a column holds numbers, which stand right-aligned and in one line. */
  numeric: boolean[];
  left: number;
}

function isDataFrame(rows: TableRows): rows is DataFrameLike {
  return !Array.isArray(rows) && "columns" in rows && "values" in rows;
}

function recordsOf(rows: TableRows): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(rows)) return rows as readonly Readonly<Record<string, unknown>>[];
  if (!rows || !isDataFrame(rows)) throw new TypeError("table: rows must be an array of records or a DataFrame");
  const values = rows.values as unknown[] | unknown[][];
  return values.map((row) =>
    Object.fromEntries(rows.columns.map((column, j) => [String(column), Array.isArray(row) ? row[j] : row])));
}

/** What stands in a column of numbers where there is none. */
const isAbsent = (value: unknown): boolean => value === null || value === undefined || value === "–";

function gridOf(rows: TableRows, options: TableOptions): Grid {
  const records = recordsOf(rows);
  if (!records.length) throw new RangeError("table: needs at least one row, got none");
  const known = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const columns = options.columns ?? known;
  for (const column of columns)
    if (!known.includes(column))
      throw new RangeError(`table: columns must be among ${known.join(", ")}, got ${column}`);
  const limit = options.limit ?? records.length;
  requireInteger("table", "limit", limit, 1);
  const shown = records.slice(0, limit);
  return {
    headings: columns.map((column) => options.headings?.[column] ?? column),
    cells: shown.map((record) => columns.map((column) => formatValue(record[column], options.formats?.[column]))),
    numeric: columns.map((column) => shown.every((record) =>
      isAbsent(record[column]) || typeof record[column] === "number")),
    left: records.length - shown.length,
  };
}

const leftOut = (left: number): string => `… ${left.toLocaleString("en-US")} more row${left === 1 ? "" : "s"}`;

function htmlOf(grid: Grid, { caption, highlight = [] }: TableOptions): string {
  const cell = (tag: "th" | "td", text: string, j: number, bold: boolean): string => {
    const side = grid.numeric[j] ? "right" : "left";
    const inside = grid.numeric[j] && tag === "td" ? escapeHtml(text).replaceAll(" ", "&nbsp;") : escapeHtml(text);
    const content = bold ? `<b>${inside}</b>` : inside;
    return `<${tag} align="${side}" style="text-align:${side}">${content}</${tag}>`;
  };
  const row = (tag: "th" | "td", texts: string[], bold = false): string =>
    `<tr>${texts.map((text, j) => cell(tag, text, j, bold)).join("")}</tr>`;
  return [
    "<table>",
    caption ? `<caption style="text-align:left"><b>${escapeHtml(caption)}</b></caption>` : "",
    `<thead>${row("th", grid.headings)}</thead>`,
    `<tbody>${grid.cells.map((texts, i) => row("td", texts, highlight.includes(i))).join("\n")}</tbody>`,
    "</table>",
    grid.left ? `<p>${leftOut(grid.left)}</p>` : "",
  ].filter(Boolean).join("\n");
}

function textOf(grid: Grid, { caption }: TableOptions): string {
  const widths = grid.headings.map((heading, j) =>
    Math.max(heading.length, largestOf(grid.cells.map((texts) => texts[j].length))));
  const line = (texts: string[]): string =>
    texts.map((text, j) => (grid.numeric[j] ? text.padStart(widths[j]) : text.padEnd(widths[j]))).join("  ").trimEnd();
  return [
    ...(caption ? [caption] : []),
    line(grid.headings),
    widths.map((width) => "─".repeat(width)).join("  "),
    ...grid.cells.map(line),
    ...(grid.left ? [leftOut(grid.left)] : []),
  ].join("\n");
}

/** A table as HTML and as text, as `table` shows it. */
export function renderTable(rows: TableRows, options: TableOptions = {}): { html: string; text: string } {
  const grid = gridOf(rows, options);
  return { html: htmlOf(grid, options), text: textOf(grid, options) };
}

/**
 * Shows a table: HTML in a notebook, aligned text elsewhere. Numbers stand right-aligned.
 *
 * @param rows Records with the columns as keys, or a danfojs DataFrame.
 * @throws {RangeError} If there is no row, a column is unknown, or `limit` is below 1.
 * @example
 * table([{ model: "clean", accuracy: 0.9612 }, { model: "poisoned", accuracy: 0.8134 }],
 *   { formats: { accuracy: { percent: 1 } } });
 */
export function table(rows: TableRows, options: TableOptions = {}): void {
  const { html, text } = renderTable(rows, options);
  show({ "text/plain": text, "text/html": html });
}
