// An error as its reader needs it: what is wrong, the own line where it happened, and no frames of others.
"use strict";

/**
 * @typedef {object} CellSource what is known of a cell that ran
 * @property {number} number
 * @property {string} source
 * @property {import("./lines.cjs").PlaceOf} [placeOf]
 *
 * @typedef {{ cell: CellSource, line: number, column?: number }} Place
 * @typedef {{ ename: string, evalue: string, traceback: string[] }} ShownError
 */

const MOST_PLACES = 4;
const MOST_CAUSES = 3;
const red = (/** @type {string} */ text) => `\u001b[31m${text}\u001b[39m`;
const grey = (/** @type {string} */ text) => `\u001b[90m${text}\u001b[39m`;

/** The name that the compiled code of a cell goes by. @param {number} number @returns {string} */
const fileOf = (number) => `cell [${number}]`;

/**
 * @param {string} stack
 * @param {ReadonlyMap<number, CellSource>} cells
 * @returns {{ places: Place[], others: number }}
 */
function placesIn(stack, cells) {
  /** @type {Place[]} */
  const places = [];
  let others = 0;
  for (const frame of stack.split("\n").filter((line) => /^\s+at /.test(line))) {
    const found = /cell \[(\d+)\]:(\d+):(\d+)\)?$/.exec(frame);
    const cell = found ? cells.get(Number(found[1])) : undefined;
    const place = found && cell?.placeOf?.(Number(found[2]), Number(found[3]));
    const isCells = cell && place && place.line <= cell.source.split("\n").length;
    if (!isCells) others++;
    else if (places.at(-1)?.cell !== cell || places.at(-1)?.line !== place.line) places.push({ cell, ...place });
  }
  return { places, others };
}

/** @param {Place} place @returns {string[]} the line, with a mark below the place */
function quote({ cell, line, column }) {
  const text = cell.source.split("\n")[line - 1] ?? "";
  const number = `${line} | `;
  const indent = " ".repeat(Math.max(0, (column ?? 1) - 1));
  const mark = column === undefined ? [] : [`${" ".repeat(number.length - 2)}| ${indent}^`];
  return [`${number}${text}`, ...mark].map((shown) => `  ${shown}`);
}

/** @param {unknown} error @returns {{ ename: string, evalue: string }} */
function nameAndMessage(error) {
  if (error instanceof Error || (typeof error === "object" && error !== null && "message" in error && "name" in error))
    return { ename: String(error.name), evalue: String(error.message) };
  const text = typeof error === "string" ? error : require("node:util").inspect(error);
  return { ename: "thrown", evalue: text };
}

/** @param {unknown} error @returns {string[]} */
function causesOf(error) {
  const lines = [];
  for (let cause = error instanceof Error ? error.cause : undefined; cause !== undefined && lines.length < MOST_CAUSES;
    cause = cause instanceof Error ? cause.cause : undefined) {
    const { ename, evalue } = nameAndMessage(cause);
    lines.push(`  caused by ${ename}: ${evalue}`);
  }
  if (error instanceof AggregateError)
    for (const part of error.errors.slice(0, MOST_CAUSES)) lines.push(`  ${nameAndMessage(part).evalue}`);
  return lines;
}

/**
 * @param {unknown} error
 * @param {ReadonlyMap<number, CellSource>} cells by number
 * @param {WeakMap<Error, { cell: CellSource, line: number }>} awaited where a cell waited for what failed
 * @returns {ShownError}
 */
function explain(error, cells, awaited) {
  const { ename, evalue } = nameAndMessage(error);
  const stack = error instanceof Error ? String(error.stack ?? "") : "";
  const { places, others } = placesIn(stack, cells);
  const wait = error instanceof Error ? awaited.get(error) : undefined;
  if (wait && !places.some(({ cell, line }) => cell === wait.cell && line === wait.line)) places.push(wait);
  const shown = places.slice(0, MOST_PLACES).flatMap((place, i) => {
    const where = `${fileOf(place.cell.number)}, line ${place.line}`;
    return [grey(i ? `called from ${where}` : where), ...quote(place)];
  });
  const hidden = others + Math.max(0, places.length - MOST_PLACES);
  const frames = hidden === 1 ? "1 frame" : `${hidden} frames`;
  const folded = hidden ? [grey(`(${frames} of libraries, tslab and Node folded)`)] : [];
  return { ename, evalue, traceback: [`${red(ename)}: ${evalue}`, ...causesOf(error), ...shown, ...folded] };
}

/**
 * What the compiler found wrong with a cell.
 * @param {CellSource} cell
 * @param {{ start: { line: number, character: number }, messageText: string, fileName?: string }[]} diagnostics
 * @returns {ShownError}
 */
function explainTypes(cell, diagnostics) {
  const traceback = diagnostics.slice(0, 10).flatMap(({ start, messageText, fileName }) => {
    const line = start.line + 1;
    if (fileName) return [`${red("type error")} in ${fileName}, line ${line}: ${messageText}`];
    return [`${red("type error")}: ${messageText}`, grey(`${fileOf(cell.number)}, line ${line}`),
      ...quote({ cell, line, column: start.character + 1 })];
  });
  return { ename: "type error", evalue: diagnostics[0]?.messageText ?? "", traceback };
}

module.exports = { explain, explainTypes, fileOf };
