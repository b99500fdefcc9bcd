import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, mock, test } from "node:test";
import {
  initializeNetwork,
  loadNetwork,
  mlp,
  saveNetwork,
  seededRng,
  matrix,
  trainCached,
  type TrainingResult,
} from "../../lib";
import { readCheckpoint, writeCheckpoint } from "../../lib/dist/training/checkpoint";

const { train } = require("./run-to-kill.cjs") as { train(path: string | null, epochs: number): TrainingResult };
const directory = fs.mkdtempSync(path.join(os.tmpdir(), "checkpoint-"));
after(() => fs.rmSync(directory, { recursive: true }));
const at = (name: string): string => path.join(directory, name);

/** Long enough that the child is killed before its end. */
const EPOCHS = 40;

/** Starts the run in a child process and kills it once its checkpoint has been written `writes` times. */
function killAfter(file: string, writes: number): Promise<void> {
  const child = spawn(process.execPath, [path.join(__dirname, "run-to-kill.cjs"), file, String(EPOCHS)], {
    stdio: "ignore",
  });
  let seen = 0;
  let last = 0;
  const timer = setInterval(() => {
    const inode = fs.existsSync(file) ? fs.statSync(file).ino : 0;
    if (inode !== last) seen++;
    last = inode;
    if (seen >= writes) child.kill("SIGKILL");
  }, 1);
  return new Promise((resolve) =>
    child.on("exit", () => {
      clearInterval(timer);
      resolve();
    }),
  );
}

test("a run killed by SIGKILL goes on and ends at the same numbers, bit for bit", async () => {
  const file = at("killed");
  await killAfter(file, 3);
  const saved = readCheckpoint<{ epoch: number }>(file) ?? assert.fail("no checkpoint");
  assert.ok(saved.header.epoch < EPOCHS);
  const resumed = train(file, EPOCHS);
  const whole = train(null, EPOCHS);
  assert.deepEqual(resumed.network.weights, whole.network.weights);
  assert.deepEqual(resumed.history, whole.history);
  assert.ok(resumed.examplesSeen < whole.examplesSeen);
});

test("a checkpoint of another run is not taken up", () => {
  train(at("mine"), 1);
  assert.throws(() => train(at("mine"), 2), { message: /belongs to another run/ });
});

test("a finished run's checkpoint returns its result at once", () => {
  const first = train(at("done"), 2);
  const again = train(at("done"), 2);
  assert.deepEqual(again.network, first.network);
  assert.equal(again.examplesSeen, 0);
});

test("a full disk is reported, and the older checkpoint stays whole", () => {
  const file = at("full");
  writeCheckpoint(file, { header: { step: 1 }, arrays: [Float32Array.of(1, 2, 3)] });
  const write = mock.method(fs, "writeSync", () => {
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  });
  try {
    assert.throws(() => writeCheckpoint(file, { header: { step: 2 }, arrays: [Float32Array.of(4)] }), {
      message: /can't write .*full \(ENOSPC: no space left on device, write\); an older checkpoint there is untouched/,
    });
  } finally {
    write.mock.restore();
  }
  assert.deepEqual(readCheckpoint(file), { header: { step: 1 }, arrays: [Float32Array.of(1, 2, 3)] });
  assert.deepEqual(
    fs.readdirSync(directory).filter((name) => name.endsWith(".tmp")),
    [],
  );
});

test("a device that is really full is reported too", { skip: !fs.existsSync("/dev/full") }, () => {
  const file = at("device");
  writeCheckpoint(file, { header: { step: 1 }, arrays: [Float32Array.of(1)] });
  fs.symlinkSync("/dev/full", `${file}.${process.pid}.tmp`);
  assert.throws(() => writeCheckpoint(file, { header: { step: 2 }, arrays: [new Float32Array(1e5)] }), {
    message: /ENOSPC.*an older checkpoint there is untouched/,
  });
  assert.deepEqual(readCheckpoint(file), { header: { step: 1 }, arrays: [Float32Array.of(1)] });
});

test("a place that can't be written is reported", () => {
  fs.writeFileSync(at("file"), "");
  assert.throws(() => train(path.join(at("file"), "run"), 1), {
    message: /writeCheckpoint: can't write .* \(E(NOTDIR|EXIST)/,
  });
});

test("a checkpoint that is cut off or changed is refused", () => {
  const file = at("damaged");
  train(file, 1);
  const bytes = fs.readFileSync(file);
  fs.writeFileSync(file, bytes.subarray(0, bytes.length - 5));
  assert.throws(() => train(file, 1), { message: /is not a whole checkpoint \(\d+ bytes, needs \d+\); delete it/ });
  bytes[bytes.length - 5] ^= 1;
  fs.writeFileSync(file, bytes);
  assert.throws(() => train(file, 1), { message: /checksum differs/ });
  fs.writeFileSync(file, "hello");
  assert.throws(() => train(file, 1), { message: /no header/ });
});

test("a network comes back from its file as it was", () => {
  const network = initializeNetwork(mlp({ numFeatures: 3, hidden: [4], numClasses: 2 }), { rng: seededRng(1) });
  saveNetwork(at("network"), network);
  assert.deepEqual(loadNetwork(at("network")), network);
  assert.throws(() => loadNetwork(at("missing")), { message: /loadNetwork: no file/ });
});

test("trainCached trains once for the same data, settings and seed, and again for others", async () => {
  const X = matrix(
    Float64Array.from({ length: 40 }, (_, i) => Math.sin(i)),
    [20, 2],
  );
  const y = Int32Array.from({ length: 20 }, (_, i) => i % 2);
  const run = (epochs: number, seed: number): Promise<TrainingResult> =>
    trainCached(mlp({ numFeatures: 2, hidden: [3], numClasses: 2 }), X, y, {
      epochs,
      rng: seededRng(seed),
      directory: at("models"),
    });
  const first = await run(2, 1);
  assert.equal(first.examplesSeen, 40);
  const again = await run(2, 1);
  assert.deepEqual(again.network, first.network);
  assert.equal(again.examplesSeen, 0);
  assert.equal((await run(3, 1)).examplesSeen, 60);
  assert.equal((await run(2, 2)).examplesSeen, 40);
  assert.equal(fs.readdirSync(at("models")).length, 3);
});
