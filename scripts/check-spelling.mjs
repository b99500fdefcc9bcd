import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readArguments } from "./bootstrap/arguments.mjs";
import { docstringsIn } from "./lib/docstrings.mjs";
import { documents, piecesOf, sourceFiles } from "./lib/documents.mjs";
import { root } from "./bootstrap/paths.mjs";
import { main } from "./bootstrap/say.mjs";
import { ensureSetup } from "./setup.mjs";

const ownWords = join(root, "scripts", "words.txt");
/** Paths, addresses, file names, names of notebooks, assignments and raised or lowered letters are no prose. */
const noProse = /[/\\_=@]|\p{L}\.\p{L}|^\W*\d\d-\p{L}|\p{Lm}/u;
/** Names written in capitals (SVC), or with capitals inside (JupyterLab), are the field's own. */
const isName = (/** @type {string} */ word) => /\p{L}.*\p{Lu}/u.test(word);

/** @param {string} prose @returns {string[]} its words of two letters or more, in Latin script */
const wordsOf = (prose) => prose.split(/\s+/).filter((chunk) => !noProse.test(chunk))
  .flatMap((chunk) => chunk.replaceAll("’", "'").match(/\p{Script=Latin}+(?:'\p{Script=Latin}+)*/gu) ?? [])
  .map((word) => word.replace(/'s$/, "")).filter((word) => word.length > 1 && !isName(word));

/** @param {string} prose @returns {string[]} words that stand twice in a row */
const doublesOf = (prose) => [...prose.matchAll(/(?<!\p{L})(\p{L}+)\s+\1(?!\p{L})/gu)].map(([both]) => both);

/**
 * @param {string} file Markdown, a notebook or a source
 * @param {(markdown: string) => string[]} proseOf
 * @returns {string[]} its pieces of prose: text of pages and notebooks, docstrings of sources
 */
const proseIn = (file, proseOf) => /\.(?:md|ipynb)$/.test(file) ? piecesOf(file).flatMap(proseOf)
  : docstringsIn(readFileSync(file, "utf8"));

/**
 * The words of some files that neither the British dictionary nor the project's own list (scripts/words.txt) knows, and
 * words that stand twice in a row. Code, formulas, addresses and names with inner capitals are passed over.
 * @param {string[]} [files] Markdown, notebooks or sources
 * @returns {Promise<{ checked: number, faults: string[], unused: string[] }>} also words of the own list that no file
 *   has
 */
export async function checkSpelling(files = [...documents(), ...sourceFiles()]) {
  const { spellCheckDocument } = await import("cspell-lib");
  const { proseOf } = await import("./lib/site/markdown.mjs");
  const unused = new Set(readFileSync(ownWords, "utf8").split("\n").filter(Boolean));
  const options = { generateSuggestions: false, noConfigSearch: true, configFile: join(root, "cspell.json") };
  const read = files.flatMap((file) =>
    proseIn(file, proseOf).map((prose) => ({ file: relative(root, file), prose, words: wordsOf(prose) })));
  const all = new Set(read.flatMap(({ words }) => words));
  for (const word of all) [word, word.toLowerCase()].forEach((form) => unused.delete(form));
  const document = { uri: pathToFileURL(join(root, "words")).href, text: [...all].join("\n"), languageId: "plaintext" };
  const { issues } = await spellCheckDocument(document, options, {});
  const unknown = new Set(issues.map(({ text }) => text));
  const isUnknown = (/** @type {string} */ word) => [word, ...word.split("'")].some((part) => unknown.has(part));
  const faults = read.flatMap(({ file, prose, words }) => [
    ...words.filter(isUnknown).map((word) => `${file}: ${word} is unknown`),
    ...doublesOf(prose).map((both) => `${file}: ${both} stands twice in a row`),
  ]);
  const checked = read.reduce((sum, { words }) => sum + words.length, 0);
  return { checked, faults: [...new Set(faults)], unused: [...unused] };
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(async () => {
    readArguments("check:spelling");
    await ensureSetup();
    const { checked, faults, unused } = await checkSpelling();
    for (const fault of faults) process.stdout.write(`${fault}\n`);
    if (unused.length) process.stdout.write(`words of scripts/words.txt that no page has: ${unused.join(", ")}\n`);
    process.stdout.write(`${checked} words checked, ${faults.length} faults; a right word that is unknown goes into `
      + "scripts/words.txt\n");
    return faults.length + unused.length ? 1 : 0;
  });
}
