import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { boundaryPoints, crossingSegments, decisionMap, fromRows, seededRng, toRows, uniformSampler } from "../../lib";
import { box01, ruled, ruledBox } from "./helpers";

const ranges = box01(2);
const known = (rule: (row: number[]) => number, n = 200) => {
  const X = uniformSampler(ranges).sample(n, seededRng(1));
  return { X, y: ruled(rule)(X) };
};

test("boundary points of a line lie on it, within the tolerance in deviations", () => {
  const slope = fc.double({ min: -1, max: 1, noNaN: true });
  const line = fc.record({ a: slope, c: fc.double({ min: 0.3, max: 0.7, noNaN: true }) });
  return fc.assert(
    fc.asyncProperty(line, async ({ a, c }) => {
      const rule = ([x, y]: number[]): number => (y - 0.5 > a * (x - c) ? 1 : 0);
      const box = ruledBox(rule, 2);
      const found = await boundaryPoints(box, known(rule), { ranges, n: 50, tolerance: 1e-6, rng: seededRng(2) });
      for (const [x, y] of toRows(found.X)) assert.ok(Math.abs(y - 0.5 - a * (x - c)) <= 2 * 0.2 * 1e-6);
      assert.equal(box.used, found.spent);
      found.labels.forEach((label, i) => assert.notEqual(label, found.otherLabels[i]));
    }),
    { numRuns: 20 },
  );
});

test("with three classes, each point lies between the two labels it names", async () => {
  const rule = ([x]: number[]): number => Math.min(2, Math.floor(3 * x));
  const options = { ranges, n: 200, tolerance: 1e-4, rng: seededRng(3) };
  const { X, labels, otherLabels } = await boundaryPoints(ruledBox(rule, 2), known(rule), options);
  toRows(X).forEach(([x], i) => {
    assert.equal(rule([x]), labels[i]);
    assert.ok(Math.abs(x - Math.max(labels[i], otherLabels[i]) / 3) < 1e-4);
  });
});

test("boundaryPoints needs two labels, and names a tolerance of 0", async () => {
  const one = known(() => 0);
  const box = ruledBox(() => 0, 2);
  await assert.rejects(boundaryPoints(box, one, { ranges, n: 5, rng: seededRng(1) }), /at least two labels/);
  const two = known(([x]) => (x > 0.5 ? 1 : 0));
  const touching = boundaryPoints(box, two, { ranges, n: 5, tolerance: 0, rng: seededRng(1) });
  await assert.rejects(touching, /tolerance .* got 0/);
});

test("segments join points of different labels, the same ones under the same seed", () => {
  const { labels, otherLabels } = crossingSegments(known(([x]) => (x > 0.9 ? 1 : 0)), 100, seededRng(4));
  labels.forEach((label, i) => assert.notEqual(label, otherLabels[i]));
  const again = (seed: number) => crossingSegments(known(([x]) => (x > 0.9 ? 1 : 0)), 100, seededRng(seed));
  assert.deepEqual(again(4), again(4));
  assert.notDeepEqual(again(4), again(5));
});

test("a decision map varies two features and holds the others", async () => {
  const seen: number[][] = [];
  const predict = ruled((row) => (seen.push(row), row[2] > 0.5 ? 1 : 0));
  const at = Float64Array.of(0.1, 0.2, 0.3);
  const map = await decisionMap(predict, { ranges: box01(3), features: [0, 2], resolution: 3, at });
  assert.deepEqual([[...map.across], [...map.up]], [[0, 0.5, 1], [0, 0.5, 1]]);
  assert.deepEqual([...map.labels], [0, 0, 0, 0, 0, 0, 1, 1, 1]);
  assert.ok(seen.every(([, middle]) => middle === 0.2));
  await assert.rejects(decisionMap(predict, { ranges, features: [0, 2] }), /features must be .* in \[0, 1\], got 2/);
  await assert.rejects(decisionMap(predict, { ranges, features: [0, 1], at: [1] }), /at must have 2 values, got 1/);
});

test("crossingSegments keeps the rows it was given", () => {
  const X = fromRows([[0, 0], [1, 1]]);
  const segments = crossingSegments({ X, y: Int32Array.of(4, 9) }, 3, seededRng(1));
  segments.labels.forEach((label, i) => assert.deepEqual(toRows(segments.from)[i], label === 4 ? [0, 0] : [1, 1]));
});
