// What tslab's compiler sees of the disk.
"use strict";
const { basename } = require("node:path");

/**
 * tslab 1.0.22 stops with "Unexpected pending rebuildTimer" at the first cell after a file it watches was touched (a
 * package.json it has read, for one: an install beside a running kernel is enough). So nothing on disk is watched; a
 * library compiled anew is seen after a restart of the kernel, as `require` has it. And of all the @types packages that
 * happen to be installed, cells get Node's, as the check of their types has it: to read the others takes 0.6 s of every
 * kernel's start.
 */
function quietCompilerHost() {
  const watcher = { close() {} };
  const { sys } = require("@tslab/typescript-for-tslab");
  sys.watchFile = () => watcher;
  sys.watchDirectory = () => watcher;
  const { getDirectories } = sys;
  sys.getDirectories = (/** @type {string} */ path) => {
    const names = getDirectories(path);
    return basename(path) === "@types" ? names.filter((/** @type {string} */ name) => name === "node") : names;
  };
}

module.exports = { quietCompilerHost };
