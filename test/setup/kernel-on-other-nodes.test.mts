import assert from "node:assert/strict";
import { test } from "node:test";
import { TestKernel } from "../kernel/client.js";
import { findNode, skipWithout } from "./other-node.mjs";

for (const major of [22, 24]) {
  const node = await findNode(major);
  test(`under Node ${major} the kernel runs cells, stops them, loses nothing and ends`,
    { skip: skipWithout(node, major) }, async (t) => {
      const kernel = await TestKernel.start(node as string);
      t.after(() => {
        if (kernel.process.exitCode === null && kernel.process.signalCode === null) kernel.kill();
      });
      assert.match((await kernel.run("process.version")).stdout, new RegExp(`^v${major}\\.`));
      await kernel.run("const box = 7;");
      assert.equal((await kernel.run("console.log({ box })")).stdout, "{ box: 7 }\n");
      assert.equal((await kernel.run("for (let i = 0; i < 2000; i++) console.log(i)")).stdout.split("\n").length, 2001);
      const rest = "await new Promise((done) => setTimeout(done, 10));";
      for (const code of ["for (;;) {}", `${rest} for (;;) {}`, `for (;;) ${rest}`, "await new Promise(() => {});",
        `await Promise.all([1].map(async () => { ${rest} for (;;) {} }));`,
        "setTimeout(() => { for (;;) {} }, 10); await new Promise(() => {});",
        "process.nextTick(() => { for (;;) {} }); await new Promise(() => {});"]) {
        const { error, stoppedAfter } = await kernel.run(code, { interruptAfter: 300 });
        assert.deepEqual(error, ["interrupted"], code);
        assert.ok(stoppedAfter < 5000, `${code} ended after ${stoppedAfter} ms`);
        assert.equal((await kernel.run("box")).stdout, "7\n");
      }
      const failing = await kernel.run("const a = 1;\nvoid Promise.reject(new Error(\"unheard\"));");
      await kernel.run("await new Promise((done) => setTimeout(done, 300));");
      assert.match(failing.stderr, /Promise that nothing awaited: .*unheard\n.*cell \[\d+\], line 2/);
      assert.match((await kernel.run("const c = 1;\nawait (async () => { throw new Error(\"own\"); })();")).error![1],
        /line 2$/);
      const native = await kernel.run(`import * as kh from "../lib"; const { X } = await kh.loadTable("iris");
        kh.kMeans(X, { numClusters: 3, rng: kh.seededRng(1) }).inertia`);
      assert.deepEqual([native.error, native.stderr], [undefined, ""]);
      assert.ok((await kernel.shutdown()) < 5000);
    });
}
