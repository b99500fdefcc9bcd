import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
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

/** Every file that differs from one in a single bit. */
function* flips(bytes: Buffer): Generator<Buffer> {
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] ^= 1 << (bit & 7);
    yield flipped;
  }
}

test("a checkpoint with any single bit changed is refused, header and checksum included", () => {
  const file = at("bits");
  writeCheckpoint(file, { header: { epoch: 2, loss: 0.125 }, arrays: [Float32Array.of(1, -2), new Float32Array(0)] });
  const bytes = fs.readFileSync(file);
  for (const flipped of flips(bytes)) {
    fs.writeFileSync(file, flipped);
    assert.throws(() => readCheckpoint(file), {
      message: /bits is not a whole checkpoint \(.+\); delete it to start anew/,
    });
  }
  for (let length = 0; length < bytes.length; length++) {
    fs.writeFileSync(file, bytes.subarray(0, length));
    assert.throws(() => readCheckpoint(file), { message: /is not a whole checkpoint/ });
  }
});

test("a saved network and a training run with any single bit changed are refused", () => {
  const network = initializeNetwork(mlp({ numFeatures: 1, hidden: [], numClasses: 2 }), { rng: seededRng(1) });
  saveNetwork(at("network-bits"), network);
  for (const flipped of flips(fs.readFileSync(at("network-bits")))) {
    fs.writeFileSync(at("network-bits"), flipped);
    assert.throws(() => loadNetwork(at("network-bits")), { message: /is not a whole checkpoint/ });
  }
  train(at("run-bits"), 1);
  const bytes = fs.readFileSync(at("run-bits"));
  const header = 20 + bytes.readUInt32LE(8);
  for (let bit = 0; bit < 8 * header; bit += 7) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] ^= 1 << (bit & 7);
    fs.writeFileSync(at("run-bits"), flipped);
    assert.throws(() => train(at("run-bits"), 1), { message: /is not a whole checkpoint/ });
  }
});

test("a checkpoint of an older version says so", () => {
  fs.writeFileSync(at("old"), "KHCKPT01 and what followed");
  assert.throws(() => train(at("old"), 1), { message: /written by an older version\); delete it/ });
});

/** The id of a process that has ended. */
const dead = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

test("what a killed process left half-written is removed by the next run, and what a living one writes is not", () => {
  const file = at("left");
  const [theirs, living] = [dead(), process.ppid].map((pid) => `${file}.${pid}.tmp`);
  const other = `${at("else")}.${dead()}.tmp`;
  for (const name of [theirs, living, other]) fs.writeFileSync(name, "half");
  train(file, 1);
  assert.deepEqual([theirs, living, other].map((name) => fs.existsSync(name)), [false, true, true]);
});

test("trainCached removes what killed trainings left, whichever they were", async () => {
  const left = path.join(at("models"), `${"0123456789abcdef".repeat(2).slice(0, 24)}.checkpoint.${dead()}.tmp`);
  fs.mkdirSync(at("models"), { recursive: true });
  fs.writeFileSync(left, "half");
  const X = matrix(Float64Array.of(0, 1), [2, 1]);
  await trainCached(mlp({ numFeatures: 1, hidden: [], numClasses: 2 }), X, Int32Array.of(0, 1), {
    epochs: 1, rng: seededRng(1), directory: at("models"),
  });
  assert.ok(!fs.existsSync(left));
});

test("a network trained with another number of threads is another one", async () => {
  const before = process.env.TF_NUM_INTRAOP_THREADS;
  try {
    const X = matrix(Float64Array.of(0, 1), [2, 1]);
    const run = () => trainCached(mlp({ numFeatures: 1, hidden: [], numClasses: 2 }), X, Int32Array.of(0, 1), {
      epochs: 1, rng: seededRng(1), directory: at("threads"),
    });
    assert.equal((await run()).examplesSeen, 2);
    assert.equal((await run()).examplesSeen, 0);
    process.env.TF_NUM_INTRAOP_THREADS = "7";
    assert.equal((await run()).examplesSeen, 2);
    process.env.TF_NUM_INTRAOP_THREADS = "many";
    assert.throws(() => run(), { name: "RangeError", message: /TF_NUM_INTRAOP_THREADS must be an integer .* got NaN/ });
  } finally {
    process.env.TF_NUM_INTRAOP_THREADS = before;
  }
});
