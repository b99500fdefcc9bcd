import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { chmodSync } from "node:fs";
import { dirname, join } from "node:path";
import { venvProgram } from "./paths.mjs";
import { writeWhole } from "./stamp.mjs";

/** Longer first lines, or ones with a space, are no way to name an interpreter. */
const longestShebang = 127;

/**
 * The first lines that start a Python program by an interpreter, as pip writes them.
 * @param {string} python
 * @returns {string}
 */
function opening(python) {
  if (!python.includes(" ") && python.length + 3 <= longestShebang) return `#!${python}\n`;
  return `#!/bin/sh\n'''exec' "${python}" "$0" "$@"\n' '''\n`;
}

/**
 * Text of a program or of a setting after its environment was moved.
 * @param {string} text
 * @param {string} from
 * @param {string} to
 * @returns {string}
 */
export function moved(text, from, to) {
  const [, python] = /^#!(?:\/bin\/sh\n'''exec' ")?([^\n"]*\/bin\/python[\d.]*)"?/.exec(text) ?? [];
  if (python?.startsWith(`${from}/`)) {
    const rest = text.replace(/^#!\/bin\/sh\n'''exec' .*\n' '''\n|^#!.*\n/, "");
    return opening(to + python.slice(from.length)) + rest.replaceAll(from, to);
  }
  return text.replaceAll(from, to);
}

/**
 * Brings an environment that was moved or copied to work where it lies now: its programs and settings name their
 * interpreter by an absolute path. Files are written anew, so that a copy made of hard links leaves the original alone.
 * @param {string} venv
 * @param {string} from where it was made
 * @returns {boolean} false where it can't be done (the launchers of Windows), so that it must be made anew
 */
export function relocate(venv, from) {
  if (process.platform === "win32") return false;
  const programs = dirname(venvProgram(venv, "python"));
  if (!existsSync(programs)) return false;
  const files = [join(venv, "pyvenv.cfg"), ...readdirSync(programs).map((name) => join(programs, name))];
  for (const file of files.filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isFile())) {
    const bytes = readFileSync(file);
    if (bytes.subarray(0, 4096).includes(0) || !bytes.includes(from)) continue;
    const { mode } = statSync(file);
    writeWhole(file, moved(bytes.toString("utf8"), from, venv));
    chmodSync(file, mode);
  }
  return true;
}
