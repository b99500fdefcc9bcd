import { existsSync, lstatSync, readdirSync, realpathSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { keep, temporaryFolder } from "./cache.mjs";
import { offlineBundle } from "./offline.mjs";
import { cacheDir, root, venvProgram } from "./paths.mjs";
import { relocate } from "./relocate.mjs";
import { causeIn, run } from "./run.mjs";
import { SetupError, say, step } from "./say.mjs";
import { digest, dropLink, readText, writeWhole } from "./stamp.mjs";

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

const stampOf = (/** @type {string} */ venv) => join(venv, ".kh-ready");

/**
 * What an environment's stamp says: for which requirements it was filled and where, and what was there then.
 * @typedef {{ wanted: string, venv: string, contents: string[] }} Stamp
 */

/** @param {string} venv @returns {Stamp | undefined} */
function readStamp(venv) {
  try {
    return JSON.parse(readText(stampOf(venv)) ?? "");
  } catch {
    return undefined;
  }
}

/** @param {Environment} environment */
function writeStamp({ venv, requirements }) {
  const stamp = { wanted: digest([], [requirements]), venv, contents: contentsOf(venv) };
  writeWhole(stampOf(venv), JSON.stringify(stamp));
}

/** @param {string} folder @returns {string[]} */
const namesIn = (folder) => (existsSync(folder) ? readdirSync(folder) : []).map((name) => join(folder, name));

/**
 * The programs of an environment, its packages with what lies in each, and what they share.
 * @param {string} venv
 * @returns {string[]} paths from its folder
 */
function contentsOf(venv) {
  const libs = process.platform === "win32" ? [join(venv, "Lib")]
    : namesIn(join(venv, "lib")).filter((path) => /^python\d/.test(basename(path)));
  const packages = libs.flatMap((lib) => namesIn(join(lib, "site-packages")));
  const inside = packages.filter((path) => statSync(path).isDirectory()).flatMap(namesIn);
  const shared = namesIn(join(venv, "share", "jupyter"));
  const programs = namesIn(dirname(venvProgram(venv, "python")));
  // Caches come and go, and the set-up's own extension is looked for by itself.
  return [...programs, ...packages, ...inside, ...shared].filter((path) => !path.includes("__pycache__"))
    .map((path) => relative(venv, path));
}

/**
 * What was in an environment when it was filled, and has gone since.
 * @param {Environment} environment
 * @returns {string[]}
 */
export function missingPieces({ venv }) {
  const gone = new Set(readStamp(venv)?.contents.filter((path) => !existsSync(join(venv, path))));
  return [...gone].filter((path) => !gone.has(dirname(path)));
}

/**
 * Whether an environment lies where it was made, its requirements have not changed, and nothing of it has gone.
 * @param {Environment} environment
 * @returns {boolean}
 */
export function environmentReady(environment) {
  return environmentFits(environment) && readStamp(environment.venv)?.venv === environment.venv;
}

/** @param {Environment} environment @returns {boolean} whether it is whole and as required, wherever it lies */
function environmentFits(environment) {
  const stamp = readStamp(environment.venv);
  return stamp?.wanted === digest([], [environment.requirements]) && missingPieces(environment).length === 0;
}

/**
 * Brings an environment that is whole and was made for the same requirements, but lies elsewhere now, to work there.
 * @param {Environment} environment
 * @returns {Promise<boolean>}
 */
async function takeOver(environment) {
  const { title, venv } = environment;
  const stamp = readStamp(venv);
  if (!stamp || !environmentFits(environment)) return false;
  if (stamp.venv === venv || !relocate(venv, stamp.venv) || (await prefixOf(venv)) !== realpathSync(venv)) return false;
  writeStamp(environment);
  say(`Python environment for ${title}: moved from ${stamp.venv}`);
  return true;
}

/** @param {string} venv @returns {Promise<string | undefined>} the folder that its Python takes for its own */
async function prefixOf(venv) {
  const program = "import os, sys; print(os.path.realpath(sys.prefix))";
  const { code, stdout } = await run(venvProgram(venv, "python"), ["-c", program]);
  return code === 0 ? stdout.trim() : undefined;
}

/**
 * Makes a Python environment from nothing and installs its pinned, hashed requirements; one that was moved with the
 * project is taken over.
 * @param {Environment} environment
 * @throws {SetupError} when Python, its venv module or the packages can't be had
 */
export async function makeEnvironment(environment) {
  const { title, venv, requirements } = environment;
  const linked = lstatSync(venv, { throwIfNoEntry: false })?.isSymbolicLink();
  if (!linked && (await takeOver(environment))) return;
  const base = await pythonFor(environment);
  const python = venvProgram(venv, "python");
  await step(`Python environment for ${title}`, async () => {
    dropLink(venv);
    const { code, output } = await run(base, ["-m", "venv", "--clear", venv]);
    if (code !== 0) throw noVenv(output);
  });
  await step(`Python packages for ${title} (pip)`, async () => {
    const wheels = await keptWheels(python, requirements);
    const source = wheels ? ["--no-index", "--find-links", wheels] : [];
    const { code, output } = await run(python, [...pip("install"), ...source, "--require-hashes", "-r", requirements]);
    if (code !== 0) {
      throw new SetupError(
        `pip could not install the packages for ${title}:\n${causeIn(output)}`,
        offlineBundle()
          ? "free 1 GB of disk space, or unpack the offline bundle again, and run the command again"
          : "check that the Python package index can be reached (`pip download six`), then run the command again",
      );
    }
    writeStamp(environment);
  });
}

/**
 * The Python that an environment is made from.
 * @param {Environment} environment
 * @returns {Promise<string>}
 * @throws {SetupError}
 */
export const pythonFor = ({ oldestPython }) => findPython(oldestPython, offlineBundle()?.python);

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
    `this Python can't make environments (its venv or ensurepip module is missing):\n${causeIn(output)}`,
    "Debian, Ubuntu: `sudo apt install python3-venv`; elsewhere install a Python from python.org",
  );
}
