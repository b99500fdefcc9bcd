import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { integer, number, profileOption, readArguments } from "./bootstrap/arguments.mjs";
import { nameOf, notebookFile } from "./lib/notebooks.mjs";
import { root } from "./bootstrap/paths.mjs";
import { runPool } from "./lib/pool.mjs";
import { formatNumber } from "./lib/report.mjs";
import { main, SetupError } from "./bootstrap/say.mjs";
import { checkParameters } from "./bootstrap/settings.mjs";
import { checkWritable, writeWhole } from "./bootstrap/stamp.mjs";
import {
  keyMaker, labelOf, runCell, storedResult, storeResult, sweepFolder, sweepName,
} from "./lib/sweep/cells.mjs";
import { parseGrid } from "./lib/sweep/grid.mjs";
import { drawSummary } from "./lib/sweep/pictures.mjs";
import { redisTools, redisUrl } from "./lib/sweep/redis-tools.mjs";
import { textTable } from "./lib/text-table.mjs";
import { ensureSetup } from "./setup.mjs";

/**
 * @typedef {import("./lib/sweep/cells.mjs").Cell} Cell
 * @typedef {import("./lib/sweep/cells.mjs").CellResult} CellResult
 */

/** What the command line asks for. */
function request() {
  const { values, words: given, refuse } = readArguments("sweep", {
    words: "<notebook>",
    options: {
      grid: { value: "seed=42..46 queries=250,500,1000", many: true },
      profile: profileOption(),
      processes: { value: "N", read: integer(1), default: String(availableParallelism()) },
      memory: { value: "GiB", read: number(0), default: "2" },
      redis: { value: "URL", read: redisUrl },
      name: { value: "NAME", read: sweepName },
    },
  });
  // The shell gives --grid its first word only; the others have the same form.
  const grid = [...values.grid, ...given.filter((word) => word.includes("="))];
  const words = given.filter((word) => !word.includes("="));
  if (words.length !== 1) refuse(`name one notebook${words.length ? `, got ${words.join(" and ")}` : ""}`);
  try {
    return { ...values, file: notebookFile(words[0]), grid: parseGrid(grid), needBytes: values.memory * 2 ** 30 };
  } catch (error) {
    return refuse(/** @type {Error} */ (error).message);
  }
}

/** What the environment says of seed and sizes would not be in the cells' keys. */
function refuseEnvironment() {
  for (const name of ["KH_SEED", "KH_SIZES"])
    if (process.env[name]) throw new SetupError(`${name} has no say in a sweep: write it into --grid`);
}

/**
 * Writes the tables and the figures.
 * @param {string} folder
 * @param {Cell[]} cells
 * @param {Map<string, CellResult>} results
 * @param {Map<string, string>} failures
 * @returns {Promise<void>}
 */
async function writeTables(folder, cells, results, failures) {
  const { summaryRows, tidyRows, toArrow, toCsv } = await import("./lib/sweep/table.mjs");
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
  refuseEnvironment();
  checkWritable(join(root, "results"));
  await ensureSetup();
  const notebook = nameOf(file);
  for (const parameters of grid) checkParameters(notebook, profile, parameters);
  const keyOf = keyMaker();
  const cells = grid.map((parameters) => {
    const cell = { sweep: name, notebook, profile, parameters };
    return { key: keyOf(cell), ...cell };
  });
  const tell = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);
  const tools = url === undefined ? undefined : await redisTools();
  const redis = url === undefined ? undefined : await tools?.connectRedis(url, { tell });

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
    if (redis && tools) await tools.collect(redis, missing, { signal, onResult, onFailure, onAlone });
    else await runPool(missing, { run: runCell, processes, needBytes, signal, onResult, onFailure });
  } finally {
    redis?.disconnect();
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
    await writeTables(sweepFolder(name), cells, results, failures);
  }
  if (signal.aborted) {
    tell(`interrupted with ${results.size} of ${cells.length} cells done; the same command goes on from there`);
    return 130;
  }
  if (failures.size) tell(`failed: ${failures.size} of ${cells.length} cells; the same command tries them again`);
  return failures.size ? 1 : 0;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main(sweep);
