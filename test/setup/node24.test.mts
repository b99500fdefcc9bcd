import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { claimsIn, readNotebook, textOf } from "../../scripts/lib/notebooks.mjs";
import { root } from "../../scripts/bootstrap/paths.mjs";
import { labEnvironment } from "../../scripts/bootstrap/python.mjs";
import { runNotebook } from "../../scripts/lib/run-notebook.mjs";
import { run } from "../../scripts/bootstrap/run.mjs";
import { findNode, skipWithout } from "./other-node.mjs";

// Node 23 took away two functions that tfjs-node 4.22 calls; scripts/node-compat.cjs gives them back.

const folder = mkdtempSync(join(tmpdir(), "kh-node24-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const node = await findNode(24);
const skip = skipWithout(node, 24);

test("under Node 24 the library, native TensorFlow and DataFrames work", { skip }, async () => {
  const program = join(folder, "try.cjs");
  writeFileSync(program, `
    const { knn, loadTable, toDataFrame } = require(${JSON.stringify(join(root, "lib"))});
    const tf = require(${JSON.stringify(join(root, "node_modules", "@tensorflow", "tfjs-node"))});
    loadTable("iris").then((iris) => {
      const predicted = knn({ numNeighbors: 1 }).fit(iris.X, iris.y).predict(iris.X);
      const right = predicted.filter((label, i) => label === iris.y[i]).length;
      const product = tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync()[0];
      const rows = toDataFrame(iris, { rows: 5 }).shape[0];
      console.log(JSON.stringify({ major: process.versions.node.split(".")[0], right, product, rows }));
    });`);
  const { code, stdout, output } = await run(node as string, [program]);
  assert.equal(code, 0, output);
  assert.deepEqual(JSON.parse(stdout), { major: "24", right: 150, product: 3, rows: 5 });
});

test("under Node 24 a notebook runs in the kernel", { skip }, async () => {
  const spec = join(labEnvironment.venv, "share", "jupyter", "kernels", "tslab", "kernel.json");
  const kernel = JSON.parse(readFileSync(spec, "utf8"));
  const mine = join(folder, "kernels", "tslab");
  mkdirSync(mine, { recursive: true });
  const argv = [node, ...kernel.argv.slice(1)];
  writeFileSync(join(mine, "kernel.json"), JSON.stringify({ ...kernel, argv }));
  const notebook = readNotebook(join(root, "notebooks", "00-start-here.ipynb"));
  const asking = { id: "version", cell_type: "code", source: "console.log(process.version)", metadata: {}, outputs: [],
    execution_count: null };
  // Beside the folder notebooks, so that "../lib" is the library here too; the notebook's own folder is further off.
  const source = join(root, "results", "node24.ipynb");
  mkdirSync(join(root, "results"), { recursive: true });
  const text = JSON.stringify({ ...notebook, cells: [asking, ...notebook.cells] });
  writeFileSync(source, text.replaceAll('"./00-start-here\\"', '"../notebooks/00-start-here\\"'));
  const executed = join(folder, "executed.ipynb");
  process.env.JUPYTER_PATH = folder;
  const { failure } = await runNotebook(source, { profile: "quick", executed, force: true });
  rmSync(source);
  assert.equal(failure, undefined);
  const result = readNotebook(executed);
  assert.match(textOf(result.cells[0].outputs?.[0]?.text), /^v24\./);
  assert.deepEqual(claimsIn(result).map(({ verdict }) => verdict), ["reproduced"]);
});
