import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accuracy, blackBox, copy, decisionTree, deserialize, DivergenceError, figureSpec, flipLabels, initializeNetwork,
  joinNetworks, layer, matrix, mlp, networkOf, networkOutputs, retrainSharded, seededRng, softmaxRows, splitNetwork,
  trainNetworkSync, trainSharded, uniformSampler, type Architecture, type Classifier,
} from "../../lib";
import { loadTensorflow } from "../../lib/tensorflow";

/** Three clouds on a plane. */
function clouds(n: number, seed: number) {
  const rng = seededRng(seed);
  const y = Int32Array.from({ length: n }, (_, i) => i % 3);
  const X = Float64Array.from({ length: 2 * n }, (_, k) => (y[k >> 1] === 1 + (k % 2) ? 1 : 0) + 0.15 * rng.normal());
  return { X: matrix(X, [n, 2]), y };
}
const train = clouds(300, 1);
const fresh = clouds(200, 2);
const architecture = mlp({ numFeatures: 2, hidden: [16], numClasses: 3 });
const fit = (y: Int32Array, seed = 3) =>
  trainNetworkSync(architecture, train.X, y, { epochs: 40, batchSize: 16, rng: seededRng(seed) }).network;
const network = fit(train.y);
const ranges = [0, 1].map(() => ({ kind: "numeric" as const, min: -0.5, max: 1.5, mean: 0.5, deviation: 0.5 }));

test("a network worked by hand predicts the class of its largest logit, with softmax probabilities", () => {
  const byHand = networkOf(mlp({ numFeatures: 2, hidden: [], numClasses: 2 }),
    [Float32Array.of(1, 0, 0, 2), Float32Array.of(0, 0.5)]);
  const X = matrix(Float64Array.of(3, 1, 0, 0), [2, 2]);
  assert.deepEqual([byHand.family, [...byHand.classes], byHand.numFeatures], ["network", [0, 1], 2]);
  assert.deepEqual([...byHand.predict(X)], [0, 1]);
  const [first] = byHand.predictProba(X).data;
  assert.ok(Math.abs(first - 1 / (1 + Math.exp(2.5 - 3))) < 1e-7);
  assert.deepEqual(byHand.predictProba(X), softmaxRows(networkOutputs(byHand, X)));
});

test("a network comes back from JSON bit for bit, and a spoilt one is refused", () => {
  const saved = JSON.parse(JSON.stringify(network.serialize()));
  const again = deserialize(saved);
  assert.deepEqual(again, network);
  assert.deepEqual(again.predict(fresh.X), network.predict(fresh.X));
  assert.throws(() => deserialize({ ...saved, weights: saved.weights.slice(1) }), { name: "RangeError" });
  assert.throws(() => deserialize({ ...saved, weights: saved.weights.map(() => "AAAA") }), { name: "RangeError" });
});

test("a network is copied, drawn and poisoned then cloned like any classifier", async () => {
  const clone = async (original: Classifier) => (await copy(blackBox(original), { estimator: decisionTree(),
    sampler: uniformSampler(ranges), budget: 2000, rng: seededRng(4) })).classifier;
  const agreement = (a: Classifier, b: Classifier) => accuracy(a.predict(fresh.X), b.predict(fresh.X));
  assert.ok(accuracy(fresh.y, network.predict(fresh.X)) > 0.95);
  assert.ok(agreement(network, await clone(network)) > 0.95);
  const { y } = flipLabels(train.y, { count: train.y.length / 2, numClasses: 3, rng: seededRng(5) });
  const poisoned = fit(y);
  assert.ok(agreement(poisoned, await clone(poisoned)) > agreement(poisoned, network));
  const box = { xRange: [-0.5, 1.5], yRange: [-0.5, 1.5], resolution: 20 } as const;
  assert.ok(figureSpec.regions(network, box).data.length === 1);
});

test("sharded networks are copied like any classifier, before and after a label changed", async () => {
  const options = { epochs: 20, rng: seededRng(6) };
  const { model } = await trainSharded(architecture, train.X, train.y, { ...options, numShards: 3 });
  const y = train.y.map((label, i) => (i === 7 ? 0 : label));
  const changed = await retrainSharded(model, train.X, y, { ...options, changed: [7] });
  for (const original of [model, changed.model]) {
    const { classifier } = await copy(blackBox(original, { probabilities: true }), { estimator: decisionTree(),
      sampler: uniformSampler(ranges), budget: 1000, rng: seededRng(4) });
    assert.ok(accuracy(original.predict(fresh.X), classifier.predict(fresh.X)) > 0.9);
  }
});

test("a trunk gives features, and with its head it is the network again", () => {
  const { trunk, head } = splitNetwork(network, 1);
  assert.deepEqual(networkOutputs(trunk, fresh.X).shape, [200, 16]);
  assert.deepEqual(head.predict(networkOutputs(trunk, fresh.X)), network.predict(fresh.X));
  assert.deepEqual(joinNetworks(trunk, head), network);
  const images: Architecture = { inputShape: [4, 4, 1], inputScale: 1, layers: [layer.conv2d(2), layer.flatten(),
    layer.dense(2)] };
  const cut = splitNetwork(initializeNetwork(images, { rng: seededRng(1) }), 1);
  assert.deepEqual(networkOutputs(cut.trunk, matrix(new Float64Array(16), [1, 16])).shape, [1, 32]);
  assert.ok(!("predict" in cut.trunk));
});

test("a network whose numbers overflow says so, in place of an answer", () => {
  const huge = networkOf(architecture, network.weights.map((values) => values.map(() => 1e38)));
  const message = /row 0 is answered with (Infinity|NaN): the weights have diverged/;
  assert.throws(() => huge.predict(matrix(Float64Array.of(1e6, 1e6), [1, 2])), (error) =>
    error instanceof DivergenceError && message.test(error.message));
});

test("predicting leaves no tensors behind", () => {
  network.predict(fresh.X);
  const { numTensors } = loadTensorflow().memory();
  network.predictProba(fresh.X);
  deserialize(network.serialize()).predict(fresh.X);
  assert.equal(loadTensorflow().memory().numTensors, numTensors);
});
