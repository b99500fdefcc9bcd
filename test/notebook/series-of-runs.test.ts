import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { figureSpec, seriesOfRuns } from "../../lib";

test("seriesOfRuns draws the means, and a band from the lowest to the highest run", () => {
  const series = seriesOfRuns({ name: "copy", x: [10, 100], runs: [[0.25, 0.75], [0.125]], dash: "dot" });
  assert.deepEqual(series, { name: "copy", x: [10, 100], y: [0.5, 0.125], low: [0.25, 0.125], high: [0.75, 0.125],
    dash: "dot" });
  assert.equal(figureSpec.lines([series]).data.length, 2);
});

test("seriesOfRuns puts each mean within its band, whatever order the runs have", () => {
  const run = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 5 });
  fc.assert(fc.property(fc.array(run, { minLength: 1, maxLength: 5 }), (runs) => {
    const x = runs.map((_, i) => i);
    const { y, low, high } = seriesOfRuns({ name: "a", x, runs });
    const turned = seriesOfRuns({ name: "a", x, runs: runs.map((values) => values.slice().reverse()) });
    x.forEach((i) => {
      assert.ok(low![i] - 1e-12 <= y[i] && y[i] <= high![i] + 1e-12);
      assert.ok(low![i] === turned.low![i] && high![i] === turned.high![i] && Math.abs(y[i] - turned.y[i]) < 1e-12);
    });
  }));
});

test("seriesOfRuns refuses what has no runs, and names what came", () => {
  const refused = (runs: number[][], message: RegExp) =>
    assert.throws(() => seriesOfRuns({ name: "a", x: [1], runs }), { name: "RangeError", message });
  refused([], /seriesOfRuns: .*runs/);
  refused([[1], [2]], /seriesOfRuns: x and runs.*1 and 2/);
  refused([[]], /values/);
  refused([[Number.NaN]], /finite/);
});
