import { join } from "node:path";
import { nameOf, notebookFiles } from "../notebooks.mjs";
import { root } from "../../bootstrap/paths.mjs";
import { codeOf, runNotebook } from "../run-notebook.mjs";
import { digest, readText, writeWhole } from "../../bootstrap/stamp.mjs";

/**
 * One run of a notebook: what travels to a worker.
 * @typedef {object} Cell
 * @property {string} key digest of code, packages, profile, seed and sizes: the same key, the same result
 * @property {string} sweep the folder below results/sweeps
 * @property {string} notebook
 * @property {string} profile
 * @property {import("./grid.mjs").Parameters} parameters
 *
 * What came out of it.
 * @typedef {object} CellResult
 * @property {string} key
 * @property {number} seconds
 * @property {ClaimResult[]} claims
 *
 * @typedef {object} ClaimResult
 * @property {string} id
 * @property {number | null} published
 * @property {number} reproduced
 * @property {string} expected
 * @property {string} verdict
 *
 * Runs a cell; the signal ends it. Rejects with a message of one or a few lines.
 * @typedef {(cell: Cell, signal: AbortSignal) => Promise<CellResult>} RunCell
 */

/** @param {import("./grid.mjs").Parameters} parameters @returns {import("../run-notebook.mjs").Settings} */
function settingsOf({ seed, ...sizes }) {
  return { ...(seed === undefined ? {} : { seed: Number(seed) }), sizes };
}

/**
 * Makes keys: the digest of code and packages is taken once for a notebook.
 * @returns {(cell: Pick<Cell, "notebook" | "profile" | "parameters">) => string}
 */
export function keyMaker() {
  /** @type {Map<string, string>} */
  const codes = new Map();
  return ({ notebook, profile, parameters }) => {
    let code = codes.get(notebook);
    if (code === undefined) {
      code = digest([codeOf(join(root, "notebooks", `${notebook}.ipynb`))], [join(root, "package-lock.json")]);
      codes.set(notebook, code);
    }
    const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
    return digest([code, profile, JSON.stringify(sorted)]).slice(0, 32);
  };
}

/**
 * What a cell's key is with the code that lies here now; empty for a cell that can't be run here.
 * @param {Cell} cell
 * @returns {string}
 */
export function keyHere(cell) {
  const known = notebookFiles().some((file) => nameOf(file) === cell.notebook);
  return known && folderName.test(cell.sweep) ? keyMaker()(cell) : "";
}

const folderName = /^\w[\w.-]*$/;

/** @type {import("../../bootstrap/arguments.mjs").Read<string>} what a sweep may be called: the name of a folder */
export const sweepName = (text) => {
  if (folderName.test(text)) return text;
  throw new Error("must consist of letters, digits, dots and dashes");
};

/** @param {string} sweep @returns {string} */
export const sweepFolder = (sweep) => join(root, "results", "sweeps", sweep);

/** @param {Cell} cell @returns {string} */
const resultFile = ({ sweep, key }) => join(sweepFolder(sweep), "cells", key, "result.json");

/** @param {Cell} cell @returns {CellResult | undefined} of an earlier run of the same code with the same parameters */
export function storedResult(cell) {
  const text = readText(resultFile(cell));
  return text === undefined ? undefined : JSON.parse(text);
}

/** @param {Cell} cell @param {CellResult} result */
export function storeResult(cell, result) {
  writeWhole(resultFile(cell), `${JSON.stringify({ parameters: cell.parameters, ...result }, null, 2)}\n`);
}

/** @param {Cell} cell @returns {string} such as "00-start-here seed=42 queries=250" */
export function labelOf({ notebook, parameters }) {
  const words = Object.entries(parameters).map(([key, value]) =>
    `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  return [notebook, ...words].join(" ");
}

/** The executed notebook's kernel was ended by the signal. */
export class Interrupted extends Error {}

/**
 * Runs a cell of the grid as a notebook in a kernel of its own, in the cell's folder.
 * @type {RunCell}
 */
export async function runCell(cell, signal) {
  const file = join(root, "notebooks", `${cell.notebook}.ipynb`);
  const executed = join(sweepFolder(cell.sweep), "cells", cell.key, `${cell.notebook}.ipynb`);
  const { profile } = cell;
  const settings = settingsOf(cell.parameters);
  const { record, failure } = await runNotebook(file, { profile, settings, executed, signal });
  if (failure) throw new Error(`stopped in cell ${failure.index + 1}: ${failure.message}`);
  if (!record) throw new Interrupted("interrupted");
  if (keyHere(cell) !== cell.key) throw new Error("the code was changed while it ran; run the sweep again");
  const claims = record.claims.map(({ id, published, reproduced, expected, verdict }) =>
    ({ id, published, reproduced, expected, verdict }));
  return { key: cell.key, seconds: record.seconds, claims };
}
