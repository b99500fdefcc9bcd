import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { committable, headingBefore, nameOf, notebookFiles, readNotebook } from "./lib/notebooks.mjs";
import { root } from "./lib/paths.mjs";
import { formatNumber, reportHtml } from "./lib/report.mjs";
import { executedFile, finishedRun, runNotebook } from "./lib/run-notebook.mjs";
import { main } from "./lib/say.mjs";
import { writeWhole } from "./lib/stamp.mjs";
import { textTable } from "./lib/text-table.mjs";
import { ensureSetup } from "./setup.mjs";

const profiles = ["quick", "standard", "full"];
const usage = `usage: npm run reproduce -- [07 …] [--profile ${profiles.join("|")}] [--force] [--save] [--solutions]`;

class UsageError extends Error {}

/** @typedef {{ notebook: string } & Record<string, any>} Claim */

/** What the command line asks for. */
function request() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        profile: { type: "string", default: "quick" },
        force: { type: "boolean", default: false },
        save: { type: "boolean", default: false },
        solutions: { type: "boolean", default: false },
      },
    });
    return { ...values, profile: String(values.profile), wanted: positionals };
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

/** Shows which cell is running: in place on a terminal, else one line for each heading. */
function cellWatcher() {
  const inPlace = process.stdout.isTTY;
  let last = "";
  return {
    /** @param {string} name @param {number} index @param {import("./lib/notebooks.mjs").Notebook} notebook */
    show(name, index, notebook) {
      const heading = headingBefore(notebook, index);
      const line = `${name}: cell ${index + 1} of ${notebook.cells.length}${heading ? `, ${heading}` : ""}`;
      if (inPlace) process.stdout.write(`\r\u001b[2K${line.slice(0, (process.stdout.columns || 100) - 1)}`);
      else if (heading !== last) process.stdout.write(`${line}\n`);
      last = heading;
    },
    clear() {
      if (inPlace) process.stdout.write("\r\u001b[2K");
      last = "";
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
  const { profile, force, save, solutions, wanted } = request();
  if (!profiles.includes(profile))
    throw new UsageError(`--profile must be one of ${profiles.join(", ")}, got ${profile}`);
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
  for (const file of files) {
    if (abort.signal.aborted) break;
    const name = relative(join(root, "notebooks"), file).replace(/\\/g, "/").replace(/\.ipynb$/, "");
    const outcome = await runNotebook(file, {
      profile, force, signal: abort.signal, onCell: (index, notebook) => watcher.show(name, index, notebook),
    });
    watcher.clear();
    if (outcome.interrupted) break;
    if (outcome.failure) {
      const { index, source, message } = outcome.failure;
      failed.push(name);
      process.stdout.write(`${name}: stopped in cell ${index + 1}\n${indented(source)}\n\n${indented(message)}\n\n`);
      continue;
    }
    if (!outcome.record) continue;
    seconds.set(name, outcome.record.seconds);
    const how = outcome.reused ? "unchanged since it ran in" : "done in";
    const { seconds: took, claims: made } = outcome.record;
    process.stdout.write(`${name}: ${how} ${minutes(took)} minutes, claims: ${made.length}\n`);
    if (save) writeWhole(file, committable(readNotebook(executedFile(profile, file))));
  }
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
