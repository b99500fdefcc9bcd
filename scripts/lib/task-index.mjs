import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { root } from "../bootstrap/paths.mjs";

/**
 * @typedef {object} PublicName
 * @property {string} name
 * @property {"functions" | "classes" | "variables"} kind as the pages of the typed library call it
 * @property {string} summary the first sentence of its docstring
 * @property {string} file in the project, with forward slashes
 */

const lib = join(root, "lib");

/** @returns {Record<string, string>} the entry file of each topic of the library, by the topic's name */
export function topicEntries() {
  const folders = readdirSync(lib).filter((name) => existsSync(join(lib, name, "index.ts"))).sort();
  const entries = Object.fromEntries(folders.map((name) => [name, join(lib, name, "index.ts")]));
  return { ...entries, matrix: join(lib, "matrix.ts"), random: join(lib, "random.ts") };
}

/** A host that sees the library's own files only: names and docstrings need no types from elsewhere. */
function ownHost(/** @type {ts.CompilerOptions} */ options) {
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, from) => literals.map(({ text }) => {
    const base = resolve(dirname(from), text);
    const file = [`${base}.ts`, join(base, "index.ts")].find((path) => text.startsWith(".") && existsSync(path));
    return { resolvedModule: file ? { resolvedFileName: file, extension: ts.Extension.Ts } : undefined };
  });
  return host;
}

/** @param {ts.Symbol} symbol @returns {PublicName["kind"]} */
const kindOf = (symbol) => symbol.flags & ts.SymbolFlags.Function ? "functions"
  : symbol.flags & ts.SymbolFlags.Class ? "classes" : "variables";

/**
 * What each topic of the library exports for use, types left out.
 * @returns {Record<string, PublicName[]>} by topic, in alphabetical order
 */
export function publicNames() {
  const options = { noLib: true, types: [], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
  const entries = topicEntries();
  const program = ts.createProgram(Object.values(entries), options, ownHost(options));
  const checker = program.getTypeChecker();
  return Object.fromEntries(Object.entries(entries).map(([topic, file]) => {
    const module = checker.getSymbolAtLocation(/** @type {ts.SourceFile} */ (program.getSourceFile(file)));
    const symbols = module ? checker.getExportsOfModule(module) : [];
    const names = symbols.flatMap((exported) => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (!(symbol.flags & ts.SymbolFlags.Value)) return [];
      const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, " ").trim();
      const [declaration] = symbol.declarations ?? [];
      const sentence = /^.*?[.:](?= |$)/.exec(text)?.[0] ?? text;
      return [{
        name: exported.name, kind: kindOf(symbol), summary: sentence.replace(/:$/, "."),
        file: declaration ? relative(root, declaration.getSourceFile().fileName).replace(/\\/g, "/") : "lib/index.ts",
      }];
    });
    return [topic, names.sort((a, b) => a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1)];
  }));
}

/** @param {PublicName} name @returns {string} a link to its source, which the site turns into one to its page */
const linkOf = ({ name, file }) => `[\`${name}\`](../${file}#${name})`;

/** @returns {string} every name by topic, as the second half of docs/tasks.md */
export function nameLists() {
  return Object.entries(publicNames()).map(([topic, names]) => [
    `### ${topic}`, "",
    ...names.map((name) => `- ${linkOf(name)}${name.summary ? `: ${name.summary}` : ""}`),
  ].join("\n")).join("\n\n");
}
