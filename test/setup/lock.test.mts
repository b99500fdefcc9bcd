import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "../../scripts/bootstrap/lock.mjs";
import { beginningOf } from "../../scripts/bootstrap/processes.mjs";

const folder = mkdtempSync(join(tmpdir(), "kh-lock-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const longAgo = new Date(0);
const holder = (pid: number, host = hostname(), began = beginningOf(pid)) => JSON.stringify({ pid, began, host });

/** A lock file that somebody holds since 1970. */
function held(name: string, text: string, time = longAgo): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  utimesSync(file, time, time);
  return file;
}

test("two that want the lock take turns", async () => {
  const file = join(folder, "lock");
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} in`);
    await sleep(100);
    events.push(`${name} out`);
  };
  await Promise.all([withLock(file, work("a")), withLock(file, work("b"))]);
  assert.deepEqual(events, ["a in", "a out", "b in", "b out"]);
  assert.ok(!existsSync(file));
});

test("a living holder keeps the lock, however long ago it touched it; when it ends, the lock is taken", async () => {
  const child = spawn("sleep", ["60"]);
  const file = held("living", holder(child.pid as number));
  let taken = false;
  const turn = withLock(file, async () => {
    taken = true;
  });
  await sleep(1_500);
  assert.equal(taken, false);
  child.kill("SIGKILL");
  await turn;
  assert.equal(taken, true);
});

test("a lock is taken whose process has ended, or has given its number to another", async () => {
  const child = spawn("sleep", ["60"]);
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("close", resolve));
  const texts = [holder(child.pid as number, hostname(), "1")];
  if (process.platform === "linux") texts.push(holder(process.ppid, hostname(), "1"));
  for (const text of texts) {
    const file = held("ended", text, new Date());
    assert.equal(JSON.parse(await withLock(file, async () => readFileSync(file, "utf8"))).pid, process.pid);
  }
});

test("of another machine's lock only the age is known: taken after five minutes, not before", async () => {
  const elsewhere = holder(1, "elsewhere");
  for (const [text, age, free] of [[elsewhere, 310_000, true], [elsewhere, 60_000, false],
    ["no lock of ours", 310_000, true], ["", 60_000, false]] as const) {
    const file = held("foreign", text, new Date(Date.now() - age));
    let taken = false;
    const turn = withLock(file, async () => {
      taken = true;
    });
    await sleep(1_000);
    assert.equal(taken, free, `${text} after ${age} ms`);
    rmSync(file, { force: true });
    await turn;
  }
});

test("file work that blocks the process does not stop the touching", async () => {
  const file = join(folder, "blocked");
  await withLock(file, async () => {
    await sleep(300);
    utimesSync(file, longAgo, longAgo);
    const end = Date.now() + 4_000;
    while (Date.now() < end) statSync(file);
    assert.ok(Date.now() - statSync(file).mtimeMs < 4_000);
  });
});
