import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { notebookFiles, readNotebook, textOf } from "./notebooks.mjs";
import { root } from "../bootstrap/paths.mjs";
import { filesBelow } from "../bootstrap/stamp.mjs";

/** @param {string} folder @returns {string[]} */
const markdownIn = (folder) =>
  readdirSync(folder).filter((file) => file.endsWith(".md")).map((file) => join(folder, file));

/** @returns {string[]} the project's pages and notebooks: what people read */
export const documents = () => [
  ...[root, join(root, "docs"), join(root, "data")].flatMap(markdownIn), ...notebookFiles(), ...notebookFiles(true),
];

/** @returns {string[]} the project's sources, whose docstrings people read */
export const sourceFiles = () => ["lib", "scripts", "notebooks", "bench"]
  .flatMap((folder) => filesBelow(join(root, folder), ["dist", "__pycache__"]))
  .filter((file) => /\.(?:ts|mjs|cjs)$/.test(file));

/** @param {string} file @returns {string[]} its pieces of Markdown */
export const piecesOf = (file) => file.endsWith(".md") ? [readFileSync(file, "utf8")]
  : readNotebook(file).cells.filter(({ cell_type: type }) => type === "markdown").map(({ source }) => textOf(source));
