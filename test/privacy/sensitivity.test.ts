import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  fromRows, gaussianMechanism, layer, matrix, mlp, noiseImages, normalizeImages, privateMarginals,
  privateStandardScaler, randomizedResponse, reportRandomBits, seededRng, sgd, syntheticTable, trainPrivateLinear,
  trainPrivateNetwork, type Architecture, type Rng,
} from "../../lib";
import { privateGroupSums } from "../../lib/privacy/synthetic/group-sums";
import { privateGroupSquares } from "../../lib/privacy/synthetic/modes";
import { loadTensorflow } from "../../lib/tensorflow";
import { domain, people } from "./tables/table-of";

const tf = loadTensorflow();
const tensors = tf.memory().numTensors;
after(() => assert.equal(tf.memory().numTensors, tensors));

/** All of a generator but its normal numbers, which are 0: what is released then shows what one record moves. */
const withoutNoise = (rng: Rng): Rng => ({
  uniform: () => rng.uniform(), normal: () => 0, integer: (n) => rng.integer(n), word: () => rng.word(),
  permutation: (n) => rng.permutation(n), spawn: (key) => withoutNoise(rng.spawn(key)),
});

const distance = (a: readonly number[], b: readonly number[]): number => {
  assert.equal(a.length, b.length);
  return Math.sqrt(a.reduce((sum, value, p) => sum + (value - b[p]) ** 2, 0));
};

const n = 20;
const drawn = seededRng(3);
const rows = Array.from({ length: n }, () => Array.from({ length: 16 }, () => drawn.normal()));
const y = Int32Array.from({ length: n }, (_, i) => i % 3);
/** Numbers that float32 holds, but not their squares, products or sums. */
const records = [1e9, 1e18, 3e19, 1e30, 1e38, 3.3e38].flatMap((size) => [
  rows[0].map(() => size), rows[0].map((_, j) => (j % 3 ? size : -size)), rows[0].map((_, j) => (j ? 0 : size)),
]);
const replaced = (record: readonly number[]) => fromRows(rows.map((row, i) => (i === 3 ? record : row)));

const run = { epsilon: 1, delta: 1e-5, samplingRate: 1, clipNorm: 0.5 };
const convolution: Architecture = { inputShape: [4, 4, 1], inputScale: 1,
  layers: [layer.conv2d(2, { kernelSize: 3 }), layer.maxPool(2), layer.flatten(), layer.dense(3)] };
/** Each gives what it releases with one step, in units of clipNorm. */
const learners: Record<string, (X: ReturnType<typeof fromRows>, rng: Rng, steps: number) => number[]> = {
  "a linear model": (X, rng, steps) => {
    const { weights, bias } = trainPrivateLinear(X, y,
      { ...run, numClasses: 3, steps, learningRate: n, momentum: 0, rng });
    return [...weights.data, ...bias];
  },
  ...Object.fromEntries(Object.entries({
    "a perceptron": mlp({ numFeatures: 16, hidden: [8, 8], numClasses: 3 }), "a convolution": convolution,
  }).flatMap(([name, start]) => [256, 1].map((microBatchSize) => [`${name}, ${microBatchSize} records at a time`,
    (X: ReturnType<typeof fromRows>, rng: Rng, steps: number) => trainPrivateNetwork(start, X, y,
      { ...run, steps, microBatchSize, optimizer: sgd({ learningRate: n }), rng })
      .weights.flatMap((weights) => Array.from(weights, (value) => value / run.clipNorm))]))),
};

for (const [name, release] of Object.entries(learners)) {
  test(`one record moves a step of ${name} by two clipped gradients at most, however large its numbers are`, () => {
    const before = release(fromRows(rows), withoutNoise(seededRng(1)), 1);
    for (const record of records) {
      const moved = distance(release(replaced(record), withoutNoise(seededRng(1)), 1), before);
      assert.ok(moved <= 2 * (1 + 1e-5), `${record.slice(0, 2).join()}: ${moved}`);
    }
  });
  test(`no record makes ${name} no number, also after some steps`, () => {
    for (const record of records)
      assert.ok(release(replaced(record), seededRng(2), 4).every(Number.isFinite), record.slice(0, 2).join());
  });
  test(`${name} refuses what is infinite in float32`, () => {
    for (const size of [3.5e38, 1e39, -1e300])
      assert.throws(() => release(replaced(rows[0].map(() => size)), seededRng(1), 1),
        { name: "RangeError", message: /X must be at most 3.40e\+38 in size, as float32 holds/ });
  });
}

test("one record moves sums and squares of groups by their sensitivity at most", () => {
  const sums = (X: number[][]) => privateGroupSums(fromRows(X), Int32Array.from(X, (_, i) => i % 3),
    { numGroups: 3, countWeight: 0.3, noiseMultiplier: 0, rng: seededRng(1) });
  const squares = (X: number[][]) => privateGroupSquares(fromRows(X), Int32Array.from(X, (_, i) => i % 3),
    { numGroups: 3, reach: 0.8, noiseMultiplier: 0, rng: seededRng(1) }).squares;
  for (const record of [...records, rows[0].map(() => 1e300), rows[0].map(() => 0)]) {
    const [a, b] = [sums(rows), sums([...rows, record])];
    const counted = 0.3 * distance([...a.counts], [...b.counts]);
    assert.ok(Math.hypot(distance([...a.sums.data], [...b.sums.data]), counted) <= Math.sqrt(1.09) * (1 + 1e-12));
    assert.ok(distance([...squares(rows).data], [...squares([...rows, record]).data]) <= 1 + 1e-12);
  }
});

const bits = matrix(Uint8Array.from({ length: 40 * 9 }, () => drawn.integer(2)), [40, 9]);
const classes = Int32Array.from({ length: 40 }, (_, i) => i % 3);
const table = people(300, seededRng(1));
const budget = { epsilon: 1, delta: 1e-5 };
/** What makes noise, each with settings of its own. */
const noisy: Record<string, (rng: Rng) => unknown> = {
  gaussianMechanism: (rng) =>
    gaussianMechanism([1, 2], { ...budget, sensitivity: 1, neighbors: "add-remove", rng }).values,
  noiseImages: (rng) => noiseImages(normalizeImages(fromRows([[3, 4]])), { ...budget, rng }).X.data,
  privateMarginals: (rng) => privateMarginals(bits, classes, { ...budget, numClasses: 3, mostOnes: 4, rng }).means.data,
  privateStandardScaler: (rng) => privateStandardScaler(fromRows(rows),
    { ...budget, lower: -3, upper: 3, neighbors: "add-remove", rng }).serialize(),
  randomizedResponse: (rng) => randomizedResponse(classes, { epsilon: 1, numClasses: 3, rng }),
  reportRandomBits: (rng) => reportRandomBits(bits, classes, { pixelEpsilon: 1, labelEpsilon: 1, numClasses: 3, rng }),
  syntheticTable: (rng) => syntheticTable(table, { epsilon: 1, delta: 1e-6, domain, rng, rows: 50 }).X.data,
  "sample of a synthetic table": (() => {
    const invented = syntheticTable(table, { epsilon: 1, delta: 1e-6, domain, rng: seededRng(1) });
    return (rng: Rng) => invented.sample({ rows: 50, rng }).X.data;
  })(),
  trainPrivateLinear: (rng) => learners["a linear model"](fromRows(rows), rng, 2),
  trainPrivateNetwork: (rng) => learners["a convolution, 256 records at a time"](fromRows(rows), rng, 2),
};
for (const [name, release] of Object.entries(noisy))
  test(`${name} makes new noise when a generator is used again: the same would cancel out between two releases`, () => {
    const rng = seededRng(7);
    const [first, second] = [release(rng), release(rng)];
    assert.notDeepEqual(second, first);
    assert.deepEqual(release(seededRng(7)), first);
  });
