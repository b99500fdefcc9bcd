import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  adam,
  evaluateNetwork,
  fitTemperature,
  flipToOpposite,
  initializeNetwork,
  inferLabels,
  layer,
  matrix,
  memorizedShare,
  networkOutputs,
  relearn,
  relearnInferred,
  seededRng,
  selectLabels,
  selectRows,
  trainNetworkSync,
  type Architecture,
  type Augmentation,
  type Matrix,
  type Network,
} from "../../lib";
import { loadTensorflow } from "../../lib/tensorflow";

function blobs(n: number, seed: number): { X: Matrix; y: Int32Array } {
  const rng = seededRng(seed);
  const y = Int32Array.from({ length: n }, (_, i) => i % 4);
  const X = matrix(
    Float32Array.from({ length: n * 6 }, (_, k) => (k % 6 === y[Math.floor(k / 6)] ? 2 : 0) + 0.7 * rng.normal()),
    [n, 6],
  );
  return { X, y };
}

const train = blobs(400, 1);
const held = blobs(400, 2);
const { y: given, flipped } = flipToOpposite(train.y, { budget: 120, numClasses: 4, rng: seededRng(42) });
const architecture: Architecture = {
  inputShape: [6],
  inputScale: 1,
  layers: [
    layer.dense(48, { activation: "relu" }),
    layer.batchNorm(),
    layer.dense(24, { activation: "relu" }),
    layer.dense(4),
  ],
};
const fit = (y: Int32Array): Network =>
  trainNetworkSync(architecture, train.X, y, { epochs: 60, rng: seededRng(3), optimizer: adam({ learningRate: 0.01 }) })
    .network;
const poisoned = fit(given);
const clean = fit(train.y);
const flippedX = selectRows(train.X, flipped);
const flippedTo = selectLabels(given, flipped);
const options = (seed = 1) => ({ gradients: 4000, changedShare: 0.4, restartFrom: 2, rng: seededRng(seed) });
const accuracyOf = (network: Network): number => evaluateNetwork(network, held.X, held.y).accuracy;

test("relearning the true labels forgets the flips and brings the accuracy back", () => {
  const { network, gradients } = relearn(poisoned, train.X, train.y, flipped, options());
  const [before, after, best] = [poisoned, network, clean].map(accuracyOf);
  assert.ok(after - before >= 0.9 * (best - before), `${before} → ${after}, clean ${best}`);
  assert.ok(memorizedShare(poisoned, flippedX, flippedTo) > 0.5);
  assert.ok(memorizedShare(network, flippedX, flippedTo) < 0.1);
  assert.ok(gradients <= 4000 && gradients > 4000 - 64);
  assert.deepEqual(network.architecture, architecture);
});

test("relearning repeats with its seed, differs with another, and leaves the network as it was", () => {
  const weights = poisoned.weights.map((values) => values.slice());
  const [a, b, c] = [1, 1, 2].map((seed) => relearn(poisoned, train.X, train.y, flipped, options(seed)).network);
  assert.deepEqual(a.weights, b.weights);
  assert.notDeepEqual(a.weights, c.weights);
  assert.deepEqual(poisoned.weights, weights);
});

test("relearning with changing images repeats, and learns fewer wrong labels by heart", () => {
  const rng = seededRng(7);
  const y = Int32Array.from({ length: 200 }, (_, i) => i % 2);
  const X = matrix(Float32Array.from({ length: 200 * 36 }, (_, k) => rng.normal() + (y[Math.floor(k / 36)] ? 0.2 : 0)),
    [200, 36]);
  const start = initializeNetwork({ inputShape: [6, 6, 1], inputScale: 1, layers: [layer.conv2d(8), layer.flatten(),
    layer.dense(64, { activation: "relu" }), layer.dense(2)] }, { rng: seededRng(1) });
  const wrong = y.map((label, i) => (i < 20 ? 1 - label : label));
  const first = Int32Array.from({ length: 20 }, (_, i) => i);
  const learn = (augment?: Augmentation): Network => relearn(start, X, wrong, [199], { gradients: 6000, batchSize: 20,
    augment, rng: seededRng(2) }).network;
  const [plain, moved, again] = [learn(), learn({ mirror: "random", shift: 1 }), learn({ mirror: "random", shift: 1 })];
  assert.deepEqual(moved.weights, again.weights);
  assert.deepEqual(learn({}).weights, plain.weights);
  const byHeart = (network: Network): number =>
    memorizedShare(network, selectRows(X, first), selectLabels(wrong, first));
  assert.ok(byHeart(moved) < byHeart(plain) - 0.2, `${byHeart(moved)} and ${byHeart(plain)}`);
});

test("relearning frees its tensors", () => {
  const { memory } = loadTensorflow();
  relearn(poisoned, train.X, train.y, flipped, options());
  const before = memory().numTensors;
  relearn(poisoned, train.X, train.y, flipped, options());
  assert.equal(memory().numTensors, before);
});

test("relearn refuses a budget below one batch, positions outside, and a share over 1", () => {
  const run = (changes: object, positions: ArrayLike<number> = flipped) =>
    relearn(poisoned, train.X, train.y, positions, { ...options(), ...changes });
  assert.throws(() => run({ gradients: 10 }), /relearn: gradients must be .*10/);
  assert.throws(() => run({ changedShare: 1.5 }), /relearn: changedShare must be .*1.5/);
  assert.throws(() => run({ learningRate: 0 }), /relearn: learningRate must be/);
  assert.throws(() => run({}, [400]), /relearn: changed position must be .*400/);
  assert.throws(() => run({}, []), /needs changed and other examples, got 0 and 400/);
  assert.throws(() => run({ restartFrom: 4 }), /splitNetwork: layer must be/);
});

test("inferLabels strikes out the wrong class and lets a group decide a doubtful case", () => {
  // Three examples labelled 0, all really 2; the third alone looks a little more like 1.
  const probabilities = matrix(Float64Array.of(0.5, 0.05, 0.45, 0.5, 0.05, 0.45, 0.5, 0.26, 0.24), [3, 3]);
  const { y, confidence, pattern } = inferLabels(probabilities, Int32Array.of(0, 0, 0));
  assert.deepEqual([...y], [2, 2, 2]);
  assert.equal(pattern[0][0], 0);
  assert.ok(pattern[0][2] > 0.95 && confidence[2] > 0.5);
  // A group without examples keeps the shares it began with.
  assert.deepEqual([...pattern[1]], [0.5, 0, 0.5]);
});

test("inferLabels never answers with the wrong label, and its shares add up to 1", () => {
  const row = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 });
  const example = fc.tuple(row, fc.nat(3));
  fc.assert(
    fc.property(fc.array(example, { minLength: 1, maxLength: 20 }), (examples) => {
      const wrong = Int32Array.from(examples, ([, label]) => label);
      const data = Float64Array.from(examples.flatMap(([values]) => values));
      const { y, pattern, confidence } = inferLabels(matrix(data, [examples.length, 4]), wrong);
      y.forEach((label, i) => assert.notEqual(label, wrong[i]));
      confidence.forEach((value) => assert.ok(value >= 1 / 3 - 1e-9 && value <= 1 + 1e-9));
      pattern.forEach((shares) => assert.ok(Math.abs(shares.reduce((a, b) => a + b, 0) - 1) < 1e-9));
    }),
    { numRuns: 50, seed: 1 },
  );
});

test("inferLabels refuses a class out of range and tables that don't fit", () => {
  const probabilities = matrix(new Float64Array(6).fill(1 / 3), [2, 3]);
  assert.throws(() => inferLabels(probabilities, Int32Array.of(0, 3)), /inferLabels: wrong label must be .*3/);
  assert.throws(() => inferLabels(probabilities, Int32Array.of(0)), /inferLabels/);
});

test("knowing only which labels are wrong, relearnInferred finds the pattern of the flips", () => {
  const temperature = fitTemperature(networkOutputs(poisoned, held.X), held.y);
  const { network, inferred } = relearnInferred(poisoned, train.X, given, flipped, { ...options(), temperature });
  const right = inferred.y.filter((label, i) => label === train.y[flipped[i]]).length / flipped.length;
  assert.ok(right > 0.9, `${right} of the labels`);
  const [before, after, best] = [poisoned, network, clean].map(accuracyOf);
  assert.ok(after - before >= 0.8 * (best - before), `${before} → ${after}, clean ${best}`);
  assert.throws(
    () => relearnInferred(poisoned, train.X, given, flipped, { ...options(), temperature: 0 }),
    /relearnInferred: temperature must be/,
  );
});

test("fitTemperature finds the temperature that made the labels", () => {
  // Labels drawn from softmax(z); logits shown as 3 z: the answer is 3.
  const rng = seededRng(4);
  const z = Float64Array.from({ length: 8000 }, () => rng.normal());
  const chance = (i: number): number => 1 / (1 + Math.exp(z[2 * i] - z[2 * i + 1]));
  const y = Int32Array.from({ length: 4000 }, (_, i) => (rng.uniform() < chance(i) ? 1 : 0));
  const found = fitTemperature(matrix(z.map((value) => 3 * value), [4000, 2]), y);
  assert.ok(Math.abs(found - 3) < 0.3, `${found}`);
  assert.throws(() => fitTemperature(matrix(new Float64Array(0), [0, 2]), new Int32Array(0)), /at least one/);
});
