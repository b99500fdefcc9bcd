import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { nodeCompat, root } from "../../scripts/bootstrap/paths.mjs";
import { preloadOption } from "../../scripts/bootstrap/run.mjs";

const { tensorflowPackage } = createRequire(import.meta.url)("../../scripts/tensorflow-backend.cjs");

// A stand-in for tfjs-node-gpu, in a folder where `require` looks last: this test needs no GPU.
const folder = mkdtempSync(join(tmpdir(), "kh-gpu-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const standIn = join(folder, "@tensorflow", "tfjs-node-gpu");
mkdirSync(standIn, { recursive: true });
writeFileSync(join(standIn, "index.js"), 'exports.standIn = "tfjs-node-gpu";');

/** Runs code as every command and the notebook kernel do: with the preload. */
function node(code: string, env: Record<string, string>) {
  return spawnSync(process.execPath, ["-e", code], {
    cwd: root, encoding: "utf8", env: { ...process.env, NODE_OPTIONS: preloadOption(nodeCompat), ...env },
  });
}

const gpu = { TFJS_BACKEND: "gpu" };
const ours = 'console.log(require("./lib/dist/tensorflow").loadTensorflow().standIn)';
const plain = 'console.log(require("@tensorflow/tfjs-node").standIn)';

test("TFJS_BACKEND=gpu gives tfjs-node-gpu to the library and to whoever asks for tfjs-node", () => {
  for (const code of [ours, plain]) {
    const { stdout, stderr } = node(code, { ...gpu, NODE_PATH: folder });
    assert.equal(stdout.trim(), "tfjs-node-gpu", stderr);
  }
});

test("without TFJS_BACKEND, or with cpu, tfjs-node stays tfjs-node", () => {
  for (const TFJS_BACKEND of ["", "cpu"])
    assert.equal(node(plain, { TFJS_BACKEND, NODE_PATH: folder }).stdout.trim(), "undefined");
});

test("a GPU that was asked for without its package is said in one sentence, by commands and by code", () => {
  const message = /TFJS_BACKEND=gpu needs @tensorflow\/tfjs-node-gpu, which is not installed: `npm install --no-save/;
  assert.match(node(plain, gpu).stderr, message);
  for (const script of ["setup", "reproduce"]) {
    const args = [join(root, "scripts", `${script}.mjs`)];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env: { ...process.env, ...gpu } });
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`^error: ${message.source}`));
    assert.doesNotMatch(stderr, /^ {4}at /m);
  }
});

test("another backend is refused with the two there are", () => {
  assert.throws(() => tensorflowPackage("tpu"), /TFJS_BACKEND must be cpu or gpu, got "tpu"/);
});
