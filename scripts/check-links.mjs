import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readArguments } from "./bootstrap/arguments.mjs";
import { documents, piecesOf } from "./lib/documents.mjs";
import { root } from "./bootstrap/paths.mjs";
import { main } from "./bootstrap/say.mjs";
import { ensureSetup } from "./setup.mjs";

/** @param {string} href @returns {string} what is wrong with a link out of the project; nothing is fetched */
function outwardFault(href) {
  if (!/^https?:/i.test(href)) return /^mailto:[^@\s]+@[^@\s]+$/i.test(href) ? "" : "has an unknown scheme";
  return /^https?:\/\/[^\s/.]+(\.[^\s/.]+)+(\/\S*)?$/i.test(href) ? "" : "is no address";
}

/**
 * The links of some files that lead nowhere: a missing file, a missing heading, a malformed address.
 * @param {string[]} [files] Markdown or notebooks
 * @returns {Promise<{ checked: number, faults: string[] }>}
 */
export async function checkLinks(files = documents()) {
  const { anchorId, newPage, render } = await import("./lib/site/markdown.mjs");
  const read = (/** @type {string} */ file) => {
    /** @type {string[]} */
    const links = [];
    const page = newPage((href) => {
      links.push(href);
      return href;
    });
    for (const piece of piecesOf(file)) render(piece, page);
    return { links, ids: new Set(page.sections.map(({ id }) => id)) };
  };
  /** @type {Map<string, ReturnType<typeof read>>} */
  const known = new Map();
  const pageOf = (/** @type {string} */ file) => {
    const page = known.get(file) ?? read(file);
    known.set(file, page);
    return page;
  };
  let checked = 0;
  const faults = files.flatMap((file) => pageOf(file).links.flatMap((href) => {
    checked++;
    const fault = (/** @type {string} */ text) => [`${relative(root, file)}: ${href} ${text}`];
    if (/^[a-z][a-z+.-]*:/i.test(href)) return outwardFault(href) ? fault(outwardFault(href)) : [];
    const [path, fragment] = href.split("#");
    const target = path ? join(dirname(file), decodeURIComponent(path)) : file;
    if (!existsSync(target)) return fault("leads to no file");
    if (!fragment || statSync(target).isDirectory() || !/\.(md|ipynb)$/.test(target)) return [];
    return pageOf(target).ids.has(anchorId(fragment)) ? [] : fault("leads to no heading");
  }));
  return { checked, faults };
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(async () => {
    readArguments("check:links");
    await ensureSetup();
    const { checked, faults } = await checkLinks();
    for (const fault of faults) process.stdout.write(`${fault}\n`);
    process.stdout.write(`${checked} links checked, ${faults.length} lead nowhere\n`);
    return faults.length ? 1 : 0;
  });
}
