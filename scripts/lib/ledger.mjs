import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus } from "node:os";
import { dirname, join } from "node:path";
import { precision, threads } from "./arithmetic.mjs";
import { nativeLink } from "../bootstrap/native.mjs";
import { root } from "../bootstrap/paths.mjs";
import { SetupError } from "../bootstrap/say.mjs";
import { makeFolder, readText, writeWhole } from "../bootstrap/stamp.mjs";
import { textTable } from "./text-table.mjs";

/**
 * What one run of `npm run reproduce` measured, and where: `run.json` in a folder of its own below results/runs, beside
 * the notebooks that it executed. No run changes another's.
 *
 * @typedef {Record<string, any>} Claim as lib/notebook/claim.ts records it
 * @typedef {{ seconds: number, fingerprint: string, claims: Claim[] }} Measured
 * @typedef {{ model: string, cores: number, units: string[] }} Processor
 *
 * @typedef {object} Run
 * @property {string} id the folder's name: when it started, and the profile
 * @property {string} started
 * @property {string} profile
 * @property {number} seed
 * @property {Record<string, unknown>} sizes those that KH_SIZES replaced
 * @property {string | null} commit null outside git
 * @property {boolean} changed whether files differed from that commit
 * @property {Record<string, string>} versions
 * @property {Processor} processor
 * @property {number} threads of TensorFlow in each notebook
 * @property {string} precision
 * @property {number} processes notebooks at a time
 * @property {number} seconds from start to end
 * @property {Record<string, Measured>} notebooks those that ran to their end
 * @property {Record<string, string>} unchanged those that had nothing new, and the run that measured them
 * @property {string[]} stopped those that did not come to their end
 */

const runsFolder = join(root, "results", "runs");

/**
 * @param {string} id
 * @param {string} name
 * @param {string} [folder]
 * @returns {string} the notebook that a run executed
 */
export const notebookOf = (id, name, folder = runsFolder) => join(folder, id, `${name}.ipynb`);

/** @param {string[]} args @returns {string | null} what git says */
function git(...args) {
  const { status, stdout } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}

/** @returns {Processor} */
function processor() {
  const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(readText("/proc/cpuinfo") ?? "")?.[1].split(" ") ?? [];
  const units = ["avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_bf16", "asimd", "bf16", "sve"];
  return {
    model: cpus()[0]?.model.trim() ?? "unknown", cores: availableParallelism(),
    units: units.filter((unit) => flags.includes(unit)),
  };
}

/** @returns {Record<string, string>} */
function versions() {
  const require = createRequire(import.meta.url);
  const packages = ["@tensorflow/tfjs-node", "tslab"].map((name) =>
    [name, require(join(root, "node_modules", name, "package.json")).version]);
  return {
    node: process.versions.node, system: `${process.platform} ${process.arch}`, ...Object.fromEntries(packages),
    tensorflow: nativeLink(),
  };
}

/**
 * Begins a run: its folder, and all that is known at the start.
 * @param {Pick<Run, "profile" | "seed" | "sizes" | "processes">} settings
 * @param {string} [folder]
 * @returns {Run}
 */
export function beginRun(settings, folder = runsFolder) {
  const started = new Date().toISOString();
  makeFolder(folder);
  const stem = `${started.slice(0, 19).replaceAll(":", "-")}-${settings.profile}`;
  let id = stem;
  for (let i = 2; existsSync(join(folder, id)); i++) id = `${stem}-${i}`;
  mkdirSync(join(folder, id));
  const status = git("status", "--porcelain", "--untracked-files=no");
  return {
    id, started, ...settings, commit: git("rev-parse", "HEAD"), changed: Boolean(status), versions: versions(),
    processor: processor(), threads: threads(), precision: precision(), seconds: 0,
    notebooks: {}, unchanged: {}, stopped: [],
  };
}

/** @param {Run} run @param {string} [folder] */
export function writeRun(run, folder = runsFolder) {
  run.seconds = (Date.now() - Date.parse(run.started)) / 1000;
  writeWhole(join(folder, run.id, "run.json"), `${JSON.stringify(run, null, 2)}\n`);
}

/**
 * Puts a notebook that came to its end into the ledger of its run.
 * @param {Run} run
 * @param {string} name
 * @param {Measured} measured
 * @param {object} how
 * @param {string} how.executed the executed notebook
 * @param {boolean} how.reused whether it had nothing new, so that an earlier run measured it
 * @param {string} [how.folder]
 */
export function recordNotebook(run, name, measured, { executed, reused, folder = runsFolder }) {
  const { seconds, fingerprint, claims } = measured;
  const before = reused && allRuns(folder).reverse().find((earlier) => earlier.profile === run.profile
    && earlier.notebooks[name]?.fingerprint === fingerprint);
  if (before) run.unchanged[name] = before.id;
  else {
    run.notebooks[name] = { seconds, fingerprint, claims };
    const kept = notebookOf(run.id, name, folder);
    makeFolder(dirname(kept));
    rmSync(kept, { force: true });
    try {
      linkSync(executed, kept);
    } catch {
      copyFileSync(executed, kept);
    }
  }
  writeRun(run, folder);
}

/** @param {string} [folder] @returns {Run[]} every run, oldest first */
export function allRuns(folder = runsFolder) {
  const ids = existsSync(folder) ? readdirSync(folder).sort() : [];
  return ids.map((id) => readText(join(folder, id, "run.json"))).filter((text) => text !== undefined)
    .map((text) => /** @type {Run} */ (JSON.parse(text)));
}

/**
 * The newest result of each notebook and profile.
 * @param {Run[]} [runs] oldest first
 * @returns {{ name: string, run: Run, measured: Measured }[]}
 */
export function newestResults(runs = allRuns()) {
  const newest = new Map(runs.flatMap((run) => Object.entries(run.notebooks).map(([name, measured]) =>
    /** @type {const} */ ([`${name} ${run.profile}`, { name, run, measured }]))));
  return [...newest.values()];
}

/**
 * The run that a word names: the beginning of its id, or `newest`.
 * @param {string} word
 * @param {Run[]} runs
 * @returns {Run}
 */
function namedRun(word, runs) {
  const found = word === "newest" ? runs.slice(-1) : runs.filter(({ id }) => id.startsWith(word));
  const exact = found.find(({ id }) => id === word);
  if (exact) return exact;
  if (found.length === 1) return found[0];
  const there = runs.map(({ id }) => `\n    ${id}`).join("") || " none";
  throw new SetupError(`${found.length ? "more than one" : "no"} run's name starts with ${word}; there are${there}`);
}

/** @param {Run} run @param {Run[]} runs @returns {Map<string, Claim>} by notebook and id, unchanged ones too */
function claimsOf(run, runs) {
  const borrowed = Object.entries(run.unchanged).map(([name, id]) =>
    /** @type {const} */ ([name, runs.find((other) => other.id === id)?.notebooks[name]]));
  return new Map([...Object.entries(run.notebooks), ...borrowed].flatMap(([name, measured]) =>
    (measured?.claims ?? []).map((claim) => /** @type {const} */ ([`${name} ${claim.id}`, claim]))));
}

/** @param {Run} run @returns {Record<string, string>} what may explain a difference, in words */
const circumstances = ({ profile, seed, sizes, commit, changed, versions: all, processor: { model, cores, units },
  threads: number, precision: factors, processes }) => ({
  profile, seed: `${seed}`, sizes: JSON.stringify(sizes), commit: `${commit ?? "unknown"}${changed ? ", changed" : ""}`,
  ...all, processor: model, cores: `${cores}`, units: units.join(" "), threads: `${number}`, precision: factors,
  processes: `${processes}`,
});

/** @param {Claim | undefined} a @param {Claim | undefined} b @returns {string} whether they differ by too much */
function judged(a, b) {
  if (!a || !b) return "only in one";
  if (a.verdict !== b.verdict) return `${a.verdict} → ${b.verdict}`;
  if (a.tolerance === null) return "";
  return Math.abs(a.reproduced - b.reproduced) <= a.tolerance ? "within the tolerance" : "MORE than the tolerance";
}

/**
 * What differs between two runs: circumstances, and the numbers of the claims.
 * @param {string} first
 * @param {string} second
 * @param {Run[]} [runs]
 * @returns {{ text: string, same: boolean }} same: whether every number is
 * @throws {SetupError} if there is no such run
 */
export function compareRuns(first, second, runs = allRuns()) {
  const [a, b] = [first, second].map((word) => namedRun(word, runs));
  const [left, right] = [a, b].map(circumstances);
  const settings = Object.keys({ ...left, ...right }).filter((key) => left[key] !== right[key])
    .map((key) => [key, left[key] ?? "", right[key] ?? "", ""]);
  const [ours, theirs] = [a, b].map((run) => claimsOf(run, runs));
  const shared = new Set([...ours.keys(), ...theirs.keys()]);
  const differing = [...shared].filter((key) => !Object.is(ours.get(key)?.reproduced, theirs.get(key)?.reproduced));
  const shown = (/** @type {Claim | undefined} */ claim) => (claim ? `${claim.reproduced}` : "");
  const numbers = differing.map((key) => [
    key, shown(ours.get(key)), shown(theirs.get(key)), judged(ours.get(key), theirs.get(key))]);
  const head = [["", a.id, b.id, ""], ...settings, ...numbers];
  return {
    text: `${textTable(head)}\n${shared.size - differing.length} of ${shared.size} claims have the same number\n`,
    same: differing.length === 0,
  };
}
