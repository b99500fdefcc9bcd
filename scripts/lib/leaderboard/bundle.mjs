import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { root } from "../../bootstrap/paths.mjs";

const require = createRequire(import.meta.url);
const side = join(root, "scripts", "leaderboard");

/** An entry can be read and understood: data that answer for it have no place. */
export const MOST_BYTES = 32_768;

/** An entry that is refused before it runs, and why. */
export class EntryError extends Error {}

/**
 * What an entry's file holds. It is a student's: it may be a pipe, a folder or gone, and must hold nobody up.
 * @param {string} file
 * @returns {string}
 * @throws {EntryError} If it is no file, too long, or can't be read.
 */
export function readEntry(file) {
  let handle;
  try {
    handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    if (!fstatSync(handle).isFile()) throw new EntryError("an entry is a file");
    const { size } = fstatSync(handle);
    if (size > MOST_BYTES) throw new EntryError(`an entry has at most ${MOST_BYTES} bytes, this one ${size}`);
    const bytes = Buffer.alloc(MOST_BYTES);
    return bytes.toString("utf8", 0, readSync(handle, bytes, 0, MOST_BYTES, 0));
  } catch (error) {
    if (error instanceof EntryError) throw error;
    throw new EntryError(`this entry can't be read: ${/** @type {NodeJS.ErrnoException} */ (error).code}`);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** What is loaded only when it is used, and never is here. */
const ABSENT = new RegExp(`^(?:${["@tensorflow/", "danfojs-node", "nodeplotlib", "jsdom", "@napi-rs/", "@resvg/",
  "plotly", "sharp", "protobufjs", "bullmq", "ioredis", "fast-png", "csv-parse"].join("|")})`);

/** @param {string} name @returns {string} a module that says so where something of it is used */
const absentModule = (name) => `module.exports = new Proxy({}, { get(_, key) {
  if (key === "__esModule") return undefined;
  throw new Error(${JSON.stringify(`an entry runs without ${name}: use what needs no tensors and no pictures`)});
} });`;

/** @type {Record<string, string>} */
const STAND_INS = {
  "lib/dist/index.js": "lib/index.ts",
  "lib/parallel/map-tasks.ts": "scripts/site/run/lib/map-tasks.ts",
};

/** @param {string} entry its source @returns {import("esbuild").Plugin} */
const onlyTheLibrary = (entry) => ({
  name: "only the library",
  setup(build) {
    build.onResolve({ filter: /.*/, namespace: "entry" }, ({ path }) => (path === "../lib"
      ? { path: join(root, "lib", "index.ts") }
      : { errors: [{ text: `an entry imports from "../lib" only, not from ${JSON.stringify(path)}` }] }));
    build.onLoad({ filter: /.*/, namespace: "entry" }, () => ({ contents: entry, loader: "ts" }));
    build.onResolve({ filter: /^node:|^(?:fs|path|os|crypto|worker_threads|util|url|zlib)$/ }, () =>
      ({ path: join(side, "node.cjs") }));
    build.onResolve({ filter: ABSENT }, ({ path }) => ({ path, namespace: "absent" }));
    build.onLoad({ filter: /.*/, namespace: "absent" }, ({ path }) => ({ contents: absentModule(path) }));
    build.onResolve({ filter: /.*/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === "seen" || kind === "entry-point") return undefined;
      if (path === "entry:side") return { path: join(side, "entry-side.ts") };
      if (path === "entry:node") return { path: join(side, "node.cjs") };
      if (path === "entry:own") return { path: "entry", namespace: "entry" };
      const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: "seen" });
      const inProject = relative(root, found.path).replaceAll("\\", "/");
      return inProject in STAND_INS ? { path: join(root, STAND_INS[inProject]) } : found;
    });
  },
});

/** @param {string} source @throws {EntryError} */
function checkSource(source) {
  /** @type {typeof import("typescript")} */
  const ts = require("typescript");
  const parsed = ts.createSourceFile("entry.ts", source, ts.ScriptTarget.ES2022, true);
  // What a refused import() throws would be an object of the other side's.
  const look = (/** @type {import("typescript").Node} */ node) => {
    if (node.kind === ts.SyntaxKind.ImportKeyword)
      throw new EntryError("an entry imports at its top only: import() is not allowed");
    ts.forEachChild(node, look);
  };
  look(parsed);
}

const together = [
  'import "entry:node";', 'import { begin } from "entry:side";', 'import * as own from "entry:own";', "begin(own);",
].join("\n");

/**
 * An entry and what it uses of the library as one script, which asks nothing of Node.
 * @param {string} file TypeScript
 * @returns {Promise<string>}
 * @throws {EntryError} If the file is too long, is not TypeScript, or imports what it may not.
 */
export async function bundleEntry(file) {
  // Read once: what is checked is what runs.
  const source = readEntry(file);
  checkSource(source);
  const wasm = readFileSync(require.resolve("libsvm-js/out/wasm/libsvm.wasm")).toString("base64").replace(/=+$/, "");
  /** @type {typeof import("esbuild")} */
  const esbuild = require("esbuild");
  try {
    const { outputFiles } = await esbuild.build({
      stdin: { contents: together, resolveDir: root, loader: "ts" },
      bundle: true, write: false, format: "iife", platform: "neutral", mainFields: ["module", "main"], target: "es2022",
      logLevel: "silent", treeShaking: true, define: { __LIBSVM__: JSON.stringify(wasm), __dirname: '"/"' },
      plugins: [onlyTheLibrary(source)],
    });
    return outputFiles[0].text;
  } catch (error) {
    const { errors = [] } = /** @type {import("esbuild").BuildFailure} */ (error);
    if (!errors.length) throw error;
    const { text, location } = errors[0];
    throw new EntryError(`${text}${location ? ` (line ${location.line})` : ""}`);
  }
}
