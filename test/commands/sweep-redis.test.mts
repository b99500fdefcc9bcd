import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Queue } from "bullmq";
import { root } from "../../scripts/bootstrap/paths.mjs";
import type { Cell, CellResult } from "../../scripts/lib/sweep/cells.mjs";
import { collect } from "../../scripts/lib/sweep/queue.mjs";
import { connectRedis } from "../../scripts/lib/sweep/redis.mjs";
import { tidyRows } from "../../scripts/lib/sweep/table.mjs";

const program = ["redis-server", "valkey-server"].find((name) => spawnSync(name, ["--version"]).status === 0);
const skip = program ? false : "there is no redis-server or valkey-server on PATH (`apt-get install redis-server`)";
const folder = mkdtempSync(join(tmpdir(), "kh-sweep-"));
const children = new Set<ChildProcess>();
after(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

function started(command: string, args: string[]): ChildProcess {
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
}

const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => {
  if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
  else child.once("exit", (code) => resolve(code));
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A server of its own: data in a folder of its own, every write in the append-only file. */
async function redisServer(name: string) {
  const port = await freePort();
  const dir = join(folder, name);
  mkdirSync(dir);
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", dir, "--appendonly", "yes", "--save", ""];
  const url = `redis://127.0.0.1:${port}`;
  let server: ChildProcess | undefined;
  const start = async () => {
    server = started(program as string, args);
    for (const until = Date.now() + 10_000; ;) {
      try {
        (await connectRedis(url, { timeoutMs: 500 })).disconnect();
        return;
      } catch (error) {
        if (Date.now() > until) throw error;
        await sleep(100);
      }
    }
  };
  await start();
  const kill = async () => {
    server?.kill("SIGKILL");
    if (server) await ended(server);
  };
  return { url, start, kill, log: join(dir, "cells.log") };
}

function worker(url: string, log: string, { lockMs = 1500, code = "same" } = {}): ChildProcess {
  if (!existsSync(log)) writeFileSync(log, "");
  const file = join(root, "test", "fixtures", "sweep-worker.mts");
  return started(process.execPath, ["--import", "tsx", file, url, log, String(lockMs), code]);
}

const cellsOf = (name: string, parameters: Record<string, unknown>[]): Cell[] => parameters.map((one, i) => (
  { key: `${name}${i}`, sweep: name, notebook: "fixture", profile: "quick", parameters: one }));

/** The sweep's side in this process, with short pauses. */
function sweep(url: string, cells: Cell[]) {
  const controller = new AbortController();
  const results = new Map<string, CellResult>();
  const failures = new Map<string, string>();
  const calls: string[] = [];
  const finished = (async () => {
    const redis = await connectRedis(url);
    try {
      await collect(redis, cells, {
        signal: controller.signal, tickMs: 100, ensureMs: 2000, backoffMs: 100,
        onResult: (cell, result) => {
          calls.push(cell.key);
          results.set(cell.key, result);
        },
        onFailure: (cell, message) => {
          calls.push(cell.key);
          failures.set(cell.key, message);
        },
      });
    } finally {
      redis.disconnect();
    }
  })();
  return { controller, results, failures, calls, finished };
}

const lines = (log: string) => readFileSync(log, "utf8").trim().split("\n").map((line) => line.split(" "));
async function until(what: () => boolean, seconds = 30): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !what(); await sleep(50))
    if (Date.now() > end) throw new Error("waited in vain");
}

test("killed workers, a killed Redis, cells delivered twice: each cell is in the table exactly once", { skip },
  async () => {
    const { url, start, kill, log } = await redisServer("kills");
    const cells = cellsOf("kills", Array.from({ length: 24 }, (_, i) => ({ seed: i, ms: 300 })));
    const workers = [0, 1, 2].map(() => worker(url, log));
    const { results, failures, calls, finished } = sweep(url, cells);
    await until(() => results.size >= 3);

    // Twice in the queue under another name: delivered to two workers.
    const queue = new Queue("sweep", { connection: { url }, prefix: "kh" });
    queue.on("error", () => {});
    await queue.addBulk(cells.map((cell) => ({ name: "cell", data: cell, opts: { jobId: `again-${cell.key}` } })));

    const killed: string[] = [];
    for (const victim of workers.slice(0, 2)) {
      // Mid-task: its last line is a start without a result yet.
      const mine = () => lines(log).filter(([, , pid]) => Number(pid) === victim.pid);
      const before = mine().length;
      await until(() => mine().length > before);
      victim.kill("SIGKILL");
      await ended(victim);
      killed.push(mine()[mine().length - 1][1]);
    }
    await kill();
    await sleep(500);
    await start();
    workers.push(worker(url, log));
    await finished;
    await queue.close();
    for (const one of workers) one.kill("SIGTERM");

    assert.equal(failures.size, 0);
    assert.deepEqual([...calls].sort(), cells.map(({ key }) => key).sort());
    const rows = tidyRows(cells, results, failures);
    assert.deepEqual(rows.map(({ cell, reproduced }) => [cell, reproduced]), cells.map((_, i) => [i, i]));
    const startsOf = (key: string) => lines(log).filter(([word, cell]) => word === "start" && cell === key).length;
    assert.equal(killed.length, 2);
    for (const key of new Set(killed)) assert.ok(startsOf(key) >= 2, `${key} was killed and ran again`);
  });

test("a passing fault is tried again; a lasting one fails its cell alone, with its message", { skip }, async () => {
  const { url, log } = await redisServer("faults");
  const parameters = [{ seed: 1, ms: 1 }, { seed: 2, ms: 1, trouble: "once" }, { seed: 3, ms: 1, trouble: "always" }];
  const cells = cellsOf("faults", parameters);
  const one = worker(url, log);
  const { results, failures, finished } = sweep(url, cells);
  await finished;
  one.kill("SIGTERM");
  assert.deepEqual([...results.keys()].sort(), ["faults0", "faults1"]);
  assert.deepEqual([...failures], [["faults2", "stopped in cell 3: no such file"]]);
  assert.equal(lines(log).filter(([, key]) => key === "faults2").length, 3);
  assert.deepEqual(tidyRows(cells, results, failures).map(({ outcome }) => outcome),
    ["done", "done", "stopped in cell 3: no such file"]);
});

test("a worker with other code refuses in one sentence and gives the cell back", { skip }, async () => {
  const { url, log } = await redisServer("code");
  const other = worker(url, log, { code: "other" });
  let said = "";
  other.stderr?.setEncoding("utf8").on("data", (text) => (said += text));
  const { results, finished } = sweep(url, cellsOf("code", [{ seed: 5, ms: 1 }]));
  assert.equal(await ended(other), 1);
  assert.match(said, /^error: fixture, the library, data or packages here are not those of the sweep code: bring both/);
  assert.equal(results.size, 0);
  const same = worker(url, log);
  await finished;
  same.kill("SIGTERM");
  assert.equal(results.get("code0")?.claims[0].reproduced, 5);
});

test("a cancelled sweep leaves nothing in the queue, and its worker drops the cell it runs", { skip }, async () => {
  const { url, log } = await redisServer("cancel");
  const one = worker(url, log);
  const cells = cellsOf("cancel", [0, 1, 2].map((seed) => ({ seed, ms: 60_000 })));
  const { controller, results, finished } = sweep(url, cells);
  await until(() => existsSync(log) && /start/.test(readFileSync(log, "utf8")));
  controller.abort();
  await finished;
  await until(() => /dropped/.test(readFileSync(log, "utf8")));
  assert.equal(results.size, 0);
  const queue = new Queue("sweep", { connection: { url }, prefix: "kh" });
  const left = async () => Object.values(await queue.getJobCounts()).reduce((a, b) => a + b, 0);
  for (const end = Date.now() + 5000; await left() && Date.now() < end;) await sleep(50);
  assert.equal(await left(), 0);
  assert.equal(lines(log).filter(([word]) => word === "start").length, 1);
  await queue.close();
  one.kill("SIGTERM");
  assert.equal(await ended(one), 0);
});

test("a worker that is asked to end gives its cell back at once to another", { skip }, async () => {
  const { url, log } = await redisServer("end");
  const first = worker(url, log, { lockMs: 60_000 });
  const { results, finished } = sweep(url, cellsOf("end", [{ seed: 8, ms: 1500 }]));
  await until(() => existsSync(log) && /start/.test(readFileSync(log, "utf8")));
  first.kill("SIGTERM");
  assert.equal(await ended(first), 0);
  const second = worker(url, log, { lockMs: 60_000 });
  await finished;
  second.kill("SIGTERM");
  assert.equal(results.get("end0")?.claims[0].reproduced, 8);
});

const command = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(root, "scripts", `${script}.mjs`), ...args], { encoding: "utf8" });

test("a Redis that can't be reached is said in one sentence, without the password", async () => {
  const url = `redis://user:secret@127.0.0.1:${await freePort()}`;
  for (const [script, ...args] of [["worker"], ["sweep", "00", "--grid", "seed=42"]]) {
    const { status, stderr } = command(script, ...args, "--redis", url);
    assert.equal(status, 1);
    assert.match(stderr, /^error: Redis at redis:\/\/127\.0\.0\.1:\d+ can't be used \(.*ECONNREFUSED.*\n {2}cure: /);
    assert.doesNotMatch(stderr, /secret|^ {4}at /m);
  }
});

test("a server that never answers is given up in time", async () => {
  const server = createServer(() => {}).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const start = Date.now();
  const connecting = connectRedis(`redis://127.0.0.1:${port}`, { timeoutMs: 500 });
  await assert.rejects(connecting, /no answer; tried for up to 0\.5 s/);
  assert.ok(Date.now() - start < 5_000);
  server.close();
});
