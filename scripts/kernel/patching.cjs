// How tslab is mended: each file of patches/ changes a few lines of one of its files as that file is loaded, and
// nothing on disk. What a patch needs beyond those lines stands in the modules beside this one.
"use strict";
const { readdirSync, readFileSync } = require("node:fs");
const Module = require("node:module");
const { basename, dirname, join, sep } = require("node:path");

/**
 * @typedef {object} Patch
 * @property {string} name
 * @property {string} file of tslab/dist
 * @property {[find: string, put: string][]} changes each text stands in the file exactly once; in what is put, KERNEL
 *   stands for the folder of this module
 */

const folder = join(__dirname, "patches");

/** @returns {Patch[]} */
function readPatches() {
  return readdirSync(folder).filter((file) => file.endsWith(".cjs")).sort()
    .map((file) => ({ name: basename(file, ".cjs"), ...require(join(folder, file)) }));
}

/**
 * A file's text with its patches.
 * @param {string} file
 * @param {string} text
 * @param {Patch[]} patches
 * @returns {string}
 * @throws {Error} naming a patch that does not find what it changes
 */
function patched(file, text, patches) {
  for (const patch of patches.filter((candidate) => candidate.file === file))
    for (const [find, put] of patch.changes) {
      const at = text.indexOf(find);
      if (at < 0 || text.indexOf(find, at + 1) >= 0)
        throw new Error(`the patch ${patch.name} does not find its place in tslab/dist/${file}:\n${find}`);
      const mended = put.replaceAll("KERNEL", __dirname.replaceAll("\\", "/"));
      text = text.slice(0, at) + mended + text.slice(at + find.length);
    }
  return text;
}

/**
 * Why the patches don't fit a tslab, or null if they do.
 * @param {string} dist its folder of compiled files
 * @returns {string | null}
 */
function misfit(dist) {
  const patches = readPatches();
  try {
    for (const file of new Set(patches.map((patch) => patch.file)))
      patched(file, readFileSync(join(dist, file), "utf8"), patches);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** From now on tslab's files are loaded with their patches. */
function install() {
  const patches = readPatches();
  const loader = /** @type {{ _compile(text: string, file: string, ...rest: unknown[]): unknown }} */ (
    /** @type {unknown} */ (Module.prototype));
  const compile = loader._compile;
  loader._compile = function (text, file, ...rest) {
    const isTslab = dirname(file).endsWith(`${sep}tslab${sep}dist`);
    return compile.call(this, isTslab ? patched(basename(file), text, patches) : text, file, ...rest);
  };
  require("./start.cjs");
}

module.exports = { install, misfit, patched, readPatches };
