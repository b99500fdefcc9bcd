import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { root } from "../bootstrap/paths.mjs";

/**
 * @typedef {{ name: string }} DataFile
 * @typedef {(file: DataFile, path: string) => Promise<string | null>} FindFault
 *
 * What there is of one data set: in which folders, how many files are in none, and which copies are wrong.
 * @typedef {{ set: string, folders: string[], absent: number, wrong: string[] }} Found
 */

/**
 * Looks for a file as the notebooks do: the first copy whose content is right.
 * @param {DataFile} file
 * @param {string[]} folders
 * @param {FindFault} findFault
 * @returns {Promise<{ folder?: string, wrong: string[] }>}
 */
async function lookFor(file, folders, findFault) {
  const wrong = [];
  for (const folder of folders) {
    const path = join(folder, file.name);
    if (!existsSync(path)) continue;
    const fault = await findFault(file, path);
    if (fault === null) return { folder, wrong };
    wrong.push(`${path}: ${fault}`);
  }
  return { wrong };
}

/**
 * The compiled library's own list of files that are fetched, and where and how it looks for them.
 * @returns {{ files: DataFile[], directories: string[], findFault: FindFault }}
 */
function libraryData() {
  const require = createRequire(import.meta.url);
  const data = join(root, "lib", "dist", "data", "files");
  const files = require(join(data, "data-files.js")).fetchedFiles();
  const directories = require(join(data, "directories.js")).dataDirectories();
  const { findFault } = require(join(data, "verify.js"));
  return { files, directories, findFault };
}

/**
 * The data sets that are fetched.
 * @returns {Promise<Found[]>}
 */
export async function dataFound() {
  const { files, directories, findFault } = libraryData();
  return Promise.all([...new Set(files.map(({ name }) => dirname(name)))].map(async (set) => {
    const own = files.filter(({ name }) => dirname(name) === set);
    const found = await Promise.all(own.map((file) => lookFor(file, directories, findFault)));
    const folders = found.flatMap(({ folder }) => (folder === undefined ? [] : [folder]));
    return {
      set: `data ${set}`, folders: [...new Set(folders)], absent: own.length - folders.length,
      wrong: found.flatMap(({ wrong }) => wrong),
    };
  }));
}

/**
 * A data file that is fetched, if a right copy is at hand.
 * @param {string} name as in `uci/glass.csv`
 * @returns {Promise<string | undefined>} where it is
 */
export async function dataFile(name) {
  const { files, directories, findFault } = libraryData();
  const file = files.find((one) => one.name === name);
  if (!file) throw new Error(`the library knows no data file ${name}`);
  const { folder } = await lookFor(file, directories, findFault);
  return folder && join(folder, file.name);
}
