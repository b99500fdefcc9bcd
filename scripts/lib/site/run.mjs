import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { root } from "../../bootstrap/paths.mjs";
import { filesBelow, makeFolder } from "../../bootstrap/stamp.mjs";
import { dataFile } from "../data-found.mjs";
import { nameOf, notebookFiles, readNotebook, textOf } from "../notebooks.mjs";
import { escapeHtml } from "../report.mjs";

/**
 * How a notebook's page runs its cells in the browser.
 * @typedef {object} Run
 * @property {string} name the notebook's
 * @property {string[]} data the files that it reads beside those of data/, as the library's data directories name them
 * @property {string} [why] why it can't run there; undefined if it can
 * @property {string} [note] what is different there, in a sentence
 */

const source = join(root, "scripts", "site", "run");
const require = createRequire(import.meta.url);
/** Taken in when needed: before the set-up there are no packages. @returns {typeof import("esbuild")} */
const esbuild = () => require("esbuild");

/** Modules of Node and of the library, and what stands for them in a browser. */
const STAND_INS = {
  "node:fs": "node/fs.ts", "node:fs/promises": "node/fs.ts", "node:path": "node/path.ts",
  "node:crypto": "node/crypto.ts", "node:os": "node/rest.ts", "node:url": "node/rest.ts", "node:util": "node/rest.ts",
  "node:timers/promises": "node/rest.ts", "node:worker_threads": "node/rest.ts",
  "lib/parallel/map-tasks.ts": "lib/map-tasks.ts", "lib/data/files/gunzipped.ts": "lib/gunzipped.ts",
  "lib/notebook/figure/render.ts": "lib/render.ts", "lib/notebook/figure/show.ts": "lib/show.ts",
};
/** Packages that have another form for browsers. */
const BROWSER_FORMS = { "csv-parse/sync": "csv-parse/browser/esm/sync" };
/** What the library loads when it is first used; `setup.ts` knows them. */
const LOADED_LATER = ["@tensorflow/tfjs-node", "danfojs-node", "nodeplotlib", "node:util"];

/** @param {string} name */
const notesOf = (name) => {
  const file = join(root, "notebooks", name, "notes.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
};

/**
 * What is to be said of a notebook in the browser, by its notes.
 * @param {string} name
 * @returns {Promise<Run>}
 */
export async function runOf(name) {
  const { browser } = notesOf(name);
  if (!browser) return { name, data: [], why: "nobody has tried it there yet" };
  const { data = [], why, note } = browser;
  if (why) return { name, data, why };
  const absent = [];
  for (const file of data) if (!(await dataFile(file))) absent.push(file);
  return absent.length
    ? { name, data, why: `its data (${absent.join(", ")}) were not at hand when this site was made` }
    : { name, data, note };
}

/** @param {Run} run @returns {string} what stands at the head of a notebook's page */
export function runHead({ name, why, note }) {
  if (why) return `<p class="run-none">Not in the browser: ${escapeHtml(why)}. <code>npm run lab</code> runs it.</p>\n`;
  const said = note ? `<p>${escapeHtml(note)}</p>` : "";
  return `<div class="run" data-run="${name}"><p><button type="button" class="run-start" hidden>▶ Run in your browser`
    + "</button> <span>Nothing to install; your changes stay in this browser.</span></p>"
    + `${said}<noscript><p>Running it here takes JavaScript.</p></noscript></div>\n`;
}

/** The parts of the library that have a name of their own outside, as in `../lib/privacy`. @returns {string[]} */
function libraryParts() {
  const { exports: parts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return Object.keys(parts).filter((part) => /^\.\/\w+$/.test(part)).map((part) => part.slice(2));
}

/**
 * The modules that cells import, as a module: the library, its parts, and the notebooks' own.
 * @param {string[]} names of notebooks
 * @returns {string}
 */
function modulesText(names) {
  const entries = [
    ["../lib", "lib/index.ts"],
    ...libraryParts().map((part) => [`../lib/${part}`, `lib/${part}`]),
    ...names.map((name) => [`./${name}`, `notebooks/${name}/index.ts`]),
  ];
  const lines = entries.map(([name, file]) =>
    `  ${JSON.stringify(name)}: () => require(${JSON.stringify(`./${file}`)}),`);
  return `export const modules = {\n${lines.join("\n")}\n};\n`;
}

/** @param {string[]} names of notebooks @returns {import("esbuild").Plugin} */
const standIns = (names) => ({
  name: "stand-ins",
  setup(build) {
    build.onResolve({ filter: /^kh:modules$/ }, () => ({ path: "modules", namespace: "kh" }));
    build.onLoad({ filter: /.*/, namespace: "kh" }, () => ({ contents: modulesText(names), resolveDir: root }));
    build.onResolve({ filter: /.*/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === "seen") return undefined;
      if (kind === "require-call" && LOADED_LATER.includes(path)) return { path, external: true };
      const known = /** @type {Record<string, string>} */ (STAND_INS);
      if (path in known) return { path: join(source, known[path]) };
      const forms = /** @type {Record<string, string>} */ (BROWSER_FORMS);
      if (path in forms) return build.resolve(forms[path], { kind, importer, resolveDir, pluginData: "seen" });
      if (!path.startsWith(".") || importer.startsWith(source)) return undefined;
      const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: "seen" });
      // The notebooks' folders name the library by its folder, whose entry is the compiled one: one library is enough.
      const file = relative(root, found.path).replace(/\\/g, "/").replace(/^lib\/dist\/(.*)\.js$/, "lib/$1.ts");
      return { path: file in known ? join(source, known[file]) : join(root, file) };
    });
  },
});

/**
 * @param {string} folder the site's
 * @param {Run[]} runs
 * @returns {Promise<Record<string, string>>} the data files by the path under which the library finds them
 */
async function writeData(folder, runs) {
  /** @type {Record<string, string>} */
  const files = {};
  const copy = (/** @type {string} */ from, /** @type {string} */ path, /** @type {string} */ address) => {
    makeFolder(dirname(join(folder, address)));
    copyFileSync(from, join(folder, address));
    files[path] = address;
  };
  for (const file of filesBelow(join(root, "data")).filter((one) => one.endsWith(".csv")))
    copy(file, `/kh/data/${relative(join(root, "data"), file)}`, `data/${relative(join(root, "data"), file)}`);
  for (const name of new Set(runs.flatMap(({ data }) => data)))
    copy(/** @type {string} */ (await dataFile(name)), `/kh/fetched/${name}`, `fetched/${name}`);
  copy(require.resolve("libsvm-js/out/wasm/libsvm.wasm"), "/kh/node_modules/libsvm-js/out/wasm/libsvm.wasm",
    "libsvm.wasm");
  return files;
}

/** @param {string[]} names of notebooks @returns {string} the declarations that cells are checked against, by path */
function typesText(names) {
  /** @type {Record<string, string>} */
  const files = { "/kh/globals.d.ts": readFileSync(join(source, "globals.txt"), "utf8") };
  const add = (/** @type {string} */ from, /** @type {string} */ to) => (files[to] = readFileSync(from, "utf8"));
  const below = (/** @type {string} */ from, /** @type {string} */ to) => {
    for (const file of filesBelow(from).filter((one) => one.endsWith(".d.ts")))
      add(file, `${to}/${relative(from, file).replace(/\\/g, "/")}`);
  };
  add(join(root, "lib", "package.json"), "/kh/lib/package.json");
  below(join(root, "lib", "dist"), "/kh/lib/dist");
  for (const part of libraryParts()) files[`/kh/lib/${part}.d.ts`] = `export * from "./dist/${part}";\n`;
  for (const name of names) {
    add(join(root, "notebooks", name, "package.json"), `/kh/notebooks/${name}/package.json`);
    below(join(root, "dist", name), `/kh/dist/${name}`);
  }
  const language = dirname(require.resolve("typescript"));
  for (const file of filesBelow(language))
    if (/[\\/]lib\.(?:es5|es20(?:1\d|2[0-2])(?:\.\w+)?|decorators(?:\.legacy)?)\.d\.ts$/.test(file))
      if (!/\.full\.d\.ts$/.test(file)) add(file, `/types/${relative(language, file)}`);
  return JSON.stringify(files);
}

/**
 * Writes what the pages need to run their cells: scripts, declarations, data, and the notebooks without their results.
 * @param {string} site its folder
 * @param {Run[]} runs those that can
 */
export async function writeRun(site, runs) {
  const folder = join(site, "run");
  const names = runs.map(({ name }) => name);
  makeFolder(join(folder, "notebooks"));
  const files = await writeData(folder, runs);
  const { build } = esbuild();
  const shared = /** @type {const} */ ({
    bundle: true, minify: true, format: "iife", platform: "browser", target: "es2022", logLevel: "warning",
    legalComments: "none", absWorkingDir: root,
  });
  const scripts = ["page", "compiler"].map((name) => join(source, `${name}.ts`));
  await build({ ...shared, entryPoints: scripts, outdir: folder });
  await build({
    ...shared, entryPoints: [join(source, "runner.ts")], outfile: join(folder, "runner.js"), plugins: [standIns(names)],
    // Names in messages and in what a cell shows of a class.
    keepNames: true,
    define: { KH_FILES: JSON.stringify(files), __dirname: JSON.stringify("/kh/lib") },
  });
  await build({
    ...shared, entryPoints: [require.resolve("typescript")], outfile: join(folder, "typescript.js"), globalName: "ts",
    external: ["fs", "path", "os", "inspector", "perf_hooks", "crypto", "source-map-support", "module"],
  });
  copyFileSync(join(root, "node_modules", "@tensorflow", "tfjs", "dist", "tf.min.js"), join(folder, "tensorflow.js"));
  writeFileSync(join(folder, "types.json"), typesText(names));
  for (const file of notebookFiles().filter((one) => names.includes(nameOf(one)))) {
    const notebook = readNotebook(file);
    const cells = notebook.cells.map((cell) => (cell.cell_type === "code"
      ? { ...cell, source: textOf(cell.source), outputs: [], execution_count: null } : cell));
    writeFileSync(join(folder, "notebooks", `${nameOf(file)}.json`), JSON.stringify({ ...notebook, cells }));
  }
}
