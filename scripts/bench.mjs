import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { integer, readArguments } from "./bootstrap/arguments.mjs";
import { mergeRows, sameResult, Side, toRows } from "./lib/bench.mjs";
import { root, venvProgram } from "./bootstrap/paths.mjs";
import { environmentReady, makeEnvironment } from "./bootstrap/python.mjs";
import { main } from "./bootstrap/say.mjs";
import { ensureSetup } from "./setup.mjs";

const bench = join(root, "bench");

/** @returns {string[]} the benchmarks: files of the same name for both sides */
function benchmarks() {
  const names = readdirSync(bench).filter((file) => file.endsWith(".ts")).map((file) => file.slice(0, -3));
  return names.filter((name) => existsSync(join(bench, `${name}.py`)) && name !== "harness");
}

/**
 * The environment that a benchmark's peer runs in: bench/<word>.requirements.txt for one with the line
 * `# requirements: <word>`, else bench/requirements.txt.
 * @param {string} name
 * @returns {import("./bootstrap/python.mjs").Environment}
 */
function peerEnvironment(name) {
  const word = /^# requirements: (\w+)$/m.exec(readFileSync(join(bench, `${name}.py`), "utf8"))?.[1];
  const requirements = join(bench, word ? `${word}.requirements.txt` : "requirements.txt");
  const venv = join(root, word ? `.venv-bench-${word}` : ".venv-bench");
  return { title: "benchmarks", venv, requirements, oldestPython: [3, 11] };
}

/**
 * What the peer is called in the table: the first line of the Python file may say `# peer: scikit-learn`.
 * @param {string} name
 * @returns {string}
 */
function peerName(name) {
  return /^# peer: (.+)$/m.exec(readFileSync(join(bench, `${name}.py`), "utf8"))?.[1] ?? "Python";
}

/** @param {string} name @param {number} rounds @param {string[]} files that keep the rows */
async function runBenchmark(name, rounds, files) {
  const environment = peerEnvironment(name);
  if (!environmentReady(environment)) await makeEnvironment(environment);
  const peer = peerName(name);
  const ours = new Side("our side", process.execPath, ["--import", "tsx", join(bench, `${name}.ts`)]);
  const theirs = new Side(peer, venvProgram(environment.venv, "python"), [join(bench, `${name}.py`)]);
  try {
    // One after the other: neither may warm up while the other does.
    await ours.until("ready");
    await theirs.until("ready");
    /** @type {import("./lib/bench.mjs").Timing[][]} */
    const ourRounds = [];
    /** @type {import("./lib/bench.mjs").Timing[][]} */
    const theirRounds = [];
    for (let round = 0; round < rounds; round++) {
      // Who goes first changes, so that neither side always runs on the warmer machine.
      for (const side of round % 2 === 0 ? [ours, theirs] : [theirs, ours]) {
        (side === ours ? ourRounds : theirRounds).push(await side.round());
      }
    }
    const rows = toRows(peer, ourRounds, theirRounds);
    for (const file of files) mergeRows(file, rows);
    const results = rows.map((_, i) => {
      const [a, b] = [ourRounds, theirRounds].map((all) => all[all.length - 1][i].result);
      if (a === undefined || b === undefined) return "not compared";
      return sameResult(a, b) ? "equal" : "DIFFERENT";
    });
    print(rows, results);
    return !results.includes("DIFFERENT");
  } finally {
    ours.end();
    theirs.end();
  }
}

/** @param {import("./lib/bench.mjs").Row[]} rows @param {string[]} results */
function print(rows, results) {
  const table = [
    ["work", "ours (s)", "peer", "peer (s)", "ours / peer", "results"],
    ...rows.map((row, i) => {
      const [ours, theirs, ratio] = [row.ours_s, row.peer_s, row.ratio].map((value) => value.toPrecision(3));
      return [row.work, ours, row.peer, theirs, ratio, results[i]];
    }),
  ];
  const widths = table[0].map((_, column) => Math.max(...table.map((cells) => cells[column].length)));
  for (const cells of table) {
    process.stdout.write(`${cells.map((cell, i) => cell.padEnd(widths[i])).join("  ").trimEnd()}\n`);
  }
}

main(async () => {
  const { values: { rounds, save }, words, refuse } = readArguments("bench", {
    words: "<name> …", options: { rounds: { value: "N", read: integer(1), default: "5" }, save: {} },
  });
  const names = benchmarks();
  const unknown = words.find((name) => !names.includes(name));
  if (unknown !== undefined || words.length === 0)
    refuse(`${unknown === undefined ? "name a benchmark" : `there is no benchmark "${unknown}"`}; there are `
      + names.join(", "));
  await ensureSetup();
  const files = [join(root, "results", "bench.json"), ...(save ? [join(bench, "measured.json")] : [])];
  let same = true;
  for (const name of words) same = (await runBenchmark(name, rounds, files)) && same;
  return same ? 0 : 1;
});
