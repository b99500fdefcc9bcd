import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { keep, temporaryFolder } from "./cache.mjs";
import { offlineBundle } from "./offline.mjs";
import { cacheDir, root, venvProgram } from "./paths.mjs";
import { run, tail } from "./run.mjs";
import { SetupError, step } from "./say.mjs";
import { digest, readText, writeWhole } from "./stamp.mjs";

/**
 * @typedef {object} Environment
 * @property {string} title what it is for
 * @property {string} venv its folder
 * @property {string} requirements the hashed requirements file
 * @property {[number, number]} oldestPython
 */

/** @type {Environment} */
export const labEnvironment = {
  title: "JupyterLab",
  venv: join(root, ".venv"),
  requirements: join(root, "requirements.txt"),
  oldestPython: [3, 9],
};

/**
 * Whether an environment is complete and its requirements have not changed.
 * @param {Environment} environment
 * @returns {boolean}
 */
export function environmentReady({ venv, requirements }) {
  return existsSync(venvProgram(venv, "python")) && readText(join(venv, ".kh-ready")) === wanted(venv, requirements);
}

/**
 * Makes a Python environment and installs its pinned, hashed requirements.
 * @param {Environment} environment
 * @throws {SetupError} when Python, its venv module or the packages can't be had
 */
export async function makeEnvironment({ title, venv, requirements, oldestPython }) {
  const made = join(venv, ".kh-made");
  const python = venvProgram(venv, "python");
  if (readText(made) !== venv || (await versionOf(python)) === undefined) {
    await step(`Python environment for ${title}`, async () => {
      const base = await findPython(oldestPython, offlineBundle()?.python);
      const { code, output } = await run(base, ["-m", "venv", "--clear", venv]);
      if (code !== 0) throw noVenv(output);
      writeWhole(made, venv);
    });
  }
  await step(`Python packages for ${title} (pip)`, async () => {
    const wheels = await keptWheels(python, requirements);
    const source = wheels ? ["--no-index", "--find-links", wheels] : [];
    const { code, output } = await run(python, [...pip("install"), ...source, "--require-hashes", "-r", requirements]);
    if (code !== 0) {
      throw new SetupError(
        `pip could not install the packages for ${title}:\n${tail(output)}`,
        offlineBundle()
          ? "free 1 GB of disk space, or unpack the offline bundle again, and run the command again"
          : "check that the Python package index can be reached (`pip download six`), then run the command again",
      );
    }
    writeWhole(join(venv, ".kh-ready"), wanted(venv, requirements));
  });
}

/** @param {string} command @returns {string[]} */
function pip(command) {
  return ["-m", "pip", command, "--disable-pip-version-check", "--no-input", "--progress-bar", "off"];
}

/**
 * A folder in the cache with the wheels of a requirements file, downloaded unless an earlier clone did.
 * @param {string} python
 * @param {string} requirements
 * @returns {Promise<string | undefined>} undefined where they can't be had as wheels, so that pip goes its own way
 */
export async function keptWheels(python, requirements) {
  const platform = `${minorOf(await versionOf(python))} ${process.platform} ${process.arch}`;
  const folder = join(cacheDir(), `python-${digest([platform], [requirements]).slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  const temporary = temporaryFolder("python");
  const args = ["--only-binary=:all:", "--no-deps", "--require-hashes", "-r", requirements, "--dest", temporary];
  const { code } = await run(python, [...pip("download"), ...args]);
  if (code === 0) keep(temporary, folder);
  else rmSync(temporary, { recursive: true, force: true });
  return code === 0 ? folder : undefined;
}

/** @param {string} venv @param {string} requirements @returns {string} */
function wanted(venv, requirements) {
  return digest([venv], [requirements]);
}

/** @param {string | undefined} version @returns {string} "3.11" of "3.11.2" */
export const minorOf = (version = "") => version.split(".").slice(0, 2).join(".");

/**
 * The first Python on PATH that is new enough and, in an offline bundle, the one that its packages were made for.
 * @param {[number, number]} oldest
 * @param {string} [only] as "3.11"
 * @returns {Promise<string>}
 */
export async function findPython(oldest, only) {
  const minors = [14, 13, 12, 11, 10, 9].filter((minor) => minor >= oldest[1]);
  const names = ["python3", "python", ...minors.map((minor) => `python3.${minor}`)];
  const candidates = process.env.PYTHON ? [process.env.PYTHON] : names;
  const seen = [];
  for (const candidate of candidates) {
    const version = await versionOf(candidate);
    if (!version) continue;
    const [major, minor] = version.split(".").map(Number);
    if (major === oldest[0] && minor >= oldest[1] && (!only || minorOf(version) === only)) {
      const { code, output } = await run(candidate, ["-c", "import venv, ensurepip"]);
      if (code !== 0) throw noVenv(output);
      return candidate;
    }
    seen.push(`${candidate} is ${version}`);
  }
  const found = seen.length ? seen.join(", ") : `none of ${candidates.join(", ")} was found`;
  if (only) {
    throw new SetupError(
      `this offline bundle holds packages for Python ${only}, ${found}`,
      `install Python ${only}, or name it: \`PYTHON=/path/to/python${only} npm run setup\``,
    );
  }
  throw new SetupError(
    `Python ${oldest.join(".")} or later is needed, ${found}`,
    "install it (Debian, Ubuntu: `sudo apt install python3 python3-venv`; macOS: `brew install python`; Windows: " +
      "python.org), or name one: `PYTHON=/path/to/python npm run setup`",
  );
}

/** @param {string} python @returns {Promise<string | undefined>} */
export async function versionOf(python) {
  const { code, stdout } = await run(python, ["-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"]);
  return code === 0 ? stdout.trim() : undefined;
}

/** @param {string} output @returns {SetupError} */
function noVenv(output) {
  return new SetupError(
    `this Python can't make environments (its venv or ensurepip module is missing):\n${tail(output, 4)}`,
    "Debian, Ubuntu: `sudo apt install python3-venv`; elsewhere install a Python from python.org",
  );
}
