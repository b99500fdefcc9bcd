import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { Application } from "typedoc";
import { root } from "../../bootstrap/paths.mjs";
import { SetupError } from "../../bootstrap/say.mjs";
import { filesBelow } from "../../bootstrap/stamp.mjs";

// TypeDoc writes a link of its header as it is given, on pages of different depth.
const homeMark = "site-home:";

/**
 * Writes the pages of the typed API, one for each thing that lib exports.
 * @param {string} folder
 * @returns {Promise<{ name: string, kind: string, file: string, summary: string }[]>} what has a page
 */
export async function writeApi(folder) {
  const app = await Application.bootstrap({
    entryPoints: [join(root, "lib", "index.ts")],
    tsconfig: join(root, "lib", "tsconfig.json"),
    name: "Knowledge Hacking: the library",
    readme: "none",
    disableSources: true,
    hideGenerator: true,
    skipErrorChecking: true,
    navigationLinks: { "Knowledge Hacking": homeMark },
    customCss: join(root, "scripts", "site", "api.css"),
    logLevel: "Error",
    plugin: [],
  });
  const project = await app.convert();
  if (!project)
    throw new SetupError("TypeDoc could not read lib/index.ts", "`npx tsc --noEmit -p .` shows what is wrong");
  await app.generateDocs(project, folder);
  const pages = filesBelow(folder).filter((file) => file.endsWith(".html"));
  for (const file of pages) {
    const home = relative(dirname(file), join(folder, "..", "index.html")).replace(/\\/g, "/");
    const html = readFileSync(file, "utf8").replaceAll(homeMark, home)
      // Icons from another file are refused where pages come from a folder; a script puts them into each page anyway.
      .replace(/href="[^"]*icons\.svg#/g, 'href="#')
      // A link inside a summary can't be reached by keyboard.
      .replace(/<summary\b[\s\S]*?<\/summary>/g, (summary) =>
        summary.replace(/<a\b[^>]*tsd-anchor-icon[\s\S]*?<\/a>/g, ""));
    writeFileSync(file, html);
  }
  return pages.filter((file) => dirname(file) !== folder).map((file) => ({
    name: basename(file, ".html"), kind: basename(dirname(file)), file: relative(folder, file).replace(/\\/g, "/"),
    summary: summaryOf(readFileSync(file, "utf8")),
  }));
}

/** @param {string} html a page of the typed library @returns {string} its first paragraph of prose, without markup */
function summaryOf(html) {
  const [, paragraph = ""] = /<div class="tsd-comment tsd-typography"><p>([\s\S]*?)<\/p>/.exec(html) ?? [];
  return paragraph.replace(/<[^>]*>/g, "").replace(/\s+/g, " ").trim();
}
