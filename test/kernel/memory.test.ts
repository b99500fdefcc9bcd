import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { TestKernel } from "./client";

const root = resolve(__dirname, "..", "..");
const skip = existsSync("/proc/self/status") ? false : "needs /proc";

/** How long after its last cell a kernel has given back what it can, in milliseconds. */
const REST_MS = 30_000;

test("a kernel that has run notebook 00 and rests takes at most 300 MB", { skip }, async (t) => {
  const notebook = JSON.parse(readFileSync(join(root, "notebooks", "00-start-here.ipynb"), "utf8")) as
    { cells: { cell_type: string; source: string | string[] }[] };
  const kernel = await TestKernel.start();
  for (const { cell_type: type, source } of notebook.cells) {
    if (type !== "code") continue;
    // The kernel runs beside the notebooks' folder.
    const code = [source].flat().join("").replace("\"./00-start-here\"", "\"../notebooks/00-start-here\"");
    const { error } = await kernel.run(code);
    assert.equal(error, undefined);
  }
  await new Promise((done) => setTimeout(done, REST_MS));
  const megabytes = kernel.memory();
  await kernel.shutdown();
  t.diagnostic(`${megabytes.toFixed(0)} MB`);
  assert.ok(megabytes <= 300, `${megabytes} MB`);
});

test("interrupts and reruns leave memory level", { skip }, async (t) => {
  const kernel = await TestKernel.start();
  await kernel.run("import * as kh from \"../lib\"; const { X, y } = await kh.loadTable(\"iris\");");
  const used = async (): Promise<number> => Number((await kernel.run(`require("v8").setFlagsFromString("--expose-gc");
    require("vm").runInNewContext("gc")(); process.memoryUsage().heapUsed / 2 ** 20`)).stdout);
  const round = async (): Promise<void> => {
    for (const code of ["for (;;) {}", "for (;;) await null;", "await new Promise(() => {});",
      "for (;;) console.log(\"x\".repeat(1000));", "for (;;) kh.svc().fit(X, y);"]) {
      assert.deepEqual((await kernel.run(code, { interruptAfter: 50 })).error, ["interrupted"]);
      assert.equal((await kernel.run("const again = kh.knn().fit(X, y).predict(X).length; again")).stdout, "150\n");
    }
  };
  for (let i = 0; i < 3; i++) await round();
  const before = await used();
  for (let i = 0; i < 10; i++) await round();
  const after = await used();
  await kernel.shutdown();
  t.diagnostic(`heap ${before.toFixed(1)} MB, ${after.toFixed(1)} MB after 50 more interrupts`);
  assert.ok(after - before < 10, `${before} MB, then ${after} MB`);
});
