import { readFileSync, readdirSync, existsSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "../bootstrap/paths.mjs";
import { SetupError } from "../bootstrap/say.mjs";

/**
 * @typedef {object} Output
 * @property {string} output_type
 * @property {string} [name]
 * @property {string | string[]} [text]
 * @property {Record<string, unknown>} [data]
 * @property {Record<string, unknown>} [metadata]
 * @property {string[]} [traceback] of an error
 *
 * @typedef {object} Cell
 * @property {string} id
 * @property {"code" | "markdown" | "raw"} cell_type
 * @property {string | string[]} source
 * @property {Record<string, unknown>} metadata
 * @property {Output[]} [outputs]
 * @property {number | null} [execution_count]
 *
 * @typedef {object} Notebook
 * @property {Cell[]} cells
 * @property {Record<string, unknown>} metadata
 * @property {number} nbformat
 * @property {number} nbformat_minor
 */

export const claimMimeType = "application/vnd.knowledge-hacking.claim+json";
export const checkMimeType = "application/vnd.knowledge-hacking.check+json";

/**
 * The notebooks' files, in order.
 * @param {boolean} [solutions] those of the exercises, instead of the notebooks themselves
 * @returns {string[]}
 */
export function notebookFiles(solutions = false) {
  const folder = solutions ? join(root, "notebooks", "solutions") : join(root, "notebooks");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ipynb"))
    .sort()
    .map((file) => join(folder, file));
}

/** @param {string} word the beginning of a notebook's name @returns {string} its file */
export function notebookFile(word) {
  const files = notebookFiles();
  const found = files.filter((file) => nameOf(file).startsWith(word));
  if (found.length === 1) return found[0];
  const names = (found.length ? found : files).map(nameOf).join(", ");
  const many = found.length ? "more than one" : "no";
  throw new SetupError(`${many} notebook's name starts with ${word}; there are ${names}`);
}

/** @param {string} file @returns {string} */
export const nameOf = (file) => basename(file, ".ipynb");

/** @param {string} file @returns {Notebook} */
export const readNotebook = (file) => JSON.parse(readFileSync(file, "utf8"));

/** @param {string | string[] | undefined} lines @returns {string} */
export const textOf = (lines) => (Array.isArray(lines) ? lines.join("") : lines ?? "");

/** @param {Notebook} notebook @returns {string} its first heading */
export function titleOf(notebook) {
  return headingBefore(notebook, notebook.cells.findIndex(({ cell_type: type }) => type === "markdown"));
}

/**
 * The heading a cell stands under.
 * @param {Notebook} notebook
 * @param {number} index
 * @returns {string}
 */
export function headingBefore(notebook, index) {
  for (let i = index; i >= 0; i--) {
    if (notebook.cells[i].cell_type !== "markdown") continue;
    const headings = [...textOf(notebook.cells[i].source).matchAll(/^#+ +(.+)$/gm)];
    if (headings.length) return headings[headings.length - 1][1].trim();
  }
  return "";
}

/** @param {Notebook} notebook @returns {Record<string, any>[]} the claims its outputs hold, in order */
export function claimsIn(notebook) {
  return notebook.cells
    .flatMap((cell) => cell.outputs ?? [])
    .map((output) => output.data?.[claimMimeType])
    .filter((claim) => claim !== undefined)
    .map((claim) => /** @type {Record<string, any>} */ (claim));
}

/**
 * The checks of exercises that a notebook holds.
 * @param {Notebook} notebook
 * @returns {{ id: string, verdict: string, finding: string | null }[]}
 */
export function checksIn(notebook) {
  return notebook.cells
    .flatMap((cell) => cell.outputs ?? [])
    .map((output) => output.data?.[checkMimeType])
    .filter((check) => check !== undefined)
    .map((check) => /** @type {{ id: string, verdict: string, finding: string | null }} */ (check));
}

/**
 * A notebook as it is committed: no timings, no stderr, no folder of this machine.
 * @param {Notebook} notebook
 * @returns {string}
 */
export function committable(notebook) {
  const cells = notebook.cells.map((cell) => {
    const metadata = Object.fromEntries(Object.entries(cell.metadata).filter(([key]) => key !== "execution"));
    if (cell.cell_type !== "code") return { ...cell, metadata };
    const outputs = (cell.outputs ?? []).filter(({ name }) => name !== "stderr");
    return { ...cell, metadata, outputs };
  });
  const metadata = {
    kernelspec: { display_name: "TypeScript", language: "typescript", name: "tslab" },
    language_info: {
      codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
      file_extension: ".ts", mimetype: "text/typescript", name: "typescript",
    },
  };
  const text = JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1);
  return `${text.replaceAll(JSON.stringify(root).slice(1, -1), ".")}\n`;
}
