import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

const program = join(__dirname, "train-and-hash.cjs");

function train(words: readonly string[], threads?: number): { hash: string; threads: number } {
  const [command, ...rest] = [...words, process.execPath, program];
  const env = { ...process.env, TF_NUM_INTRAOP_THREADS: threads ? String(threads) : "" };
  const { stdout, stderr } = spawnSync(command, rest, { env, encoding: "utf8" });
  const line = stdout.trim().split("\n").pop();
  return line ? JSON.parse(line) : assert.fail(stderr);
}

const usual = train([]);

test("a network repeats bit for bit, with two threads whatever the machine has", () => {
  assert.equal(usual.threads, 2);
  assert.deepEqual(train([]), usual);
  assert.deepEqual(train([], 2), usual);
});

const hasTaskset = spawnSync("taskset", ["-c", "0", "true"]).status === 0;
test("a network trained on one core is the one trained on all, bit for bit", { skip: !hasTaskset }, () => {
  assert.deepEqual(train(["taskset", "-c", "0"]), usual);
});

test("another number of threads is kept to, and rounds in another way", () => {
  const other = train([], 3);
  assert.equal(other.threads, 3);
  assert.notEqual(other.hash, usual.hash);
});
