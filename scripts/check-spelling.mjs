import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { documents, piecesOf } from "./lib/documents.mjs";
import { root } from "./lib/paths.mjs";
import { main, noArguments } from "./lib/say.mjs";
import { ensureSetup } from "./setup.mjs";

const ownWords = join(root, "scripts", "words.txt");
/** Paths, addresses, file names, names of notebooks and assignments are no prose. */
const noProse = /[/\\_=@]|\p{L}\.\p{L}|^\W*\d\d-\p{L}/u;
/** Names written in capitals (SVC), or with capitals inside (JupyterLab), are the field's own. */
const isName = (/** @type {string} */ word) => /\p{L}.*\p{Lu}/u.test(word);

/** @param {string} prose @returns {string[]} its words of two letters or more, in Latin script */
const wordsOf = (prose) => prose.split(/\s+/).filter((chunk) => !noProse.test(chunk))
  .flatMap((chunk) => chunk.replaceAll("’", "'").match(/\p{Script=Latin}+(?:'\p{Script=Latin}+)*/gu) ?? [])
  .map((word) => word.replace(/'s$/, "")).filter((word) => word.length > 1 && !isName(word));

/** @param {string} prose @returns {string[]} words that stand twice in a row */
const doublesOf = (prose) => [...prose.matchAll(/(?<!\p{L})(\p{L}+)\s+\1(?!\p{L})/gu)].map(([both]) => both);

/**
 * The words of some files that neither the British dictionary nor the project's own list (scripts/words.txt) knows, and
 * words that stand twice in a row. Code, formulas, addresses and names with inner capitals are passed over.
 * @param {string[]} [files] Markdown or notebooks
 * @returns {Promise<{ checked: number, faults: string[], unused: string[] }>} also words of the own list that no file
 *   has
 */
export async function checkSpelling(files = documents()) {
  const [{ default: nspell }, { default: dictionary }, { proseOf }] = await Promise.all([
    import("nspell"), import("dictionary-en-gb"), import("./lib/site/markdown.mjs"),
  ]);
  const own = readFileSync(ownWords, "utf8").split("\n").filter(Boolean);
  const speller = nspell(Buffer.from(dictionary.aff), Buffer.from(dictionary.dic));
  const unused = new Set(own);
  /** @type {Map<string, boolean>} */
  const known = new Map(own.map((word) => [word, true]));
  const isKnown = (/** @type {string} */ word) => {
    unused.delete(word);
    const is = known.get(word) ?? (speller.correct(word) || known.get(word.toLowerCase()) === true);
    known.set(word, is);
    if (is) unused.delete(word.toLowerCase());
    return is;
  };
  let checked = 0;
  const faults = files.flatMap((file) => piecesOf(file).flatMap(proseOf).flatMap((prose) => {
    const words = wordsOf(prose);
    checked += words.length;
    const found = [
      ...words.filter((word) => !isKnown(word)).map((word) => `${word} is unknown`),
      ...doublesOf(prose).map((both) => `${both} stands twice in a row`),
    ];
    return found.map((text) => `${relative(root, file)}: ${text}`);
  }));
  return { checked, faults: [...new Set(faults)], unused: [...unused] };
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(async () => {
    noArguments("check:spelling");
    await ensureSetup();
    const { checked, faults, unused } = await checkSpelling();
    for (const fault of faults) process.stdout.write(`${fault}\n`);
    if (unused.length) process.stdout.write(`words of scripts/words.txt that no page has: ${unused.join(", ")}\n`);
    process.stdout.write(`${checked} words checked, ${faults.length} faults; a right word that is unknown goes into `
      + "scripts/words.txt\n");
    return faults.length + unused.length ? 1 : 0;
  });
}
