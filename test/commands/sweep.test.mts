import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { tableFromIPC } from "apache-arrow";
import fc from "fast-check";
import { root } from "../../scripts/bootstrap/paths.mjs";
import { runPool } from "../../scripts/lib/pool.mjs";
import { type Cell, type CellResult, keyHere, keyMaker, sweepFolder } from "../../scripts/lib/sweep/cells.mjs";
import { parseGrid } from "../../scripts/lib/sweep/grid.mjs";
import { summaryRows, tidyRows, toArrow, toCsv } from "../../scripts/lib/sweep/table.mjs";

test("a grid is every combination, ranges and lists spelled out, the last key fastest", () => {
  assert.deepEqual(parseGrid(["seed=42..44", "budget=250,1000"]), [
    { seed: 42, budget: 250 }, { seed: 42, budget: 1000 }, { seed: 43, budget: 250 }, { seed: 43, budget: 1000 },
    { seed: 44, budget: 250 }, { seed: 44, budget: 1000 },
  ]);
  assert.deepEqual(parseGrid(["curve=[1,2],[3]", "from=test", "rate=1e-3"]), [
    { curve: [1, 2], from: "test", rate: 0.001 }, { curve: [3], from: "test", rate: 0.001 },
  ]);
});

test("grids of another form are refused", () => {
  const refusals: [string[], RegExp][] = [
    [[], /give the grid/], [["seed"], /has the form key=values, got seed/], [["seed="], /seed has an empty value/],
    [["seed=5..3"], /range 5\.\.3 of seed must go up/], [["seed=1,1"], /gives seed the value 1 twice/],
    [["seed=1", "seed=2"], /names seed twice/], [["a=1..1000", "b=1..1000"], /1000000 cells; at most 100000/],
    [["seed=1..999999999"], /has more than 100000 values/],
  ];
  for (const [words, message] of refusals) assert.throws(() => parseGrid(words), message);
});

const cellsOf = (parameters: Record<string, unknown>[]): Cell[] =>
  parameters.map((one, i) => ({ key: `k${i}`, sweep: "s", notebook: "n", profile: "quick", parameters: one }));
const resultOf = (key: string, reproduced: number, verdict = "reproduced"): CellResult =>
  ({ key, seconds: 1, claims: [{ id: "error", published: null, expected: "≤ 1", reproduced, verdict }] });

test("the table is tidy; the summary has mean and spread over the seeds", () => {
  const cells = cellsOf(parseGrid(["seed=1..3", "budget=10,20"]));
  const results = new Map(cells.slice(0, 5).map(({ key }, i) => [key, resultOf(key, i, i ? "reproduced" : "not")]));
  const failures = new Map([["k5", 'stopped, with "quotes"\nand a line']]);
  const rows = tidyRows(cells, results, failures);
  assert.deepEqual(rows.map(({ cell, seed, budget, reproduced }) => [cell, seed, budget, reproduced]),
    [[0, 1, 10, 0], [1, 1, 20, 1], [2, 2, 10, 2], [3, 2, 20, 3], [4, 3, 10, 4], [5, 3, 20, null]]);
  // 0, 2, 4: mean 2, sample standard deviation 2; 1, 3: mean 2, √2.
  assert.deepEqual(summaryRows(cells, results), [
    { claim: "error", budget: 10, n: 3, mean: 2, sd: 2, min: 0, max: 4, held: 2 / 3 },
    { claim: "error", budget: 20, n: 2, mean: 2, sd: Math.SQRT2, min: 1, max: 3, held: 1 },
  ]);
  const csv = toCsv(rows);
  assert.match(csv, /^cell,notebook,profile,seed,budget,claim,published,reproduced,verdict,seconds,outcome\n/);
  assert.match(csv, /5,n,quick,3,20,,,,,,"stopped, with ""quotes""\nand a line"\n$/);
});

test("the Arrow file holds what the rows hold", () => {
  const value = fc.oneof(fc.constant(null), fc.double({ noNaN: true }));
  const row = fc.record({ n: value, text: fc.oneof(fc.constant(null), fc.string()) });
  fc.assert(fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
    const read = tableFromIPC(toArrow(rows)).toArray().map((one) => ({ n: one.n, text: one.text }));
    assert.deepEqual(read, rows.map(({ n, text }) => ({ n, text })));
  }), { seed: 42, numRuns: 50 });
});

interface Watched { most: number; results: string[]; failures: string[] }

/** Runs a pool of pauses and watches how many go on at a time. */
async function watchedPool(cells: Cell[], available: () => number, signal = new AbortController().signal) {
  const watched: Watched = { most: 0, results: [], failures: [] };
  let running = 0;
  await runPool(cells, {
    processes: 3, needBytes: 100, available, settleMs: 0, signal,
    run: async ({ key, parameters }, inner) => {
      watched.most = Math.max(watched.most, ++running);
      try {
        await sleep(50, undefined, { signal: inner });
        if (parameters.full) throw Object.assign(new Error("write"), { code: "ENOSPC" });
        if (parameters.bad) throw new Error("bad");
        return resultOf(key, 1);
      } finally {
        running--;
      }
    },
    onResult: ({ key }) => watched.results.push(key),
    onFailure: ({ key }, message) => watched.failures.push(`${key} ${message}`),
  });
  return watched;
}

const six = cellsOf([0, 1, 2, 3, 4, 5].map((seed) => ({ seed, bad: seed === 3 })));

test("the pool runs as many cells as processes are allowed, and one where memory is short", async () => {
  const roomy = await watchedPool(six, () => 1000);
  assert.equal(roomy.most, 3);
  assert.deepEqual(roomy.results.sort(), ["k0", "k1", "k2", "k4", "k5"]);
  assert.deepEqual(roomy.failures, ["k3 bad"]);
  const short = await watchedPool(six, () => 99);
  assert.equal(short.most, 1);
  assert.equal(short.results.length, 5);
});

test("an aborted pool ends its cells and starts no more", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 70);
  const { results, failures } = await watchedPool(six, () => 1000, controller.signal);
  assert.ok(results.length <= 3, `${results.length} results`);
  assert.deepEqual(failures, []);
});

test("a full disk stops the pool with its own error", async () => {
  await assert.rejects(watchedPool(cellsOf([{ full: true }, {}, {}, {}]), () => 1000), { code: "ENOSPC" });
});

test("a cell's key changes with its parameters, not with their order; strangers have none", () => {
  const parameters = { seed: 1, queries: 5 };
  const cell = { key: "", sweep: "s", notebook: "00-start-here", profile: "quick", parameters };
  const key = keyHere(cell);
  assert.match(key, /^[0-9a-f]{32}$/);
  assert.equal(keyHere({ ...cell, parameters: { queries: 5, seed: 1 } }), key);
  assert.notEqual(keyHere({ ...cell, parameters: { queries: 5, seed: 2 } }), key);
  assert.notEqual(keyHere({ ...cell, profile: "full" }), key);
  assert.equal(keyHere({ ...cell, notebook: "../evil" }), "");
  assert.equal(keyHere({ ...cell, sweep: "../evil" }), "");
});

const script = (name: string) => join(root, "scripts", `${name}.mjs`);
const command = (name: string, ...args: string[]) =>
  spawnSync(process.execPath, [script(name), ...args], { encoding: "utf8" });

const refusals: [string, string[], number, RegExp][] = [
  ["sweep", [], 2, /^error: name one notebook\n/],
  ["sweep", ["99", "--grid", "seed=1"], 2, /^error: no notebook's name starts with 99; there are 00-start-here, /],
  ["sweep", ["0", "--grid", "seed=1"], 2, /^error: more than one notebook's name starts with 0; there are 00-/],
  ["sweep", ["00"], 2, /^error: give the grid, as in --grid seed=42\.\.46/],
  ["sweep", ["00", "--grid", "seed=1", "--profile", "fast"], 2, /^error: --profile must be one of quick, /],
  ["sweep", ["00", "--grid", "budget=1"], 1, /^error: a size of 00-\S+ must be seed or one of queries, got budget\n/],
  ["sweep", ["00", "--grid", "queries=many"], 1, /^error: queries of 00-start-here must be a finite number .*"many"\n/],
  ["sweep", ["00", "--grid", "seed=-1"], 1, /^error: seed must be an integer in \[0, 4294967295\], got -1\n/],
  ["sweep", ["00", "--grid", "seed=1", "--processes", "0"], 2, /^error: --processes must be an integer of at least 1/],
  ["sweep", ["00", "--grid", "seed=1", "--redis", "here"], 2, /^error: --redis must be a URL such as redis:\/\//],
  ["sweep", ["00", "--grid", "seed=1", "--name", "../x"], 2, /^error: --name must consist of letters/],
  ["worker", [], 2, /^error: --redis must name the Redis that the sweep uses\n/],
  ["worker", ["--redis", "redis://x", "--processes", "x"], 2,
    /^error: --processes must be an integer of at least 1, got x/],
];
for (const [name, args, code, message] of refusals)
  test(`npm run ${name} -- ${args.join(" ")} is refused in one clear sentence`, () => {
    const { status, stderr } = command(name, ...args);
    assert.equal(status, code, stderr);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /^ {4}at /m);
  });

const sweepName = `test-${process.pid}`;
after(() => rmSync(sweepFolder(sweepName), { recursive: true, force: true }));

test("a real sweep: interrupted, it says so and keeps nothing half done; run again, it ends; a third has no work",
  async () => {
    const args = [script("sweep"), "00", "--grid", "seed=0", "queries=100", "--name", sweepName];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      said += text;
      if (said.includes("1 cell")) setTimeout(() => child.kill("SIGINT"), 1000);
    });
    assert.equal(await new Promise((resolve) => child.once("close", resolve)), 130, said);
    assert.match(said, /interrupted with 0 of 1 cells done; the same command goes on from there/);
    assert.equal(existsSync(join(sweepFolder(sweepName), "results.csv")), false);

    const again = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.equal(again.status, 0, `${again.stdout}${again.stderr}`);
    assert.match(again.stdout, /1 of 1: 00-start-here seed=0 queries=100: done in/);
    const csv = readFileSync(join(sweepFolder(sweepName), "results.csv"), "utf8");
    assert.match(csv, /\n0,00-start-here,quick,0,100,start-iris-copy,/);

    const start = Date.now();
    const third = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.match(third.stdout, /1 cell, 1 of them finished before/);
    assert.ok(Date.now() - start < 15_000);
    assert.equal(readFileSync(join(sweepFolder(sweepName), "results.csv"), "utf8"), csv);
  });

test("a cell that computes with another number of threads has another key", () => {
  const before = process.env.TF_NUM_INTRAOP_THREADS;
  const cell = { notebook: "00-start-here", profile: "quick", parameters: { seed: 42 } };
  try {
    delete process.env.TF_NUM_INTRAOP_THREADS;
    const usual = keyMaker()(cell);
    process.env.TF_NUM_INTRAOP_THREADS = "2";
    assert.equal(keyMaker()(cell), usual);
    process.env.TF_NUM_INTRAOP_THREADS = "7";
    assert.notEqual(keyMaker()(cell), usual);
  } finally {
    if (before === undefined) delete process.env.TF_NUM_INTRAOP_THREADS;
    else process.env.TF_NUM_INTRAOP_THREADS = before;
  }
});
