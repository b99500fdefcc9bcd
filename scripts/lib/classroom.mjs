import { existsSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { committable, nameOf, notebookFiles, readNotebook, textOf } from "./notebooks.mjs";
import { root } from "../bootstrap/paths.mjs";
import { SetupError } from "../bootstrap/say.mjs";
import { filesBelow } from "../bootstrap/stamp.mjs";

/**
 * @typedef {import("./notebooks.mjs").Notebook} Notebook
 * @typedef {import("./zip.mjs").Entry} Entry
 */

const commands = ["setup", "build", "doctor", "reproduce", "lab"];
const sections = ["Run the notebooks yourself", "Profiles", "Data", "Troubleshooting", "Licence"];
/** What is for teachers: solutions, and what to say about them; as a sentence of a paragraph, and as a line. */
const teachersSentence = /\s+Solutions are in\s+\[[^\]]*\]\([^)]*\)\./g;
const teachersLink = /\]\((?:\.\/)?(?:(?:notebooks\/)?solutions\/|(?:\.\.\/)?docs\/instructors\.md)/;
/** Pages that notebooks lead to. */
const pages = ["docs/glossary.md", "docs/private-tables.md"];

/**
 * A notebook as the class gets it: nothing has run, and no line leads to what is for teachers.
 * @param {Notebook} notebook
 * @returns {Notebook}
 */
export function forClass(notebook) {
  const cells = notebook.cells.map((cell) => {
    if (cell.cell_type === "code") return { ...cell, outputs: [], execution_count: null };
    const text = textOf(cell.source).replace(teachersSentence, "");
    const kept = text.split("\n").filter((line) => !teachersLink.test(line)).join("\n").trimEnd();
    return { ...cell, source: kept.split(/(?<=\n)/) };
  });
  return { ...notebook, cells: cells.filter(({ source }) => textOf(source) !== "") };
}

/** @param {Notebook} notebook @returns {boolean} whether it has run to its end, as what is committed has */
const isFinished = ({ cells }) => cells.every(({ cell_type: type, execution_count: count, source }) =>
  type !== "code" || count || textOf(source).trim() === "");

/** @returns {string[]} notebooks that are not handed out, since they have not run to their end */
export const unfinishedNotebooks = (files = notebookFiles()) =>
  files.filter((file) => !isFinished(readNotebook(file))).map(nameOf);

/** @returns {Entry[]} the finished notebooks for a class, named by their places in the project */
export function classNotebooks(files = notebookFiles()) {
  return files.filter((file) => isFinished(readNotebook(file))).map((file) => ({
    name: relative(root, file).split(sep).join("/"),
    text: committable(forClass(readNotebook(file))),
  }));
}

/**
 * The README of a class: how to begin, and the parts of the project's own that a room needs.
 * @param {string} readme
 * @param {boolean} offline
 * @returns {string}
 * @throws {SetupError} If a part is missing.
 */
export function classReadme(readme, offline) {
  const parts = sections.map((heading) => {
    const part = readme.split(/^(?=## )/m).find((text) => text.startsWith(`## ${heading}\n`));
    if (!part) throw new SetupError(`README.md has no section "${heading}", which the class's copy takes over`);
    return part.trimEnd();
  });
  const network = offline
    ? "No network is needed: the folder `offline` holds all packages and data sets. Leave it where it is."
    : "The first start fetches packages and needs a network; each data set is fetched when a notebook asks for it.";
  return [
    "# Knowledge Hacking: class copy",
    "Install [Node](https://nodejs.org) 20, 22 or 24 and Python 3, open a terminal in this folder and type "
      + "`npm run lab`. The first start takes some minutes, later ones seconds.",
    network,
    ...parts,
  ].join("\n\n") + "\n";
}

/** @returns {string} package.json with the commands that work in a class's copy */
function classPackage() {
  const whole = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const scripts = Object.fromEntries(Object.entries(whole.scripts).filter(([name]) => commands.includes(name)));
  return `${JSON.stringify({ ...whole, scripts }, null, 2)}\n`;
}

/**
 * The files of a class's copy, without what `--offline` adds.
 * @param {boolean} offline
 * @returns {Entry[]}
 */
export function classEntries(offline) {
  const made = ["dist", "__pycache__"];
  const folders = ["lib", "scripts", "data"].flatMap((folder) => filesBelow(join(root, folder), made));
  const besideNotebooks = filesBelow(join(root, "notebooks"), ["solutions", ".ipynb_checkpoints"])
    .filter((file) => !file.endsWith(".ipynb"));
  const files = ["package-lock.json", "requirements.txt", "tsconfig.json", "LICENSE"].map((name) => join(root, name));
  return [
    { name: "README.md", text: classReadme(readFileSync(join(root, "README.md"), "utf8"), offline) },
    { name: "package.json", text: classPackage() },
    ...classNotebooks(),
    ...[...files, ...pages.map((page) => join(root, page)), ...folders, ...besideNotebooks]
      .filter((path) => existsSync(path))
      .map((path) => ({ name: relative(root, path).split(sep).join("/"), path })),
  ];
}
