import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { integer, profileOption, profiles, readArguments } from "./bootstrap/arguments.mjs";
import { beginRun, compareRuns, newestResults, notebookOf, recordNotebook, writeRun } from "./lib/ledger.mjs";
import { committable, headingBefore, nameOf, notebookFiles, readNotebook } from "./lib/notebooks.mjs";
import { root } from "./bootstrap/paths.mjs";
import { runPool } from "./lib/pool.mjs";
import { writeRecord } from "./lib/record.mjs";
import { formatNumber, reportHtml } from "./lib/report.mjs";
import { executedFile, runNotebook } from "./lib/run-notebook.mjs";
import { main } from "./bootstrap/say.mjs";
import { checkParameters, checkSettings, sizesAsked } from "./bootstrap/settings.mjs";
import { checkWritable, writeWhole } from "./bootstrap/stamp.mjs";
import { textTable } from "./lib/text-table.mjs";
import { ensureSetup } from "./setup.mjs";

/** Memory that a notebook may take: what 09 takes on the quick profile. */
const needBytes = 3 * 2 ** 30;

/** What the command line asks for. */
function request() {
  const { values, words, refuse } = readArguments("reproduce", {
    words: "[07 …]",
    options: {
      profile: profileOption(), processes: { value: "N", read: integer(1) }, force: {}, save: {}, solutions: {},
      compare: { value: "RUN" },
    },
  });
  // Outputs that are kept hold seconds, which are to be a notebook's own; its solutions use what it has trained.
  // Else one for every two cores: TensorFlow has two threads in each, so that networks repeat. Two cores run two.
  const alone = values.save || values.solutions;
  const cores = availableParallelism();
  const sideBySide = Math.max(Math.min(2, cores), Math.floor(cores / 2));
  const processes = values.processes ?? (alone ? 1 : sideBySide);
  return { ...values, processes, words, refuse };
}

/**
 * @param {string[]} wanted
 * @param {boolean} solutions
 * @param {(message: string) => never} refuse
 * @returns {string[]}
 */
function chosenFiles(wanted, solutions, refuse) {
  const all = [...notebookFiles(), ...(solutions ? notebookFiles(true) : [])];
  if (!wanted.length) return all;
  for (const word of wanted)
    if (!all.some((file) => nameOf(file).startsWith(word)))
      refuse(`no notebook's name starts with ${word}; there are ${all.map(nameOf).join(", ") || "none"}`);
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

/** @typedef {import("./lib/ledger.mjs").Claim} Claim with its notebook, profile, run and seed */

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
 * The newest result of each notebook and profile, put together: results/claims.json and results/report.html.
 * @returns {Claim[]}
 */
function writeResults() {
  const names = [...notebookFiles(), ...notebookFiles(true)].map(nameIn);
  const results = newestResults().filter(({ name }) => names.includes(name))
    .sort((a, b) => profiles.indexOf(a.run.profile) - profiles.indexOf(b.run.profile)
      || names.indexOf(a.name) - names.indexOf(b.name));
  const claims = results.flatMap(({ name, run: { id, profile, seed }, measured }) =>
    measured.claims.map((claim) => /** @type {Claim} */ ({ notebook: name, profile, run: id, seed, ...claim })));
  writeWhole(join(root, "results", "claims.json"), `${JSON.stringify(claims, null, 2)}\n`);
  const shown = results.map(({ name, run, measured }) =>
    ({ name, run, seconds: measured.seconds, notebook: readNotebook(notebookOf(run.id, name)) }));
  writeWhole(join(root, "results", "report.html"), reportHtml({ claims, runs: shown }));
  return claims;
}

/**
 * Keeps what was measured beside the notebook, and the outputs of the smallest profile in the notebook itself.
 * @param {import("./lib/ledger.mjs").Run} run
 * @param {string} file
 * @param {import("./lib/ledger.mjs").Measured} measured
 */
function keep(run, file, measured) {
  if (notebookFiles().includes(file)) writeRecord(run, nameIn(file), measured);
  if (run.profile === profiles[0]) writeWhole(file, committable(readNotebook(executedFile(run.profile, file))));
}

/** @param {Claim[]} claims @returns {string[]} ids that more than one claim has */
function repeatedIds(claims) {
  const ids = claims.map(({ id }) => id);
  return [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))];
}

/** @param {string} file @returns {string} its name below notebooks/ */
const nameIn = (file) => relative(join(root, "notebooks"), file).replace(/\\/g, "/").replace(/\.ipynb$/, "");

/** @param {string} first @param {string[]} others @param {(message: string) => never} refuse @returns {number} */
function compare(first, others, refuse) {
  if (others.length > 1) refuse(`--compare takes two runs, got ${[first, ...others].join(" ")}`);
  const { text, same } = compareRuns(first, others[0] ?? "newest");
  process.stdout.write(text);
  return same ? 0 : 1;
}

async function reproduce() {
  const { profile, processes, force, save, solutions, compare: first, words, refuse } = request();
  if (first !== undefined) return compare(first, words, refuse);
  const files = chosenFiles(words, solutions, refuse);
  checkSettings();
  checkWritable(join(root, "results"));
  await ensureSetup();
  const sizes = sizesAsked();
  for (const file of files) checkParameters(nameOf(file), profile, sizes);
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const watcher = cellWatcher();
  /** @type {string[]} */
  const failed = [];
  /** @type {Map<string, number>} */
  const seconds = new Map();
  const sideBySide = Math.min(processes, files.length);
  const run = beginRun({ profile, seed: Number(process.env.KH_SEED || 42), sizes, processes: sideBySide });
  const stopped = (/** @type {string} */ name, /** @type {string} */ text) => {
    failed.push(name);
    run.stopped.push(name);
    process.stdout.write(`${name}: ${text}\n\n`);
  };
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
      recordNotebook(run, name, record, { executed: executedFile(profile, file), reused });
      const how = reused ? "unchanged since it ran in" : "done in";
      process.stdout.write(`${name}: ${how} ${minutes(record.seconds)} minutes, claims: ${record.claims.length}\n`);
      if (save) keep(run, file, record);
    },
    onFailure(file, message) {
      watcher.end(nameIn(file));
      stopped(nameIn(file), message);
    },
  });
  writeRun(run);
  const all = writeResults().filter((claim) => claim.profile === profile);
  const claims = all.filter(({ notebook }) => seconds.has(notebook));
  if (claims.length) printClaims(claims, seconds);
  const broken = claims.filter(({ verdict }) => verdict === "not reproduced");
  const repeated = repeatedIds(all);
  if (repeated.length) process.stdout.write(`claim ids used more than once: ${repeated.join(", ")}\n`);
  if (broken.length) process.stdout.write(`not reproduced: ${broken.map(({ id }) => id).join(", ")}\n`);
  if (failed.length) process.stdout.write(`stopped: ${failed.join(", ")}\n`);
  const report = join(root, "results", "report.html");
  process.stdout.write(`report: ${relative(process.cwd(), report)}; run: ${run.id}\n`);
  if (abort.signal.aborted) {
    process.stdout.write("interrupted; notebooks that had finished are kept\n");
    return 130;
  }
  return broken.length || repeated.length || failed.length ? 1 : 0;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main(reproduce);
