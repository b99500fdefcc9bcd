import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { unlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * SHA-256 of texts and of files' names and contents; the same wherever the files lie.
 * @param {string[]} texts
 * @param {string[]} [files]
 * @returns {string}
 */
export function digest(texts, files = []) {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text).update("\0");
  for (const file of files) hash.update(basename(file)).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

/**
 * Every file below a folder, sorted; folders in `skip` left out.
 * @param {string} folder
 * @param {string[]} [skip]
 * @returns {string[]}
 */
export function filesBelow(folder, skip = []) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !skip.includes(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path, skip) : [path];
    })
    .sort();
}

/**
 * Bytes of all files below a folder.
 * @param {string} folder
 * @returns {number}
 */
export function bytesBelow(folder) {
  let bytes = 0;
  for (const file of filesBelow(folder)) {
    try {
      bytes += statSync(file).size;
    } catch {
      // a temporary file that has just gone
    }
  }
  return bytes;
}

/**
 * Makes a folder and those above it, one by one: where none can be made (below /proc), Node's own `recursive` never
 * ends.
 * @param {string} folder
 */
export function makeFolder(folder) {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
  }
}

/**
 * Refuses a folder in which nothing can be written, before any work is done for it.
 * @param {string} folder made where it is missing
 * @throws {Error} of the file system, naming the folder
 */
export function checkWritable(folder) {
  makeFolder(folder);
  const file = join(folder, `.kh-${process.pid}`);
  writeFileSync(file, "");
  rmSync(file, { force: true });
}

/**
 * Takes a symbolic link away before a folder of that name is emptied or filled: what it leads to belongs to somebody
 * else.
 * @param {string} folder
 */
export function dropLink(folder) {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) unlinkSync(folder);
}

/**
 * Writes a file whole or not at all.
 * @param {string} file
 * @param {string | Uint8Array} text
 * @param {number} [mode] who may read it, where not everybody may
 */
export function writeWhole(file, text, mode) {
  makeFolder(dirname(file));
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { mode });
    renameSync(temporary, file);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * The text of a file, or undefined.
 * @param {string} file
 * @returns {string | undefined}
 */
export function readText(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
