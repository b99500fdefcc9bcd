import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {
  blackBox, decisionTree, extractDeepRelu, fromRows, matrix, reluNetwork, roundedScores, seededRng, type Classifier,
  type ExtractDeepReluOptions, type NumericRange, type ReluNetwork,
} from "../../lib";
import { box01 } from "./helpers";

/** Random layers of given widths, the input's first. */
function randomNetwork(widths: readonly number[], seed: number): ReluNetwork {
  const rng = seededRng(seed);
  const normals = (n: number, size: number): Float64Array =>
    Float64Array.from({ length: n }, () => size * rng.normal());
  return reluNetwork(widths.slice(1).map((units, l) => ({
    weights: matrix(normals(units * widths[l], 1 / Math.sqrt(widths[l])), [units, widths[l]]),
    biases: normals(units, 0.3),
  })));
}

const rows = (n: number, d: number, seed: number): ReturnType<typeof matrix> => {
  const rng = seededRng(seed);
  return matrix(Float64Array.from({ length: n * d }, () => rng.uniform()), [n, d]);
};

const gapOf = (a: ReluNetwork, b: ReluNetwork, X = rows(500, a.numFeatures, 9)): number => {
  const [p, q] = [a.decisionFunction(X).data, b.decisionFunction(X).data];
  return p.reduce((worst, value, i) => Math.max(worst, Math.abs(value - q[i])), 0);
};

const extract = (
  original: Classifier, options: Partial<ExtractDeepReluOptions> = {},
): ReturnType<typeof extractDeepRelu> =>
  extractDeepRelu(blackBox(original, { scores: true }), { ranges: box01(original.numFeatures!), rng: seededRng(1),
    ...options });

test("extractDeepRelu reads a network by hand: a tent on a tent", async () => {
  const original = reluNetwork([
    { weights: fromRows([[2, 0], [0, 2]]), biases: Float64Array.of(-1, -1) },
    { weights: fromRows([[1, 1], [1, -1]]), biases: Float64Array.of(-0.5, 0.25) },
    { weights: fromRows([[1, -2]]), biases: Float64Array.of(3) },
  ]);
  assert.deepEqual([...original.decisionFunction(fromRows([[0, 0], [1, 1], [1, 0]])).data], [2.5, 4, 1]);
  const { network, units, complete } = await extract(original);
  assert.deepEqual([units, complete], [[2, 2], true]);
  const found = network.decisionFunction(fromRows([[0, 0], [1, 1], [1, 0]])).data;
  for (const [i, score] of [2.5, 4, 1].entries()) assert.ok(Math.abs(found[i] - score) < 1e-9);
});

test("of random networks of two hidden layers most come out, and a copy that is called complete is near", async () => {
  let [tried, complete] = [0, 0];
  await fc.assert(fc.asyncProperty(
    fc.integer({ min: 6, max: 10 }), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 1, max: 2 }), fc.nat(1e6),
    async (d, less, lesser, seed) => {
      const original = randomNetwork([d, d - less, d - less - lesser, 1], seed);
      const box = blackBox(original, { scores: true });
      const found = await extractDeepRelu(box, { ranges: box01(d), mostLines: 60, rng: seededRng(seed) });
      assert.equal(found.spent, box.used);
      tried++;
      if (!found.complete) return;
      complete++;
      assert.ok(gapOf(original, found.network) < 1e-6, `${gapOf(original, found.network)} for ${d}, ${less}, ${seed}`);
    }), { numRuns: 15, seed: 1 });
  assert.ok(complete >= 0.8 * tried, `${complete} of ${tried}`);
});

test("the first layer of 10-8-6-1 comes out to nine digits, up to lengths", async () => {
  const original = randomNetwork([10, 8, 6, 1], 1);
  const { network, units, extraUnits, spent } = await extract(original);
  assert.deepEqual([units, extraUnits], [[8, 6], 0]);
  assert.ok(spent < 2 ** 16, `${spent} rows`);
  const unitsOf = ({ layers: [{ weights: { data, shape: [h, d] }, biases }] }: ReluNetwork): number[][] =>
    Array.from({ length: h }, (_, k) => {
      const row = [...data.subarray(k * d, (k + 1) * d), biases[k]];
      return row.map((value) => value / Math.hypot(...row));
    });
  const copies = unitsOf(network);
  for (const unit of unitsOf(original))
    assert.ok(Math.min(...copies.map((copy) => Math.hypot(...copy.map((value, j) => value - unit[j])))) < 1e-9);
});

test("extractDeepRelu repeats under one seed, and takes constant features", async () => {
  const original = randomNetwork([8, 6, 5, 1], 2);
  const [one, again, other] = [await extract(original), await extract(original),
    await extract(original, { rng: seededRng(2) })];
  assert.deepEqual(one.network.layers, again.network.layers);
  assert.notDeepEqual(one.network.layers, other.network.layers);
  const fixed: NumericRange = { kind: "numeric", min: 4, max: 4, mean: 4, deviation: 0 };
  const { network, complete } = await extract(original, { ranges: [fixed, ...box01(7)] });
  assert.ok(complete);
  const X = rows(200, 8, 1);
  for (let i = 0; i < 200; i++) X.data[8 * i] = 4;
  assert.ok(gapOf(original, network, X) < 1e-8);
});

test("a network with more units below than features, or with one hidden layer, is not called complete", async () => {
  for (const widths of [[3, 6, 4, 1], [5, 3, 1]]) {
    const { complete, largestGap } = await extract(randomNetwork(widths, 5), { mostLines: 12 });
    assert.ok(!complete && largestGap > 1e-3, `${widths.join("-")}: ${largestGap}`);
  }
});

test("what extractDeepRelu can't take is named", async () => {
  const original = randomNetwork([4, 3, 2, 1], 5);
  for (const bad of [{ reach: 0 }, { reach: NaN }, { noise: 0 }, { noise: -1 }, { mostLines: 0 }, { mostLines: 1.5 }]) {
    const [[name, value]] = Object.entries(bad);
    await assert.rejects(extract(original, bad),
      { name: "RangeError", message: new RegExp(`extractDeepRelu: ${name} must be .* got ${value}`) });
  }
  const tree = decisionTree().fit(fromRows([[0], [1]]), Int32Array.of(0, 1));
  await assert.rejects(extractDeepRelu(blackBox(tree), { ranges: box01(1), rng: seededRng(1) }), /must give scores/);
  const fixed: NumericRange = { kind: "numeric", min: 4, max: 4, mean: 4, deviation: 0 };
  await assert.rejects(extract(original, { ranges: Array.from({ length: 4 }, () => fixed) }), /varies, got none/);
  await assert.rejects(extract(randomNetwork([4, 1], 1), { mostLines: 8 }), /must bend the score, none did on 8 lines/);
  const rounded = roundedScores(original, { decimals: 5 });
  await assert.rejects(extract(rounded), /extractDeepRelu: noise must be at least the answers' own error/);
  const small = blackBox(original, { scores: true, budget: 500 });
  await assert.rejects(extractDeepRelu(small, { ranges: box01(4), rng: seededRng(1) }), { name: "QueryBudgetError" });
  assert.ok(small.used <= 500);
});
