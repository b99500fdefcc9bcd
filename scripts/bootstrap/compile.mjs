import { existsSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";
import { SetupError, step } from "./say.mjs";
import { digest, filesBelow, readText, writeWhole } from "./stamp.mjs";

/**
 * What is compiled for the cells to import, in this order: the second imports the first.
 * @typedef {{ title: string, source: string, dist: string }} Part
 * @type {Part[]}
 */
const parts = [
  { title: "lib", source: join(root, "lib"), dist: join(root, "lib", "dist") },
  { title: "the notebooks' sizes and checks", source: join(root, "notebooks"), dist: join(root, "dist") },
];

const stampOf = (/** @type {Part} */ { dist }) => join(dist, ".kh-sources");

/** @param {Part} part @returns {string[]} */
const sourcesOf = ({ source }) => filesBelow(source, ["dist"]).filter((file) => /\.ts$|tsconfig\.json$/.test(file));

/** @param {Part} part @returns {string} a digest of its sources and of those compiled before it */
const wanted = (part) => {
  const files = parts.slice(0, parts.indexOf(part) + 1).flatMap(sourcesOf);
  return digest(files.map((file) => relative(root, file)), [...files, join(root, "tsconfig.json")]);
};

/** @param {Part} part @returns {boolean} whether no compiled module is missing */
const complete = (part) => sourcesOf(part).filter((file) => file.endsWith(".ts"))
  .every((file) => existsSync(join(part.dist, relative(part.source, file).replace(/\.ts$/, ".js"))));

/** @param {Part} part @returns {boolean} */
const ready = (part) => complete(part) && readText(stampOf(part)) === wanted(part);

/** @returns {boolean} whether what was compiled came from the sources as they are now */
export const compiled = () => parts.every(ready);

/** @returns {string[]} the compiled modules that a cell may import, sorted */
export const compiledFiles = () =>
  parts.flatMap(({ dist }) => filesBelow(dist)).filter((file) => file.endsWith(".js"));

/** @param {Part} part */
async function compilePart(part) {
  const { source, dist } = part;
  const before = wanted(part);
  const names = new Set(sourcesOf(part).map((file) => relative(source, file).replace(/\.ts$/, "")));
  for (const file of filesBelow(dist)) {
    const match = /^(.*?)(\.d\.ts|\.js)(\.map)?$/.exec(relative(dist, file));
    if (match && !names.has(match[1])) rmSync(file);
  }
  // By its own notes the compiler would skip what is missing.
  if (!complete(part)) rmSync(join(dist, ".tsbuildinfo"), { force: true });
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { code, output } = await run(process.execPath, [tsc, "-p", source]);
  if (code !== 0) throw new SetupError(`${relative(root, source)}/ does not compile:\n${output.trim()}`);
  writeWhole(stampOf(part), before);
}

/**
 * Compiles lib/ to lib/dist and the folders beside the notebooks to dist/, and removes what sources that are gone had
 * left there.
 * @throws {SetupError} with the compiler's messages
 */
export async function compile() {
  for (const part of parts) if (!ready(part)) await step(`compiling ${part.title} (tsc)`, () => compilePart(part));
}
