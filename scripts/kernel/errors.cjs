// An error as its reader needs it: what is wrong, the own line where it happened, and no frames of others.
"use strict";
const ts = require("@tslab/typescript-for-tslab");

/**
 * @typedef {object} CellSource what is known of a cell that ran
 * @property {number} number
 * @property {string} source
 * @property {import("./lines.cjs").PlaceOf} [placeOf]
 *
 * @typedef {{ cell: CellSource, line: number, column?: number }} Place
 * @typedef {{ start: { line: number, character: number }, messageText: string, fileName?: string }} Diagnostic
 * @typedef {{ ename: string, evalue: string, traceback: string[] }} ShownError
 */

/** A line of a stack as Node writes it, perhaps with a bracket of what the error has besides. */
const FRAME = /^\s+(?:at .*(?::\d+:\d+|<anonymous>|index \d+)\)?|\.{3} \d+ lines matching cause .*\.{3})( [{}])?$/;
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
    const found = /cell \[(\d+)\]:(\d+):(\d+)\)?(?: [{}])?$/.exec(frame);
    const cell = found ? cells.get(Number(found[1])) : undefined;
    const place = found && cell?.placeOf?.(Number(found[2]), Number(found[3]));
    const isCells = cell && place && place.line <= cell.source.split("\n").length;
    if (!isCells) others++;
    else if (places.at(-1)?.cell !== cell || places.at(-1)?.line !== place.line) places.push({ cell, ...place });
  }
  return { places, others };
}

/**
 * An error as `console.log` shows it: of its stack the cells' own frames, at their lines.
 * @param {string} text
 * @param {ReadonlyMap<number, CellSource>} cells
 * @returns {string}
 */
function tidyStacks(text, cells) {
  /** @type {string[]} */
  const lines = [];
  for (const line of text.split("\n")) {
    const frame = FRAME.exec(line);
    const [place] = frame ? placesIn(line, cells).places : [];
    const own = place && line.replace(/cell \[\d+\]:\d+:\d+/, `${fileOf(place.cell.number)}, line ${place.line}`);
    if (frame && (!own || own === lines.at(-1))) lines.push((lines.pop() ?? "") + (frame[1] ?? ""));
    else lines.push(own ?? line);
  }
  return lines.join("\n");
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

/** @param {string} source @returns {Set<string>} what makes it no TypeScript at all */
function syntaxErrorsIn(source) {
  const file = /** @type {{ parseDiagnostics?: { messageText: string }[] }} */ (
    /** @type {unknown} */ (ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest)));
  return new Set((file.parseDiagnostics ?? []).map(({ messageText }) => messageText));
}

/**
 * What the compiler found wrong with a cell; the parts of one explanation have one place.
 * @param {CellSource} cell
 * @param {Diagnostic[]} diagnostics at least one
 * @returns {ShownError}
 */
function explainTypes(cell, diagnostics) {
  const syntax = syntaxErrorsIn(cell.source);
  const nameOf = (/** @type {Diagnostic} */ { messageText }) => syntax.has(messageText) ? "syntax error" : "type error";
  /** @param {Diagnostic} diagnostic @param {Diagnostic} [other] */
  const isPart = ({ start }, other) => other !== undefined && !syntax.size
    && start.line === other.start.line && start.character === other.start.character;
  const traceback = diagnostics.slice(0, 10).flatMap((diagnostic, i) => {
    const { start, messageText, fileName } = diagnostic;
    const line = start.line + 1;
    const name = red(nameOf(diagnostic));
    if (fileName) return [`${name} in ${fileName}, line ${line}: ${messageText}`];
    const message = isPart(diagnostic, diagnostics[i - 1]) ? `  ${messageText}` : `${name}: ${messageText}`;
    const place = isPart(diagnostic, diagnostics[i + 1]) ? [] : [grey(`${fileOf(cell.number)}, line ${line}`),
      ...quote({ cell, line, column: start.character + 1 })];
    return [message, ...place];
  });
  return { ename: nameOf(diagnostics[0]), evalue: diagnostics[0].messageText, traceback };
}

module.exports = { explain, explainTypes, fileOf, tidyStacks };
