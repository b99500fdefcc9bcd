import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { nameOf } from "./lib/notebooks.mjs";
import { runPool } from "./lib/pool.mjs";
import { formatNumber } from "./lib/report.mjs";
import { main, SetupError } from "./lib/say.mjs";
import { writeWhole } from "./lib/stamp.mjs";
import {
  checkParameters, keyMaker, notebookFile, runCell, storedResult, storeResult, sweepFolder,
  sweepName,
} from "./lib/sweep/cells.mjs";
import { parseGrid } from "./lib/sweep/grid.mjs";
import { drawSummary } from "./lib/sweep/pictures.mjs";
import { collect, labelOf } from "./lib/sweep/queue.mjs";
import { connectRedis } from "./lib/sweep/redis.mjs";
import { summaryRows, tidyRows, toArrow, toCsv } from "./lib/sweep/table.mjs";
import { textTable } from "./lib/text-table.mjs";
import { ensureSetup } from "./setup.mjs";

/**
 * @typedef {import("./lib/sweep/cells.mjs").Cell} Cell
 * @typedef {import("./lib/sweep/cells.mjs").CellResult} CellResult
 */

const profiles = ["quick", "standard", "full"];
const usage = "npm run sweep -- <notebook> --grid seed=42..46 queries=250,500,1000 "
  + "[--profile quick|standard|full] [--processes N] [--memory GiB] [--redis URL] [--name NAME]";

/** @param {string} name @param {string} text @param {number} least @returns {number} */
function numberOf(name, text, least) {
  const value = Number(text);
  if (Number.isFinite(value) && value >= least) return value;
  throw new SetupError(`--${name} must be a number of at least ${least}, got ${text}`);
}

/** What the command line asks for. */
function request() {
  /** @type {import("node:util").ParseArgsConfig["options"]} */
  const options = {
    grid: { type: "string", multiple: true, default: [] },
    profile: { type: "string", default: "quick" },
    processes: { type: "string", default: String(availableParallelism()) },
    memory: { type: "string", default: "2" },
    redis: { type: "string" },
    name: { type: "string" },
  };
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options });
    const text = /** @type {Record<string, string>} */ (values);
    // The shell gives --grid its first word only; the others have the same form.
    const grid = [.../** @type {string[]} */ (values.grid), ...positionals.filter((word) => word.includes("="))];
    const words = positionals.filter((word) => !word.includes("="));
    if (words.length !== 1)
      throw new SetupError(`name one notebook${words.length ? `, got ${words.join(" and ")}` : ""}`);
    if (!profiles.includes(text.profile))
      throw new SetupError(`--profile must be one of ${profiles.join(", ")}, got ${text.profile}`);
    if (text.name !== undefined && !sweepName.test(text.name))
      throw new SetupError(`--name must consist of letters, digits, dots and dashes, got ${text.name}`);
    return {
      file: notebookFile(words[0]), grid: parseGrid(grid), profile: text.profile, redis: text.redis, name: text.name,
      processes: Math.floor(numberOf("processes", text.processes, 1)),
      needBytes: numberOf("memory", text.memory, 0) * 2 ** 30,
    };
  } catch (error) {
    throw new SetupError(/** @type {Error} */ (error).message, usage);
  }
}

/**
 * Writes the tables and the figures.
 * @param {string} folder
 * @param {Cell[]} cells
 * @param {Map<string, CellResult>} results
 * @param {Map<string, string>} failures
 */
function writeTables(folder, cells, results, failures) {
  const summary = summaryRows(cells, results);
  if (!results.size && !failures.size) return;
  for (const [name, rows] of Object.entries({ results: tidyRows(cells, results, failures), summary })) {
    if (!rows.length) continue;
    writeWhole(join(folder, `${name}.csv`), toCsv(rows));
    writeWhole(join(folder, `${name}.arrow`), toArrow(rows));
  }
  const pictures = drawSummary(summary, join(folder, "figures"));
  if (summary.length) {
    const columns = Object.keys(summary[0]);
    const text = (/** @type {string | number | null} */ value) =>
      (typeof value === "number" ? formatNumber(value) : value ?? "");
    const rows = summary.map((row) => columns.map((key) => text(row[key])));
    process.stdout.write(`\n${textTable([columns, ...rows])}\n\n`);
  }
  const shown = relative(process.cwd(), folder) || ".";
  process.stdout.write(`tables: ${shown}/results.csv, results.arrow, summary.csv, summary.arrow`);
  process.stdout.write(`${pictures.length ? `; figures: ${shown}/figures` : ""}\n`);
}

async function sweep() {
  const { file, grid, profile, redis: url, name = nameOf(file), processes, needBytes } = request();
  await ensureSetup();
  const notebook = nameOf(file);
  for (const parameters of grid) checkParameters(notebook, profile, parameters);
  const keyOf = keyMaker();
  const cells = grid.map((parameters) => {
    const cell = { sweep: name, notebook, profile, parameters };
    return { key: keyOf(cell), ...cell };
  });
  const tell = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);
  const redis = url === undefined ? undefined : await connectRedis(url, { tell });

  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const { signal } = abort;
  /** @type {Map<string, CellResult>} */
  const results = new Map();
  /** @type {Map<string, string>} */
  const failures = new Map();
  for (const cell of cells) {
    const known = storedResult(cell);
    if (known) results.set(cell.key, known);
  }
  const missing = cells.filter(({ key }) => !results.has(key));
  const known = results.size;
  tell(`${cells.length} cell${cells.length > 1 ? "s" : ""}${known ? `, ${known} of them finished before` : ""}`);
  const start = Date.now();
  const report = (/** @type {Cell} */ cell, /** @type {string} */ line) => {
    const finished = results.size + failures.size;
    const left = cells.length - finished;
    const minutes = ((Date.now() - start) / 60_000 / (finished - known)) * left;
    const wait = left ? `; about ${minutes.toFixed(1)} min left` : "";
    tell(`${finished} of ${cells.length}: ${labelOf(cell)}: ${line}${wait}`);
  };
  const onResult = (/** @type {Cell} */ cell, /** @type {CellResult} */ result) => {
    storeResult(cell, result);
    results.set(cell.key, result);
    report(cell, `done in ${result.seconds.toFixed(1)} s`);
  };
  const onFailure = (/** @type {Cell} */ cell, /** @type {string} */ message) => {
    failures.set(cell.key, message);
    report(cell, message);
  };
  const onAlone = () => tell("no worker is there yet; on any machine: npm run worker -- --redis URL");
  try {
    if (redis) await collect(redis, missing, { signal, onResult, onFailure, onAlone });
    else await runPool(missing, { run: runCell, processes, needBytes, signal, onResult, onFailure });
  } finally {
    redis?.disconnect();
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
    writeTables(sweepFolder(name), cells, results, failures);
  }
  if (signal.aborted) {
    tell(`interrupted with ${results.size} of ${cells.length} cells done; the same command goes on from there`);
    return 130;
  }
  if (failures.size) tell(`failed: ${failures.size} of ${cells.length} cells; the same command tries them again`);
  return failures.size ? 1 : 0;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main(sweep);
