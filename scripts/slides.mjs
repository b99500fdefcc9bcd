import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { anyPath, readArguments } from "./bootstrap/arguments.mjs";
import { nameOf, notebookFile, readNotebook } from "./lib/notebooks.mjs";
import { root } from "./bootstrap/paths.mjs";
import { main } from "./bootstrap/say.mjs";
import { makeFolder, writeWhole } from "./bootstrap/stamp.mjs";
import { ensureSetup } from "./setup.mjs";

/** What the command line asks for. */
function request() {
  return readArguments("slides", {
    words: "07 …", options: { out: { value: "FOLDER", read: anyPath, default: join("results", "slides") } },
  });
}

async function slides() {
  const { values: { out }, words, refuse } = request();
  if (!words.length) refuse("name a notebook, as in npm run slides -- 07");
  /** @type {string[]} */
  let files = [];
  try {
    files = words.map(notebookFile);
  } catch (error) {
    refuse(/** @type {Error} */ (error).message);
  }
  await ensureSetup();
  const { deckHtml } = await import("./lib/slides.mjs");
  const folder = resolve(root, out);
  makeFolder(folder);
  for (const file of files) {
    const deck = join(folder, `${nameOf(file)}.html`);
    writeWhole(deck, deckHtml(readNotebook(file)));
    process.stdout.write(`${relative(process.cwd(), deck)}: opens in any browser, without a network\n`);
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main(slides);
