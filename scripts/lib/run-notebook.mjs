import { spawn } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { precision, threads } from "./arithmetic.mjs";
import { compiledFiles } from "../bootstrap/compile.mjs";
import { claimsIn, nameOf, readNotebook, textOf } from "./notebooks.mjs";
import { root, venvProgram } from "../bootstrap/paths.mjs";
import { labEnvironment } from "../bootstrap/python.mjs";
import { childEnv } from "../bootstrap/run.mjs";
import { digest, filesBelow, makeFolder, readText, writeWhole } from "../bootstrap/stamp.mjs";

/** @typedef {import("./notebooks.mjs").Notebook} Notebook */

/**
 * What a run may set beside its profile; where left out, KH_SEED and KH_SIZES of the environment stand.
 * @typedef {object} Settings
 * @property {number} [seed]
 * @property {Record<string, unknown>} [sizes] sizes of the profile to replace, by their paths
 *
 * What is known of a finished run.
 * @typedef {object} RunRecord
 * @property {string} notebook
 * @property {string} profile
 * @property {string} fingerprint of code, lib, data, profile and seed
 * @property {number} seconds
 * @property {Record<string, any>[]} claims
 *
 * @typedef {object} Outcome
 * @property {RunRecord} [record] when the notebook ran to its end
 * @property {boolean} reused whether nothing had changed, so that it was not run again
 * @property {boolean} [interrupted]
 * @property {{ index: number, source: string, message: string }} [failure] the cell that stopped it
 */

/** @param {string} profile @param {string} file @returns {string} the executed notebook of a run */
export function executedFile(profile, file) {
  const folder = dirname(file) === join(root, "notebooks") ? "" : "solutions";
  return join(root, "results", profile, folder, `${nameOf(file)}.ipynb`);
}

const recordFile = (/** @type {string} */ executed) => executed.replace(/\.ipynb$/, ".json");
const figureFolder = (/** @type {string} */ executed) => executed.replace(/\.ipynb$/, "-figures");

/**
 * @param {string} file
 * @returns {string} a digest of the notebook's cells, what is compiled, the data that ships and the arithmetic
 */
export function codeOf(file) {
  const cells = readNotebook(file).cells.filter(({ cell_type: type }) => type === "code");
  const code = cells.map((cell) => textOf(cell.source));
  const compiled = compiledFiles();
  const data = filesBelow(join(root, "data"));
  const names = [...compiled, ...data].map((path) => path.slice(root.length).replace(/\\/g, "/"));
  return digest([JSON.stringify(code), `${threads()} ${precision()}`, ...names], [...compiled, ...data]);
}

/** @param {Settings} settings @returns {{ KH_SEED: string, KH_SIZES: string }} as the notebook reads them */
function environmentOf({ seed, sizes }) {
  return {
    KH_SEED: seed === undefined ? process.env.KH_SEED ?? "" : String(seed),
    KH_SIZES: sizes === undefined ? process.env.KH_SIZES ?? "" : JSON.stringify(sizes),
  };
}

/**
 * @param {string} file
 * @param {string} profile
 * @param {Settings} [settings]
 * @returns {string} changes whenever the notebook's result could
 */
function fingerprintOf(file, profile, settings = {}) {
  const { KH_SEED, KH_SIZES } = environmentOf(settings);
  return digest([codeOf(file), profile, KH_SEED, KH_SIZES]).slice(0, 32);
}

/**
 * The record of a finished run, if nothing has changed since.
 * @param {string} file
 * @param {string} profile
 * @param {Settings} [settings]
 * @param {string} [executed]
 * @returns {RunRecord | undefined}
 */
export function finishedRun(file, profile, settings = {}, executed = executedFile(profile, file)) {
  const text = readText(recordFile(executed));
  if (!text || !existsSync(executed)) return undefined;
  const record = /** @type {RunRecord} */ (JSON.parse(text));
  return record.fingerprint === fingerprintOf(file, profile, settings) ? record : undefined;
}

/** @param {Notebook} notebook @param {string} folder */
function writeFigures(notebook, folder) {
  rmSync(folder, { recursive: true, force: true });
  let count = 0;
  for (const output of notebook.cells.flatMap((cell) => cell.outputs ?? [])) {
    const png = output.data?.["image/png"];
    if (!png) continue;
    makeFolder(folder);
    const name = `${String(++count).padStart(2, "0")}.png`;
    writeFileSync(join(folder, name), Buffer.from(textOf(/** @type {string} */ (png)), "base64"));
  }
}

/** @param {Notebook} notebook @param {number} index @param {string} message @returns {string} */
function failureText(notebook, index, message) {
  const outputs = notebook.cells[index]?.outputs ?? [];
  const error = outputs.flatMap(({ traceback }) => traceback ?? []).join("\n");
  return (error || message).replace(/\u001b\[[0-9;]*m/g, "").trim();
}

/**
 * Runs one notebook headless in a kernel of its own, unless a finished run of the same thing is there.
 *
 * @param {string} file
 * @param {object} options
 * @param {string} options.profile
 * @param {boolean} [options.force] runs in any case
 * @param {Settings} [options.settings]
 * @param {string} [options.executed] where the executed notebook goes; its place in results/ when left out
 * @param {(index: number, notebook: Notebook) => void} [options.onCell]
 * @param {AbortSignal} [options.signal] ends the run and its kernel
 * @returns {Promise<Outcome>}
 */
export async function runNotebook(file, options) {
  const { profile, force = false, settings = {}, executed = executedFile(profile, file), onCell, signal } = options;
  const known = force ? undefined : finishedRun(file, profile, settings, executed);
  if (known) return { record: known, reused: true };
  const notebook = readNotebook(file);
  const fingerprint = fingerprintOf(file, profile, settings);
  makeFolder(dirname(executed));
  rmSync(recordFile(executed), { force: true });
  const start = Date.now();
  const runner = join(dirname(fileURLToPath(import.meta.url)), "run_notebook.py");
  const child = spawn(venvProgram(labEnvironment.venv, "python"), [runner, file, executed], {
    cwd: root,
    // A group of its own: Ctrl-C goes to this process only, which then ends the runner and, through it, the kernel.
    detached: process.platform !== "win32",
    // When this process ends, even by kill -9, the runner's stdin closes, and it ends with its kernel.
    stdio: ["pipe", "pipe", "pipe"],
    env: childEnv({
      KH_HEADLESS: "1", KH_PROFILE: profile, JUPYTER_PREFER_ENV_PATH: "1", ...environmentOf(settings),
    }),
  });
  const stop = () => child.kill("SIGTERM");
  signal?.addEventListener("abort", stop, { once: true });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  /** @type {{ index: number, message: string } | undefined} */
  let stopped;
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith("{")) continue;
    const event = JSON.parse(line);
    if (event.event === "cell") onCell?.(event.index, notebook);
    if (event.event === "error") stopped = event;
  }
  const code = await new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once("close", resolve);
  });
  signal?.removeEventListener("abort", stop);
  if (signal?.aborted) return { reused: false, interrupted: true };
  if (code !== 0) {
    const result = existsSync(executed) ? readNotebook(executed) : notebook;
    const index = stopped?.index ?? 0;
    const ending = log.trim() || `the runner ended with ${code}`;
    const message = stopped ? failureText(result, index, stopped.message) : ending;
    return { reused: false, failure: { index, source: textOf(notebook.cells[index]?.source), message } };
  }
  const result = readNotebook(executed);
  const record = {
    notebook: nameOf(file), profile, fingerprint, seconds: (Date.now() - start) / 1000, claims: claimsIn(result),
  };
  writeFigures(result, figureFolder(executed));
  writeWhole(recordFile(executed), `${JSON.stringify(record, null, 2)}\n`);
  return { record, reused: false };
}
