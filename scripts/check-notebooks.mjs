import { statSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";
import { checksIn, claimsIn, nameOf, notebookFiles, readNotebook, textOf } from "./lib/notebooks.mjs";
import { root } from "./bootstrap/paths.mjs";

/** @typedef {import("./lib/notebooks.mjs").Notebook} Notebook */
/** @typedef {{ cell: number, line: number } | null} Place */

const MOST_LINES = 25;
const MOST_BYTES = 1e6;
/** Whether a part of an output is base64, in which any short word may stand. */
const isEncoded = (/** @type {string} */ key, /** @type {unknown} */ value) =>
  key === "image/png" || key === "bdata" || String(value).startsWith("data:image/");

/** The options of the project's own code; cells are modules with top-level await. */
const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ES2022,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  lib: ["lib.es2022.d.ts"],
  types: ["node"],
  strict: true,
  esModuleInterop: true,
  skipLibCheck: true,
  noEmit: true,
};

/**
 * A notebook's code as one module. Each cell opens a block inside the one before, since tslab lets a later cell declare
 * a name again; imports go to the top.
 * @param {Notebook} notebook
 * @returns {{ text: string, places: Place[] }} for each line of the text, which line of which cell it is
 */
export function moduleOf(notebook) {
  /** @type {Map<string, Place>} */
  const imports = new Map();
  /** @type {[string, Place][]} */
  const body = [];
  let open = 0;
  notebook.cells.forEach((cell, index) => {
    if (cell.cell_type !== "code") return;
    let source = textOf(cell.source);
    const parsed = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, true);
    for (const statement of parsed.statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      const start = statement.getStart(parsed);
      const from = statement.moduleSpecifier.getText(parsed);
      const bindings = statement.importClause?.namedBindings;
      const kind = statement.importClause?.isTypeOnly ? "type " : "";
      const lineOf = (/** @type {ts.Node} */ node) => parsed.getLineAndCharacterOfPosition(node.getStart(parsed)).line;
      if (bindings && ts.isNamedImports(bindings) && !statement.importClause?.name)
        for (const element of bindings.elements) {
          const key = `import { ${kind}${element.getText(parsed)} } from ${from};`;
          if (!imports.has(key)) imports.set(key, { cell: index, line: lineOf(element) });
        }
      else if (!imports.has(statement.getText(parsed).replace(/\n/g, " ")))
        imports.set(statement.getText(parsed).replace(/\n/g, " "), { cell: index, line: lineOf(statement) });
      const end = statement.getEnd();
      source = source.slice(0, start) + source.slice(start, end).replace(/[^\n]/g, " ") + source.slice(end);
    }
    body.push([";{", null]);
    open++;
    source.split("\n").forEach((line, number) => body.push([line, { cell: index, line: number }]));
  });
  /** @type {[string, Place][]} */
  const lines = [...imports, ...body, ["}".repeat(open), null], ["export {};", null]];
  return { text: lines.map(([line]) => line).join("\n"), places: lines.map(([, place]) => place) };
}

/**
 * The type errors of some notebooks' cells, found by one TypeScript program.
 * @param {string[]} files
 * @param {(file: string) => Notebook} [read]
 * @returns {string[]} each with notebook, cell and line
 */
export function typeErrors(files, read = readNotebook) {
  const modules = new Map(files.map((file) => [`${file}.ts`, { file, ...moduleOf(read(file)) }]));
  const host = ts.createCompilerHost(compilerOptions);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => modules.has(name) || fileExists(name);
  host.readFile = (name) => modules.get(name)?.text ?? readFile(name);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const text = modules.get(name)?.text;
    return text === undefined
      ? getSourceFile(name, languageVersion, ...rest)
      : ts.createSourceFile(name, text, languageVersion, true);
  };
  host.getCurrentDirectory = () => root;
  const program = ts.createProgram([...modules.keys()], compilerOptions, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n  ");
    const found = diagnostic.file && modules.get(diagnostic.file.fileName);
    if (!diagnostic.file || !found) return message;
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    const place = found.places[line];
    const where = place ? `cell ${place.cell + 1}, line ${place.line + 1}` : "between cells";
    return `${relative(root, found.file)}, ${where}: ${message} (TS${diagnostic.code})`;
  });
}

/**
 * Names that are said twice, as in `{ epsilon: epsilon }`.
 * @param {string} source of a cell
 * @returns {string[]}
 */
export function repeatedNames(source) {
  /** @type {string[]} */
  const names = [];
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && ts.isIdentifier(node.initializer)
      && node.name.text === node.initializer.text) names.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ES2022, true));
  return names;
}

/**
 * What is wrong with a notebook as it is committed, apart from its types.
 * @param {string} file
 * @returns {string[]}
 */
export function hygieneErrors(file) {
  const notebook = readNotebook(file);
  const name = relative(root, file);
  /** @type {string[]} */
  const errors = [];
  const report = (/** @type {number} */ index, /** @type {string} */ text) =>
    errors.push(`${name}, cell ${index + 1}: ${text}`);
  const size = statSync(file).size;
  if (size > MOST_BYTES) errors.push(`${name}: ${(size / 1e6).toFixed(2)} MB, at most ${MOST_BYTES / 1e6} are allowed`);
  const kernel = /** @type {any} */ (notebook.metadata).kernelspec?.name;
  if (kernel !== "tslab") errors.push(`${name}: the kernel must be tslab, got ${kernel}`);
  const ids = new Set();
  notebook.cells.forEach((cell, index) => {
    if (!cell.id) report(index, "has no id");
    else if (ids.has(cell.id)) report(index, `the id ${cell.id} is used twice`);
    ids.add(cell.id);
    if (cell.cell_type !== "code") return;
    const lines = textOf(cell.source).split("\n").length;
    if (lines > MOST_LINES) report(index, `has ${lines} lines, at most ${MOST_LINES} are allowed`);
    for (const one of repeatedNames(textOf(cell.source))) report(index, `says ${one}: ${one} where ${one} is enough`);
    if (!cell.execution_count) report(index, "was committed without having run: npm run reproduce -- --save");
    for (const output of cell.outputs ?? []) {
      if (output.output_type === "error") report(index, "holds an error");
      if (output.name === "stderr") report(index, "holds stderr");
      const text = JSON.stringify(output, (key, value) => (isEncoded(key, value) ? undefined : value));
      const path = /(?:\/(?:home|root|Users|tmp|work|workspace|mnt|opt)\/|[A-Z]:\\\\Users)[^"\\\s]*/.exec(text);
      if (path) report(index, `holds a path of one machine: ${path[0]}`);
    }
  });
  return errors;
}

/**
 * Claim ids that stand in more than one place.
 * @param {string[]} files
 * @returns {string[]}
 */
export function repeatedClaims(files) {
  /** @type {Map<string, string>} */
  const seen = new Map();
  return files.flatMap((file) => claimsIn(readNotebook(file)).flatMap(({ id }) => {
    const other = seen.get(id);
    seen.set(id, relative(root, file));
    return other ? [`${relative(root, file)}: the claim ${id} stands in ${other} too`] : [];
  }));
}

/**
 * What is wrong with the checks of a notebook's exercises: in the notebook every one is unanswered, in its solutions
 * every one of them is answered, once, and right.
 * @param {string} name of the notebook
 * @param {Notebook} notebook after a run
 * @param {Notebook} solutions after a run
 * @returns {string[]}
 */
export function exerciseErrors(name, notebook, solutions) {
  const asked = checksIn(notebook);
  const answered = checksIn(solutions);
  const ids = asked.map(({ id }) => id);
  return [
    ...asked.filter(({ verdict }) => verdict !== "not answered").map(({ id }) => `${name}: exercise ${id} is answered`),
    ...ids.filter((id, i) => ids.indexOf(id) !== i || !name.startsWith(id.slice(0, 2)))
      .map((id) => `${name}: the check of exercise ${id} stands twice or belongs to another notebook`),
    ...ids.filter((id) => answered.filter((check) => check.id === id).length !== 1)
      .map((id) => `solutions/${name}: exercise ${id} is not checked once`),
    ...answered.filter(({ verdict }) => verdict !== "right")
      .map(({ id, verdict, finding }) => `solutions/${name}: exercise ${id} is ${verdict}: ${finding ?? ""}`),
    ...answered.filter(({ id }) => !ids.includes(id)).map(({ id }) => `${name}: exercise ${id} has no check`),
  ];
}

if (process.argv[1] && import.meta.url.endsWith(process.argv[1].replace(/\\/g, "/").split("/").pop() ?? "")) {
  const files = [...notebookFiles(), ...notebookFiles(true)];
  const exercises = notebookFiles(true).flatMap((file) => exerciseErrors(
    nameOf(file), readNotebook(join(root, "notebooks", `${nameOf(file)}.ipynb`)), readNotebook(file)));
  const errors = [...typeErrors(files), ...files.flatMap(hygieneErrors), ...repeatedClaims(files), ...exercises];
  for (const error of errors) process.stdout.write(`${error}\n`);
  process.stdout.write(`${files.length} notebook${files.length === 1 ? "" : "s"} checked, ${errors.length} errors\n`);
  process.exitCode = errors.length ? 1 : 0;
}
