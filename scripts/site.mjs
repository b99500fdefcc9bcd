import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { dirname, extname, join, posix, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { anyPath, profileOption, readArguments } from "./bootstrap/arguments.mjs";
import { claimsIn, nameOf, notebookFiles, readNotebook, titleOf } from "./lib/notebooks.mjs";
import { root } from "./bootstrap/paths.mjs";
import { claimsTable, escapeHtml } from "./lib/report.mjs";
import { main } from "./bootstrap/say.mjs";
import { makeFolder } from "./bootstrap/stamp.mjs";
import { ensureSetup } from "./setup.mjs";

/** Marks a folder that this command may replace. */
const mark = "search-index.js";

/** @typedef {import("./lib/site/layout.mjs").Group} Group */
/** @typedef {{ path: string, title: string, source: string, group: string }} Source */

/** What the command line asks for. */
function request() {
  return readArguments("site", {
    options: { out: { value: "FOLDER", read: anyPath, default: join("results", "site") }, profile: profileOption() },
  });
}

/** @param {string} folder @param {(message: string) => never} refuse says that it holds anything but an earlier site */
function refuseForeign(folder, refuse) {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) refuse(`--out must name a folder, ${folder} is a file`);
  if (readdirSync(folder).length && !existsSync(join(folder, mark)))
    refuse(`--out must name a new folder or an earlier site, ${folder} holds something else`);
}

/** @param {string} file @returns {string} its path in the project, with forward slashes */
const inProject = (file) => relative(root, file).replace(/\\/g, "/");

/** @param {string} source @returns {string} */
const pageOf = (source) => source === "README.md" ? "index.html"
  : source === "docs/CLAIMS.md" ? "report.html" : source.replace(/\.(?:md|ipynb)$/, ".html");

/** @returns {Source[]} what becomes a page, in the order of the menu */
function sources() {
  const plain = (/** @type {string} */ heading) => heading.replace(/[*`]/g, "").trim();
  const markdown = (/** @type {string} */ source, /** @type {string} */ group) => {
    const heading = /^# +(.+)$/m.exec(readFileSync(join(root, source), "utf8"));
    return { path: pageOf(source), title: plain(heading?.[1] ?? source), source, group };
  };
  const notebooks = (/** @type {boolean} */ solutions) => notebookFiles(solutions).map((file) => ({
    path: pageOf(inProject(file)), title: `${nameOf(file).slice(0, 2)} ${plain(titleOf(readNotebook(file)))}`,
    source: inProject(file), group: solutions ? "Solutions" : "Notebooks",
  }));
  const docs = readdirSync(join(root, "docs")).filter((file) => file.endsWith(".md") && file !== "CLAIMS.md").sort();
  const beside = ["CONTRIBUTING.md", "CHANGELOG.md", "data/README.md", ...docs.map((file) => `docs/${file}`)];
  return [
    { ...markdown("README.md", "Start"), title: "About" },
    { path: "report.html", title: "Published beside reproduced", source: "docs/CLAIMS.md", group: "Start" },
    ...notebooks(false),
    ...notebooks(true),
    ...beside.filter((file) => existsSync(join(root, file))).map((file) => markdown(file, "Reference")),
  ];
}

/** @param {Source[]} pages @returns {Group[]} */
function groupsOf(pages) {
  const names = [...new Set(pages.map(({ group }) => group))];
  return names.map((name) => {
    const entries = pages.filter(({ group }) => group === name).map(({ title, path }) => ({ title, path }));
    return { name, entries: name === "Reference" ? [{ title: "The library, typed", path: "api/index.html" }, ...entries]
      : entries };
  });
}

/** @param {string} folder @param {string} path @param {string | Buffer} content */
function write(folder, path, content) {
  const file = join(folder, path);
  makeFolder(dirname(file));
  writeFileSync(file, content);
}

/**
 * Where the links of one page lead; a file of the project that has no page is copied beside the pages.
 * @param {string} folder the site's
 * @param {Source} page
 * @param {Set<string>} known the sources that have a page
 * @param {Map<string, string>} names the pages of the typed library, by the name that each is about
 * @param {(fragment: string) => string} anchorId
 * @returns {(href: string) => string}
 */
function linksOf(folder, page, known, names, anchorId) {
  const from = posix.dirname(page.path);
  return (href) => {
    if (/^(?:[a-z][a-z+.-]*:|\/\/)/i.test(href)) return href;
    const [path, fragment] = href.split("#");
    const hash = fragment === undefined ? "" : `#${anchorId(fragment)}`;
    if (!path) return hash;
    let source = posix.normalize(posix.join(posix.dirname(page.source), decodeURIComponent(path))).replace(/\/$/, "");
    if (known.has(`${source}/README.md`)) source += "/README.md";
    if (known.has(source)) return posix.relative(from, pageOf(source)) + hash;
    if (source === "lib" || source.startsWith("lib/"))
      return posix.relative(from, `api/${names.get(fragment ?? "") ?? "index.html"}`);
    const file = join(root, source);
    // What leads nowhere stays as it is: the check at the end names it.
    if (source.startsWith("..") || !existsSync(file) || statSync(file).isDirectory()) return href;
    const target = extname(source) === ".png" ? source : `source/${source}.txt`;
    write(folder, target, readFileSync(file));
    return posix.relative(from, target);
  };
}

/**
 * @typedef {{ file: string, alt: string, id: string }} Picture
 * @typedef {{ source: Source, claims: Record<string, any>[], pictures: Picture[] }} Shown
 */

/** @param {Shown[]} shown @param {import("./lib/site/markdown.mjs").Page} page @returns {string} */
function reportBody(shown, page) {
  const claims = shown.flatMap((notebook) => notebook.claims);
  const held = (/** @type {Record<string, any>[]} */ some) =>
    some.filter(({ verdict }) => verdict === "reproduced").length;
  const parts = shown.filter((notebook) => notebook.claims.length).map(({ source, claims: own, pictures }) => {
    const id = nameOf(source.source);
    page.sections.push({ heading: source.title, level: 2, id, text: own.map(({ statement }) => statement).join(" ") });
    const gallery = pictures.map(({ file, alt, id: figure }) => `<a href="${source.path}#${figure}">`
      + `<img src="figures/${file}" alt="${escapeHtml(alt)}" loading="lazy"></a>`);
    return `<h2 id="${id}"><a href="${source.path}">${escapeHtml(source.title)}</a></h2>
<p>${held(own)} of ${own.length} claims reproduced</p>
<div class="scroll" tabindex="0" role="group" aria-label="claims of ${id}">${claimsTable(own)}</div>
<div class="gallery">${gallery.join("\n")}</div>`;
  });
  return `<h1>Published beside reproduced</h1>
<p>Every number that the notebooks set beside a published or required one, and every figure:
${held(claims)} of ${claims.length} claims reproduced. Where one is not, its notebook says why.</p>
${parts.join("\n")}`;
}

/**
 * The notebook to show: its latest finished run of the profile if nothing has changed since, else what is committed.
 * @param {string} file
 * @param {string} profile
 */
async function executed(file, profile) {
  const { executedFile, finishedRun } = await import("./lib/run-notebook.mjs");
  const fresh = finishedRun(file, profile) !== undefined && existsSync(executedFile(profile, file));
  return { fresh, notebook: readNotebook(fresh ? executedFile(profile, file) : file) };
}

/** @param {string} folder @param {string} profile @returns {Promise<{ pages: number, fresh: number }>} */
async function writePages(folder, profile) {
  // The packages that these use are there only after the set-up.
  const { anchorId, newPage, render } = await import("./lib/site/markdown.mjs");
  const { notebookHtml } = await import("./lib/site/notebook.mjs");
  const { baseOf, layout } = await import("./lib/site/layout.mjs");
  const { writeApi } = await import("./lib/site/api.mjs");
  const { runHead, runOf, writeRun } = await import("./lib/site/run.mjs");
  const pages = sources();
  const groups = groupsOf(pages);
  const known = new Set(pages.map(({ source }) => source));
  const api = await writeApi(join(folder, "api"));
  const names = new Map(api.map(({ name, file }) => [name, file]));
  /** @type {Shown[]} */
  const shown = [];
  const index = api.map(({ name, kind, file, summary }) => (
    { title: name, page: `library, ${kind}`, url: `api/${file}`, text: summary }));
  const runs = new Map(await Promise.all(notebookFiles().map(async (file) =>
    /** @type {const} */ ([inProject(file), await runOf(nameOf(file))]))));
  await writeRun(folder, [...runs.values()].filter(({ why }) => why === undefined));
  let fresh = 0;
  const finish = (/** @type {Source} */ source, /** @type {string} */ body,
    /** @type {import("./lib/site/markdown.mjs").Page} */ page) => {
    const { path, title } = source;
    write(folder, path, layout({ path, title, body, sections: page.sections, groups }));
    for (const { heading, id, text } of page.sections)
      index.push({ title: heading, page: title, url: `${path}#${id}`, text: text.trim() });
  };
  for (const source of pages.filter(({ path }) => path !== "report.html")) {
    const page = newPage(linksOf(folder, source, known, names, anchorId));
    const file = join(root, source.source);
    if (source.source.endsWith(".md")) finish(source, render(readFileSync(file, "utf8"), page), page);
    else {
      const run = await executed(file, profile);
      if (run.fresh) fresh++;
      const { html, pictures } = notebookHtml(run.notebook, page, baseOf(source.path));
      for (const { file: name, png } of pictures) write(folder, `figures/${name}`, png);
      const claims = claimsIn(run.notebook).map((claim) => ({ notebook: nameOf(file).slice(0, 2), ...claim }));
      shown.push({ source, claims, pictures });
      const own = runs.get(source.source);
      finish(source, own ? html.replace("</h1>", (end) => `${end}\n${runHead(own)}`) : html, page);
    }
  }
  const report = /** @type {Source} */ (pages.find(({ path }) => path === "report.html"));
  const page = newPage((href) => href);
  finish(report, reportBody(shown, page), page);
  write(folder, mark, `window.searchIndex = ${JSON.stringify(index)};\n`);
  return { pages: pages.length, fresh };
}

/** @param {string} folder */
function copyAssets(folder) {
  const assets = {
    "site.css": "scripts/site/site.css",
    "site.js": "scripts/site/site.js",
    "search.js": "scripts/site/search.js",
    "plotly.js": "node_modules/plotly.js-dist-min/plotly.min.js",
    "minisearch.js": "node_modules/minisearch/dist/umd/index.js",
  };
  for (const [name, file] of Object.entries(assets)) copyFileSync(join(root, file), join(folder, name));
}

async function site() {
  const { values: { out, profile }, refuse } = request();
  refuseForeign(out, refuse);
  await ensureSetup();
  const { brokenLinks } = await import("./lib/site/check.mjs");
  const start = Date.now();
  const folder = `${out}.${process.pid}.tmp`;
  try {
    const { pages, fresh } = await writePages(folder, profile);
    copyAssets(folder);
    const broken = brokenLinks(folder);
    rmSync(out, { recursive: true, force: true });
    renameSync(folder, out);
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    process.stdout.write(`${pages} pages and the library's in ${seconds} s; notebooks from runs in results/: ${fresh}, `
      + `the others as committed\nopen ${pathToFileURL(join(out, "index.html")).href}\n`);
    if (broken.length) process.stderr.write(`links that lead nowhere:\n  ${broken.join("\n  ")}\n`);
    return broken.length ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main(site);
