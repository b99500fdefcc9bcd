// How the value of a cell's last expression is shown.
"use strict";
const util = require("node:util");
const { cells, currentCell } = require("./cells.cjs");
const { tidyStacks } = require("./errors.cjs");

/** @typedef {Record<string, unknown>} Bundle from MIME type to what is shown */

/** A value with a method of this name says itself how it is shown: the method gives a MIME bundle. */
const DISPLAY = Symbol.for("jupyter.display");
/** What a library puts under this symbol of globalThis shows the library's own values, which stay plain. */
const LIBRARY = Symbol.for("knowledge-hacking.display");
const FORGOTTEN = "A promise, not its result: did you forget `await`?";
const FIRST_VALUES = 10;
const FIRST_ROWS = 10;
const MOST_COLUMNS = 20;

const escapeHtml = (/** @type {string} */ text) =>
  text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** @param {number | bigint} value */
const short = (value) =>
  String(typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value);

/** @param {NodeJS.TypedArray} values @returns {Bundle} */
function typedArray(values) {
  const first = Array.from(values.subarray(0, FIRST_VALUES), short).join(", ");
  const more = values.length > FIRST_VALUES ? ", …" : "";
  const count = `${values.length.toLocaleString("en-US")} ${values.length === 1 ? "value" : "values"}`;
  return { "text/plain": `${values.constructor.name}, ${count}: [${first}${more}]` };
}

/**
 * @typedef {object} Frame what danfojs calls a DataFrame
 * @property {[number, number]} shape
 * @property {string[]} columns
 * @property {(string | number)[]} index
 * @property {unknown[][]} values
 *
 * @param {Frame} frame
 * @returns {Bundle}
 */
function dataFrame({ shape: [n, d], columns, index, values }) {
  const names = columns.slice(0, MOST_COLUMNS);
  const rows = values.slice(0, FIRST_ROWS).map((row) => row.slice(0, MOST_COLUMNS));
  const parts = [
    ...(n > FIRST_ROWS ? [`the first ${FIRST_ROWS} rows`] : []),
    ...(d > MOST_COLUMNS ? [`${MOST_COLUMNS} columns`] : []),
  ];
  const caption = `DataFrame, ${n.toLocaleString("en-US")} × ${d}${parts.length ? `: ${parts.join(" and ")}` : ""}`;
  const cell = (/** @type {unknown} */ value) => typeof value === "number" ? short(value) : String(value);
  const table = [["", ...names], ...rows.map((row, i) => [String(index[i]), ...row.map(cell)])];
  const widths = table[0].map((_, j) => Math.max(...table.map((row) => row[j].length)));
  const text = table.map((row) => row.map((value, j) => value.padStart(widths[j])).join("  ")).join("\n");
  const line = (/** @type {string[]} */ row, /** @type {string} */ tag) =>
    `<tr>${row.map((value) => `<${tag}>${escapeHtml(value)}</${tag}>`).join("")}</tr>`;
  const html = `<table><caption>${caption}</caption><thead>${line(table[0], "th")}</thead>`
    + `<tbody>${table.slice(1).map((row) => line(row, "td")).join("")}</tbody></table>`;
  return { "text/plain": `${caption}\n${text}`, "text/html": html };
}

/** @param {unknown} value @returns {value is Frame} */
function isDataFrame(value) {
  const frame = /** @type {Partial<Frame> & { $data?: unknown }} */ (value);
  return frame.constructor?.name === "DataFrame" && Array.isArray(frame.shape) && Array.isArray(frame.columns)
    && Array.isArray(frame.index) && Array.isArray(frame.values);
}

/**
 * @param {unknown} value
 * @returns {Bundle | undefined} undefined where tslab's own way will do
 */
function bundleOf(value) {
  if (typeof value !== "object" && typeof value !== "function") return undefined;
  if (value === null) return undefined;
  const own = /** @type {{ [DISPLAY]?: unknown }} */ (value)[DISPLAY];
  if (typeof own === "function") return own.call(value);
  if (util.types.isPromise(value))
    return { "text/plain": `${util.inspect(value, { depth: 1 })}\n${FORGOTTEN}` };
  if (util.types.isTypedArray(value) && !Buffer.isBuffer(value)) return typedArray(/** @type {any} */ (value));
  if (isDataFrame(value)) return dataFrame(value);
  const library = /** @type {{ [LIBRARY]?: (value: unknown) => Bundle | undefined }} */ (globalThis)[LIBRARY];
  return library?.(value);
}

/** @param {unknown} value */
function show(value) {
  const data = bundleOf(value);
  if (data) currentCell()?.display({ data, metadata: {}, transient: {} }, false);
  else console.log(value);
}

/** Keeps what Node notes on promises out of sight, and of the stacks of errors what is not a cell's. */
function hideInternals() {
  const notes = /,?\n? *\[Symbol\((?:async_id_symbol|trigger_async_id_symbol|kResourceStore)\)\]: \d+/g;
  Object.defineProperty(Promise.prototype, util.inspect.custom, {
    configurable: true,
    value(/** @type {number} */ depth, /** @type {import("node:util").InspectOptions} */ options) {
      if (depth < 0) return "[Promise]";
      const text = util.inspect(this, { ...options, depth, customInspect: false }).replace(notes, "");
      return tidyStacks(text, cells).replace(/\s*\n}$/, " }").replace(/^Promise {\s+/, "Promise { ");
    },
  });
  Object.defineProperty(Error.prototype, util.inspect.custom, {
    configurable: true,
    value(/** @type {number} */ depth, /** @type {import("node:util").InspectOptions} */ options) {
      return tidyStacks(util.inspect(this, { ...options, depth, customInspect: false }), cells);
    },
  });
  console.trace = function trace(...given) {
    const here = { name: "Trace", message: util.format(...given), stack: "" };
    Error.captureStackTrace(here, trace);
    console.error(tidyStacks(here.stack, cells));
  };
}

module.exports = { bundleOf, hideInternals, show };
