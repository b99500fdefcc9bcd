import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { TestKernel } from "./client";

let kernel: TestKernel;
const folder = mkdtempSync(join(tmpdir(), "kh-interrupt-"));
before(async () => {
  kernel = await TestKernel.start();
  await kernel.run(`import * as kh from "../lib"; import tf from "@tensorflow/tfjs-node";
    tf.ones([1]).dispose();
    const box = 7, rng = kh.seededRng(1), n = 20_000, d = 20;
    const X = kh.matrix(Float64Array.from({ length: n * d }, () => rng.normal()), [n, d]);
    const y = Int32Array.from({ length: n }, (_, i) => (X.data[i * d] + rng.normal() > 0 ? 1 : 0));`);
});
after(async () => {
  await kernel.shutdown();
  rmSync(folder, { recursive: true, force: true });
});

/** On a machine that is busy otherwise, the best of a few tries counts. */
const TRIES = 4;

/** The cell ends with one line, within a second, and the next one runs with all that was there. */
async function assertStops(code: string, interruptAfter = 500): Promise<void> {
  const times: number[] = [];
  while (times.length < TRIES && !times.some((time) => time < 1000)) {
    const { status, error, stderr, stoppedAfter } = await kernel.run(code, { interruptAfter });
    assert.deepEqual([status, error, stderr], ["error", ["interrupted"], ""]);
    assert.equal((await kernel.run("box")).stdout, "7\n");
    times.push(stoppedAfter);
  }
  assert.ok(times.some((time) => time < 1000), `ended ${times.map(Math.round).join(", ")} ms after the interrupt`);
}

const endless = "for (;;) {}";
for (const [where, code] of Object.entries({
  "at the top of a cell": endless,
  "after an await": `await new Promise((done) => setTimeout(done, 10)); ${endless}`,
  "in a timer": `setTimeout(() => { ${endless} }, 10); await new Promise(() => {});`,
  "in an immediate": `setImmediate(() => { ${endless} }); await new Promise(() => {});`,
  "in a next tick": `process.nextTick(() => { ${endless} }); await new Promise(() => {});`,
  "in a promise that nothing awaits": `void Promise.resolve().then(() => { ${endless} }); 1`,
  "in try, catch and finally": `try { ${endless} } catch { console.log(1); } finally { console.log(2); }`,
  "in a regular expression": "/^(a+)+$/.test(\"a\".repeat(40) + \"b\")",
  "in Atomics.wait": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
  "of awaits": "for (;;) await null;",
  "of sleeps": "for (;;) await new Promise((done) => setTimeout(done, 10));",
  "of output": "for (;;) console.log(\"again\");",
  "for a promise that never comes": "await new Promise(() => {});",
  "in what shows a cell's value": `({ [Symbol.for("jupyter.display")]() { ${endless} } })`,
  "with progress": `const bar = kh.progress(1e9, { label: "work" });
    for (;;) { await bar.advance(); for (let j = 0; j < 1e5; j++); }`,
}))
  test(`an endless loop or wait is stopped: ${where}`, () => assertStops(code));

test("a bar says that its work was stopped, by an interrupt or an error, and not once it is done", async () => {
  const lineOf = ({ displays }: { displays: Record<string, unknown>[] }) => String(displays.at(-1)?.["text/plain"]);
  const begin = "const work = kh.progress(50, { label: \"work\" });";
  const interrupted = await kernel.run(`${begin} for (;;) {}`, { interruptAfter: 3000 });
  assert.match(lineOf(interrupted), /^work: stopped at 0 of 50 steps after /);
  const failed = await kernel.run(`${begin} await work.advance(7); throw new Error("no more");`);
  assert.match(lineOf(failed), /^work: stopped at 7 of 50 steps after /);
  const done = await kernel.run(`${begin} await work.advance(50); throw new Error("later");`);
  assert.match(lineOf(done), /^work: 50 of 50 steps in /);
  await kernel.run(begin);
  assert.deepEqual((await kernel.run("throw new Error(\"another cell's\")")).displays, []);
});

test("a process that a cell waits for is ended, with what it has started; one of another cell is not",
  { skip: process.platform !== "linux" && "only Linux says which processes a process has started" }, async () => {
  await kernel.run("import cp from \"child_process\"; const other = cp.spawn(\"sleep\", [\"60\"]);");
  await assertStops("cp.execSync(\"sleep 30 | cat; sleep 30\")");
  assert.equal((await kernel.run("[other.exitCode, other.signalCode, other.kill()]")).stdout, "[ null, null, true ]\n");
});

const architecture = "kh.mlp({ numFeatures: d, hidden: [64], numClasses: 2 })";
const training = `${architecture}, X, y, { epochs: 100_000, rng: kh.seededRng(2) }`;
for (const [name, code] of Object.entries({
  "svc().fit": "kh.svc().fit(X, y)",
  "randomForest().fit": "kh.randomForest({ numTrees: 5000, rng: kh.seededRng(2) }).fit(X, y)",
  "gradientBoosting().fit": "kh.gradientBoosting({ numRounds: 5000 }).fit(X, y)",
  "kMeans": "kh.kMeans(X, { numClusters: 200, starts: 1000, rng: kh.seededRng(2) })",
  "gramMatrix": "for (;;) kh.gramMatrix(kh.selectRows(X, Int32Array.from({ length: 4000 }, (_, i) => i)))",
  "trainNetworkSync": `kh.trainNetworkSync(${training})`,
  "trainNetwork": `await kh.trainNetwork(${training})`,
  "copy": `await kh.copy(kh.blackBox(kh.knn().fit(X, y)), { sampler: kh.uniformSampler(kh.dynamicalRange(X)),
    estimator: kh.knn(), budget: 200_000, rng: kh.seededRng(2) })`,
  "trainPrivateLinear": `kh.trainPrivateLinear(X, y, { epsilon: 1, delta: 1e-5, steps: 50_000, samplingRate: 1,
    clipNorm: 1, learningRate: 1, numClasses: 2, rng: kh.seededRng(2) })`,
}))
  test(`${name} is stopped`, () => assertStops(code, 1500));

test("TensorFlow goes on as before after it was cut: tidied, with right gradients", async () => {
  await kernel.run("const three = tf.scalar(3); const before = tf.memory().numTensors;");
  await assertStops("for (;;) tf.tidy(() => { tf.matMul(tf.ones([300, 300]), tf.ones([300, 300])); });");
  await assertStops("tf.tidy(() => { tf.ones([5, 5]); for (;;) {} });");
  await assertStops("tf.grad((x: any) => { for (;;) {} })(three);");
  await assertStops("for (;;) tf.tidy(() => { tf.grad((x: any) => x.square())(three); });");
  const { stdout } = await kernel.run(`tf.tidy(() => tf.grad((x: any) => x.square())(three).dataSync()[0])
    + " " + (tf.memory().numTensors - before <= 4)`);
  // What was being made when it was cut may be left.
  assert.equal(stdout, "6 true\n");
});

test("what a cell leaves running in the background ends with it, and other cells' does not", async () => {
  await kernel.run("const rest = () => new Promise((done) => setTimeout(done, 20));\n"
    + "let ticks = 0; void (async () => { for (;;) { ticks++; await rest(); } })();");
  const ran = await kernel.run("for (;;) { await rest(); console.log(\"alive\"); }", { interruptAfter: 300 });
  const shown = ran.stdout;
  const { stdout } = await kernel.run("const at = ticks; for (let k = 0; k < 15; k++) await rest(); ticks > at");
  assert.equal(stdout, "true\n");
  assert.equal(ran.stdout, shown);
});

test("threads and processes that a cell started end with it", async () => {
  await kernel.run(`import { Worker } from "worker_threads"; import { spawn } from "child_process";
    let thread: Worker, child: ReturnType<typeof spawn>;`);
  await assertStops(`thread = new Worker("setInterval(() => {}, 100)", { eval: true });
    child = spawn(process.execPath, ["-e", "setInterval(() => {}, 100)"]); await new Promise(() => {});`, 1500);
  const { stdout } = await kernel.run(`await new Promise((done) => setTimeout(done, 500));
    [thread.threadId, child.signalCode]`);
  assert.equal(stdout, "[ -1, 'SIGKILL' ]\n");
});

test("a checkpointed training that was interrupted goes on where it stopped, to the same numbers", async () => {
  const file = join(folder, "run.ckpt");
  const options = (path?: string): string => `{ epochs: 12, rng: kh.seededRng(3)${
    path ? `, checkpoint: { path: ${JSON.stringify(path)} }` : ""} }`;
  const train = (path?: string): string => `await kh.trainNetwork(${architecture}, X, y, ${options(path)})`;
  const { stdout: whole } = await kernel.run(`(${train()}).network.weights[0][0]`);
  await assertStops(train(file), 700);
  assert.ok(existsSync(file));
  const { stdout } = await kernel.run(`const rest = ${train(file)};\n`
    + "[rest.network.weights[0][0] + \"\", rest.examplesSeen < 12 * n]");
  assert.equal(stdout, `[ '${whole.trim()}', true ]\n`);
});

test("a module that is being loaded when the interrupt comes is whole afterwards", async () => {
  const other = await TestKernel.start();
  await other.run("require(\"danfojs-node\");", { interruptAfter: 500 });
  const { stdout } = await other.run("import * as danfo from \"danfojs-node\"; new danfo.Series([1, 2]).sum()");
  await other.shutdown();
  assert.equal(stdout, "3\n");
});

test("native work that takes longer than the kernel waits for an answer is followed by the cell's end", async () => {
  await kernel.run("import crypto from \"crypto\";");
  const hash = "for (;;) crypto.pbkdf2Sync(\"a\", \"b\", 1_500_000, 64, \"sha512\");";
  for (const interruptAfter of [300, 600, 900]) {
    const { error } = await kernel.run(hash, { interruptAfter });
    assert.deepEqual(error, ["interrupted"]);
    assert.equal((await kernel.run("box")).stdout, "7\n");
  }
});

test("a cell ends where its error never ends to tell of itself", async () => {
  const endlessStack = `Object.defineProperty(new Error("late"), "stack", { get() { ${endless} } })`;
  const { error } = await kernel.run(`throw ${endlessStack};`, { interruptAfter: 500 });
  assert.deepEqual(error, ["interrupted"]);
  assert.equal((await kernel.run("box")).stdout, "7\n");
});

test("an interrupt at any time of a cell that takes long to compile and to note", async () => {
  const line = (i: number): string => `const v${i} = [1, 2].map((k) => ({ k, twice: { of: 2 * k } }));`;
  const lines = Array.from({ length: 300 }, (_, i) => line(i));
  const code = lines.join("\n");
  const { milliseconds } = await kernel.run(code);
  for (let part = 0; part < 10; part++) {
    const { status } = await kernel.run(code, { interruptAfter: (milliseconds * (part + 0.5)) / 10 });
    assert.match(status, /^(?:ok|error)$/);
    assert.equal((await kernel.run("box")).stdout, "7\n");
  }
});

test("an interrupt while nothing runs does nothing, one while a cell is compiled keeps it from running", async () => {
  await kernel.interrupt();
  assert.equal((await kernel.run("1")).stdout, "1\n");
  const line = "{ const doubled = [1, 2, 3].map((value) => ({ value, twice: 2 * value })); void doubled; }\n";
  const long = line.repeat(500);
  const { error, stdout } = await kernel.run(`console.log("ran");\n${long}`, { interruptAfter: 100 });
  assert.deepEqual([error, stdout], [["interrupted"], ""]);
});
