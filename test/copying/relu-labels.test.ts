import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {
  blackBox, extractReluFromLabels, fromRows, matrix, reluNetwork, seededRng, type BlackBox,
  type ExtractReluFromLabelsOptions, type NumericRange, type ReluNetwork,
} from "../../lib";
import { box01, ruledBox } from "./helpers";

/** Units with normal weights; the score's bias is against the first unit, so that both labels occur. */
function randomNetwork(d: number, units: number, seed: number): ReluNetwork {
  const rng = seededRng(seed);
  const normals = (n: number): Float64Array => Float64Array.from({ length: n }, () => rng.normal());
  const out = normals(units);
  return reluNetwork([
    { weights: matrix(normals(units * d), [units, d]), biases: normals(units) },
    { weights: matrix(out, [1, units]), biases: Float64Array.of(-0.3 * Math.sign(out[0])) },
  ]);
}

/** Rows drawn evenly from a cube round the middle of box01. */
function spreadRows(n: number, d: number, size: number): ReturnType<typeof matrix> {
  const rng = seededRng(99);
  return matrix(Float64Array.from({ length: n * d }, () => 0.5 + size * (rng.uniform() - 0.5)), [n, d]);
}

const differing = (a: ReluNetwork, b: ReluNetwork, X: ReturnType<typeof matrix>): number => {
  const [p, q] = [a.predict(X), b.predict(X)];
  return p.reduce((sum, label, i) => sum + Number(label !== q[i]), 0);
};

const extract = (
  box: Pick<BlackBox, "query">, d: number, options: Partial<ExtractReluFromLabelsOptions> = {},
): ReturnType<typeof extractReluFromLabels> =>
  extractReluFromLabels(box, { ranges: box01(d), rng: seededRng(1), ...options });

/** A unit's weights and bias together, of length 1. */
const unitsOf = ({ layers: [hidden] }: ReluNetwork): number[][] => {
  const [units, d] = hidden.weights.shape;
  return Array.from({ length: units }, (_, u) => {
    const row = [...hidden.weights.data.subarray(u * d, (u + 1) * d), hidden.biases[u]];
    const length = Math.hypot(...row);
    return row.map((value) => value / length);
  });
};

const gap = (a: number[], b: number[]): number => Math.hypot(...a.map((value, j) => value - b[j]));

test("extractReluFromLabels reads a boundary of three pieces by hand: x = 1, y = 1 and x + y = 1", async () => {
  const original = reluNetwork([
    { weights: fromRows([[1, 0], [0, 1]]), biases: Float64Array.of(0, 0) },
    { weights: fromRows([[-1, -1]]), biases: Float64Array.of(1) },
  ]);
  assert.deepEqual([...original.predict(fromRows([[0.4, 0.4], [0.6, 0.6], [-9, 0.9], [-9, 1.1]]))], [1, 0, 1, 0]);
  const { network, units, extraUnits, facets, complete } = await extract(blackBox(original), 2);
  assert.deepEqual([units, extraUnits, facets, complete], [2, 0, 3, true]);
  const at = (x: number, y: number): number => network.decisionFunction(fromRows([[x, y]])).data[0];
  const expected: [number, number, number][] = [[0, 0, 1], [-3, -2, 1], [3, -1, -2], [-1, 5, -4], [2, 2, -3]];
  for (const [x, y, score] of expected) assert.ok(Math.abs(at(x, y) / at(0, 0) - score) < 1e-9, `${x}, ${y}`);
});

test("extractReluFromLabels answers as random networks do, near and far, and counts what it asks", () =>
  fc.assert(fc.asyncProperty(
    fc.integer({ min: 5, max: 10 }), fc.integer({ min: 1, max: 4 }), fc.nat(1e6), async (d, units, seed) => {
      const original = randomNetwork(d, units, seed);
      const box = blackBox(original);
      const found = await extract(box, d, { rng: seededRng(seed) });
      assert.equal(found.spent, box.used);
      const wrong = [1, 4].map((size) => differing(original, found.network, spreadRows(2000, d, size)));
      const isAlike = found.complete && found.units <= units && wrong.every((count) => count === 0);
      assert.ok(isAlike, `${d}, ${units}, ${seed}`);
    }), { numRuns: 20, seed: 1 }));

test("eight units of forty features come out to nine digits, up to their lengths", async () => {
  const original = randomNetwork(40, 8, 2);
  const { network, units, extraUnits, complete, spent } = await extract(blackBox(original), 40);
  assert.deepEqual([units, extraUnits, complete], [8, 0, true]);
  assert.ok(spent < 2 ** 19, `${spent} rows`);
  const copies = unitsOf(network);
  for (const unit of unitsOf(original)) assert.ok(Math.min(...copies.map((copy) => gap(unit, copy))) < 1e-9);
});

test("extractReluFromLabels repeats under one seed, keeps the labels, and takes constant features", async () => {
  const { layers } = randomNetwork(6, 2, 5);
  const original = reluNetwork(layers, Int32Array.of(3, 7));
  const fixed: NumericRange = { kind: "numeric", min: 4, max: 4, mean: 4, deviation: 0 };
  const ranges = [fixed, ...box01(5)];
  const run = async (seed: number) => (await extract(blackBox(original), 6, { ranges, rng: seededRng(seed) })).network;
  const [one, again, other] = [await run(1), await run(1), await run(2)];
  assert.deepEqual(one.layers, again.layers);
  assert.notDeepEqual(one.layers, other.layers);
  assert.deepEqual([...one.classes], [3, 7]);
  const X = spreadRows(2000, 6, 2);
  for (let i = 0; i < 2000; i++) X.data[6 * i] = 4;
  assert.equal(differing(original, one, X), 0);
});

test("fewer halvings cost fewer rows and digits", async () => {
  const original = randomNetwork(12, 2, 4);
  const worst = async (halvings: number) => {
    const { network, spent } = await extract(blackBox(original), 12, { halvings });
    const copies = unitsOf(network);
    const gaps = unitsOf(original).map((unit) => Math.min(...copies.map((copy) => gap(unit, copy))));
    return { spent, gap: Math.max(...gaps) };
  };
  const [coarse, fine] = [await worst(40), await worst(50)];
  assert.ok(coarse.spent < 0.9 * fine.spent, `${coarse.spent}, ${fine.spent}`);
  assert.ok(fine.gap < 1e-10 && coarse.gap > 10 * fine.gap && coarse.gap < 1e-4, `${coarse.gap}, ${fine.gap}`);
});

test("four units of two features bend in planes that two dimensions can't tell apart: it is not complete", async () => {
  const original = randomNetwork(2, 4, 3);
  const { complete, walks } = await extract(blackBox(original), 2, { mostWalks: 60 });
  assert.ok(!complete && walks >= 60);
});

test("what extractReluFromLabels can't take is named", async () => {
  const original = randomNetwork(4, 2, 5);
  for (const bad of [{ reach: 0 }, { reach: NaN }, { halvings: 39 }, { halvings: 40.5 }, { idleWalks: 0 },
    { mostWalks: 0 }, { checks: NaN }]) {
    const [[name, value]] = Object.entries(bad);
    await assert.rejects(extract(blackBox(original), 4, bad),
      { name: "RangeError", message: new RegExp(`extractReluFromLabels: ${name} must be .* got ${value}`) });
  }
  await assert.rejects(extract(ruledBox(() => 1, 3), 3), /both labels must be met, got 1 for all of 320 rows/);
  const three = ruledBox(([x, y]) => (x > 0.3 ? (y > 0.4 ? 2 : 1) : 0), 2);
  await assert.rejects(extract(three, 2), /labels must be two, got .* and/);
  const round = ruledBox(([x, y, z]) => Number(x * x + y * y + z * z < 0.5), 3);
  await assert.rejects(extract(round, 3), /must be made of flat pieces/);
  const small = blackBox(original, { budget: 500 });
  await assert.rejects(extract(small, 4), { name: "QueryBudgetError" });
  assert.ok(small.used <= 500);
});
