import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { median, mergeRows, sameResult, Side, toRows } from "../../scripts/lib/bench.mjs";
import { root, venvProgram } from "../../scripts/bootstrap/paths.mjs";
import { labEnvironment } from "../../scripts/bootstrap/python.mjs";

const folder = mkdtempSync(join(tmpdir(), "kh-bench-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("the median of an odd and an even number of values", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
});

test("a row holds both medians and their ratio, ours over the peer's", () => {
  const ours = [1, 9, 2].map((seconds) => [{ work: "fit", seconds }]);
  const theirs = [8, 4, 2].map((seconds) => [{ work: "fit", seconds }]);
  assert.deepEqual(toRows("P", ours, theirs), [{ work: "fit", ours_s: 2, peer: "P", peer_s: 4, ratio: 0.5 }]);
});

test("sides that did different works are refused", () => {
  const side = (work: string) => [[{ work, seconds: 1 }]];
  assert.throws(() => toRows("P", side("fit"), side("predict")), /same works; ours: fit; P: predict/);
});

test("merged rows take the place of earlier ones of the same work and peer only", () => {
  const file = join(folder, "bench.json");
  const row = (work: string, ours_s: number) => ({ work, ours_s, peer: "P", peer_s: 1, ratio: ours_s });
  mergeRows(file, [row("b", 1), row("a", 1)]);
  mergeRows(file, [row("b", 2)]);
  assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), [row("a", 1), row("b", 2)]);
});

test("results are compared as numbers, to a relative tolerance, and lists by element", () => {
  assert.ok(sameResult([1, [2 + 1e-9]], [1, [2]]));
  assert.ok(!sameResult([1, 2], [1, 2.1]));
  assert.ok(!sameResult([1], [1, 1]));
  assert.ok(!sameResult(1, "1"));
});

test("both harnesses speak the protocol: ready, then one timing a work for each round", async () => {
  const [ts, py] = [join(folder, "work.ts"), join(folder, "work.py")];
  const harness = JSON.stringify(join(root, "bench", "harness"));
  writeFileSync(ts, `require(${harness}).serve([{ name: "sum", run: () => 1 + 1 }]);`);
  writeFileSync(py, `import sys\nsys.path.insert(0, ${JSON.stringify(join(root, "bench"))})
from harness import serve\nserve([("sum", lambda: 1 + 1)])`);
  const ours = new Side("ours", process.execPath, ["--import", "tsx", ts]);
  const theirs = new Side("theirs", venvProgram(labEnvironment.venv, "python"), [py]);
  for (const side of [ours, theirs]) {
    try {
      await side.until("ready");
      for (let round = 0; round < 2; round++) {
        const [timing, ...more] = await side.round();
        assert.equal(more.length, 0);
        assert.deepEqual([timing.work, timing.result], ["sum", 2]);
        assert.ok(timing.seconds >= 0);
      }
    } finally {
      side.end();
    }
  }
});

test("a side that ends early is named", async () => {
  const side = new Side("the peer", process.execPath, ["-e", ""]);
  await assert.rejects(side.until("ready"), /the peer ended before it said "ready"/);
});
