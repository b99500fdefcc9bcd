import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { committable, headingBefore, nameOf, notebookFiles, readNotebook } from "./lib/notebooks.mjs";
import { root } from "./lib/paths.mjs";
import { runPool } from "./lib/pool.mjs";
import { formatNumber, reportHtml } from "./lib/report.mjs";
import { executedFile, finishedRun, runNotebook } from "./lib/run-notebook.mjs";
import { main } from "./lib/say.mjs";
import { writeWhole } from "./lib/stamp.mjs";
import { textTable } from "./lib/text-table.mjs";
import { ensureSetup } from "./setup.mjs";

const profiles = ["quick", "standard", "full"];
const usage = `usage: npm run reproduce -- [07 …] [--profile ${profiles.join("|")}] [--processes N] [--force] [--save]`
  + " [--solutions]";

/** Memory that a notebook may take: what 09 takes on the quick profile. */
const needBytes = 3 * 2 ** 30;

class UsageError extends Error {}

/** @typedef {{ notebook: string } & Record<string, any>} Claim */

/** What the command line asks for. */
function request() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        profile: { type: "string", default: "quick" },
        processes: { type: "string" },
        force: { type: "boolean", default: false },
        save: { type: "boolean", default: false },
        solutions: { type: "boolean", default: false },
      },
    });
    // Outputs that are kept hold seconds, which are to be a notebook's own; its solutions use what it has trained.
    // Else one for every two cores: TensorFlow has two threads in each, so that networks repeat. Two cores run two.
    const alone = values.save || values.solutions;
    const cores = availableParallelism();
    const sideBySide = Math.max(Math.min(2, cores), Math.floor(cores / 2));
    const processes = values.processes ?? String(alone ? 1 : sideBySide);
    return { ...values, profile: String(values.profile), processes: String(processes), wanted: positionals };
  } catch (error) {
    throw new UsageError(/** @type {Error} */ (error).message);
  }
}

/** @param {string[]} wanted @param {boolean} solutions @returns {string[]} */
function chosenFiles(wanted, solutions) {
  const all = [...notebookFiles(), ...(solutions ? notebookFiles(true) : [])];
  if (!wanted.length) return all;
  for (const word of wanted)
    if (!all.some((file) => nameOf(file).startsWith(word)))
      throw new UsageError(`no notebook's name starts with ${word}; there are ${all.map(nameOf).join(", ") || "none"}`);
  return all.filter((file) => wanted.some((word) => nameOf(file).startsWith(word)));
}

/** @param {number} seconds @returns {string} */
const minutes = (seconds) => (seconds / 60).toFixed(1);

/**
 * From both ends inwards: the first notebooks soon show something, the last ones take longest.
 * @param {string[]} files
 * @returns {string[]}
 */
export function fromBothEnds(files) {
  const back = [...files].reverse();
  return files.flatMap((file, i) => [file, back[i]]).slice(0, files.length);
}

/** Shows which cells are running: in place on a terminal, else one line for each heading. */
function cellWatcher() {
  const inPlace = process.stdout.isTTY;
  /** @type {Map<string, { cell: string, heading: string }>} */
  const running = new Map();
  const clear = () => {
    if (inPlace) process.stdout.write("\r\u001b[2K");
  };
  return {
    /** @param {string} name @param {number} index @param {import("./lib/notebooks.mjs").Notebook} notebook */
    show(name, index, notebook) {
      const heading = headingBefore(notebook, index);
      const cell = `cell ${index + 1} of ${notebook.cells.length}`;
      const isNew = running.get(name)?.heading !== heading;
      running.set(name, { cell, heading });
      if (inPlace) {
        const all = [...running].map(([one, { cell: at, heading: under }]) =>
          (running.size > 1 ? `${one.replace(/(\d\d)-.*/, "$1")} ${at}` : `${one}: ${at}${under ? `, ${under}` : ""}`));
        clear();
        process.stdout.write(all.join(" · ").slice(0, (process.stdout.columns || 100) - 1));
      } else if (isNew) process.stdout.write(`${name}: ${cell}${heading ? `, ${heading}` : ""}\n`);
    },
    /** @param {string} name */
    end(name) {
      running.delete(name);
      clear();
    },
  };
}

/** @param {Claim[]} claims @param {Map<string, number>} seconds */
function printClaims(claims, seconds) {
  const rows = [["claim", "expected", "reproduced", "verdict", "minutes"]];
  let last = "";
  for (const claim of claims) {
    const time = claim.notebook === last ? "" : minutes(seconds.get(claim.notebook) ?? 0);
    last = claim.notebook;
    rows.push([claim.id, claim.expected, formatNumber(claim.reproduced), claim.verdict, time]);
  }
  process.stdout.write(`\n${textTable(rows)}\n\n`);
}

/** @param {string} source @returns {string} */
const indented = (source) => source.split("\n").map((line) => `    ${line}`).join("\n");

/**
 * Everything finished on this profile, put together: results/claims.json and results/report.html.
 * @param {string} profile
 * @returns {Claim[]}
 */
function writeResults(profile) {
  const runs = [...notebookFiles(), ...notebookFiles(true)].flatMap((file) => {
    const record = finishedRun(file, profile);
    const solution = !file.startsWith(join(root, "notebooks", nameOf(file)));
    const name = solution ? `solutions/${nameOf(file)}` : nameOf(file);
    return record ? [{ name, record, notebook: readNotebook(executedFile(profile, file)) }] : [];
  });
  const claims = runs.flatMap(({ name, record }) =>
    record.claims.map((claim) => /** @type {Claim} */ ({ notebook: name, ...claim })));
  writeWhole(join(root, "results", "claims.json"), `${JSON.stringify(claims, null, 2)}\n`);
  const shown = runs.map(({ name, record, notebook }) => ({ name, seconds: record.seconds, notebook }));
  writeWhole(join(root, "results", "report.html"), reportHtml({ profile, claims, runs: shown }));
  return claims;
}

/** @param {Claim[]} claims @returns {string[]} ids that more than one claim has */
function repeatedIds(claims) {
  const ids = claims.map(({ id }) => id);
  return [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))];
}

async function reproduce() {
  const { profile, processes, force, save, solutions, wanted } = request();
  if (!profiles.includes(profile))
    throw new UsageError(`--profile must be one of ${profiles.join(", ")}, got ${profile}`);
  if (!/^[1-9]\d*$/.test(processes)) throw new UsageError(`--processes must be 1 or more, got ${processes}`);
  const files = chosenFiles(wanted, Boolean(solutions));
  await ensureSetup();
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const watcher = cellWatcher();
  /** @type {string[]} */
  const failed = [];
  /** @type {Map<string, number>} */
  const seconds = new Map();
  const nameIn = (/** @type {string} */ file) =>
    relative(join(root, "notebooks"), file).replace(/\\/g, "/").replace(/\.ipynb$/, "");
  const stopped = (/** @type {string} */ name, /** @type {string} */ text) => {
    failed.push(name);
    process.stdout.write(`${name}: ${text}\n\n`);
  };
  const sideBySide = Math.min(Number(processes), files.length);
  await runPool(sideBySide === 1 ? files : fromBothEnds(files), {
    processes: sideBySide, needBytes, signal: abort.signal,
    run: (file, signal) => runNotebook(file, {
      profile, force, signal, onCell: (index, notebook) => watcher.show(nameIn(file), index, notebook),
    }),
    onResult(file, { record, reused, failure }) {
      const name = nameIn(file);
      watcher.end(name);
      if (failure) {
        const { index, source, message } = failure;
        stopped(name, `stopped in cell ${index + 1}\n${indented(source)}\n\n${indented(message)}`);
      }
      if (!record) return;
      seconds.set(name, record.seconds);
      const how = reused ? "unchanged since it ran in" : "done in";
      process.stdout.write(`${name}: ${how} ${minutes(record.seconds)} minutes, claims: ${record.claims.length}\n`);
      if (save) writeWhole(file, committable(readNotebook(executedFile(profile, file))));
    },
    onFailure(file, message) {
      watcher.end(nameIn(file));
      stopped(nameIn(file), message);
    },
  });
  const all = writeResults(profile);
  const claims = all.filter(({ notebook }) => seconds.has(notebook));
  if (claims.length) printClaims(claims, seconds);
  const broken = claims.filter(({ verdict }) => verdict === "not reproduced");
  const repeated = repeatedIds(all);
  if (repeated.length) process.stdout.write(`claim ids used more than once: ${repeated.join(", ")}\n`);
  if (broken.length) process.stdout.write(`not reproduced: ${broken.map(({ id }) => id).join(", ")}\n`);
  if (failed.length) process.stdout.write(`stopped: ${failed.join(", ")}\n`);
  const report = join(root, "results", "report.html");
  if (existsSync(report)) process.stdout.write(`report: ${relative(process.cwd(), report)}\n`);
  if (abort.signal.aborted) {
    process.stdout.write("interrupted; notebooks that had finished are kept\n");
    return 130;
  }
  return broken.length || repeated.length || failed.length ? 1 : 0;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(() =>
    reproduce().catch((error) => {
      if (!(error instanceof UsageError)) throw error;
      process.stderr.write(`${error.message}\n${usage}\n`);
      return 2;
    }));
}
