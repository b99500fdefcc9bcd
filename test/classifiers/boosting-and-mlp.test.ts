import assert from "node:assert/strict";
import { test } from "node:test";
import {
  adaBoost, fromRows, mlpClassifier, seededRng, type Matrix, type MlpClassifier, type MlpClassifierOptions,
} from "../../lib";
import { clouds } from "./helpers";

test("adaBoost's first round is the best stump, and its vote that stump's", () => {
  const X = fromRows([[1], [2], [3], [4], [5]]);
  const y = Int32Array.of(0, 0, 1, 0, 1);
  const one = adaBoost({ numRounds: 1, rng: seededRng(1) }).fit(X, y);
  assert.deepEqual([...one.predict(X)], [0, 0, 1, 1, 1]);
  // One wrong of five: weight log 4; probabilities are softmax of ± that stump's vote.
  const [p0, p1] = one.predictProba!(fromRows([[1]])).data;
  assert.ok(Math.abs(p0 - 1 / (1 + Math.exp(-2))) < 1e-12 && Math.abs(p0 + p1 - 1) < 1e-12);
});

test("adaBoost learns an interval, which no stump can", () => {
  const X = fromRows(Array.from({ length: 30 }, (_, i) => [i]));
  const y = Int32Array.from({ length: 30 }, (_, i) => (i >= 10 && i < 20 ? 1 : 0));
  const wrong = (numRounds: number): number =>
    adaBoost({ numRounds, rng: seededRng(1) }).fit(X, y).predict(X).filter((label, i) => label !== y[i]).length;
  assert.equal(wrong(1), 10);
  assert.equal(wrong(50), 0);
});

test("adaBoost refuses no rounds and a learning rate of 0", () => {
  const rng = seededRng(1);
  assert.throws(() => adaBoost({ numRounds: 0, rng }), /numRounds must be an integer of at least 1, got 0/);
  assert.throws(() => adaBoost({ learningRate: 0, rng }), /learningRate must be a finite number above 0, got 0/);
});

const xor = { X: fromRows([[-1, -1], [-1, 1], [1, -1], [1, 1]]), y: Int32Array.of(0, 1, 1, 0) };
const train = (options: Partial<MlpClassifierOptions> = {}, seed = 3, { X, y }: { X: Matrix; y: Int32Array } = xor) =>
  mlpClassifier({ learningRate: 0.05, rng: seededRng(seed), ...options }).fit(X, y) as MlpClassifier;

test("mlpClassifier learns exclusive or, with one hidden layer and with two, and without one can't", () => {
  assert.deepEqual(train({ hiddenLayers: [20] }).predict(xor.X), xor.y);
  assert.deepEqual(train({ hiddenLayers: [12, 8] }).predict(xor.X), xor.y);
  assert.notDeepEqual(train({ hiddenLayers: [] }).predict(xor.X), xor.y);
});

test("mlpClassifier starts from Glorot's bounds and repeats under one seed only", () => {
  const layers = (seed: number) => train({ maxEpochs: 2, learningRate: 1e-9 }, seed).layers;
  const bound = Math.sqrt(6 / 102);
  assert.deepEqual(layers(3).map(({ shape }) => shape), [[2, 100], [100, 1]]);
  assert.ok(layers(3)[0].weights.every((w) => Math.abs(w) <= bound + 1e-6));
  assert.deepEqual(layers(3), layers(3));
  assert.notDeepEqual(layers(3), layers(4));
});

test("mlpClassifier leaves no tensor behind", () => {
  const tf = require("@tensorflow/tfjs-node") as typeof import("@tensorflow/tfjs-node");
  const before = tf.memory().numTensors;
  const network = train({ maxEpochs: 5 }, 3, clouds);
  network.predict(clouds.queries);
  network.predictProba!(clouds.queries);
  assert.equal(tf.memory().numTensors, before);
});

test("mlpClassifier refuses options out of range", () => {
  const make = (options: Partial<MlpClassifierOptions>) => () => mlpClassifier({ rng: seededRng(1), ...options });
  assert.throws(make({ hiddenLayers: [0] }), {
    name: "RangeError", message: /hidden layer must be an integer of at least 1, got 0/,
  });
  assert.throws(make({ learningRate: 0 }), /learningRate must be a finite number above 0, got 0/);
  assert.throws(make({ l2: -1 }), /l2 must be in \[0, .*got -1/);
  assert.throws(make({ batchSize: 0 }), /batchSize must be an integer of at least 1, got 0/);
  assert.throws(make({ maxEpochs: 1.5 }), /maxEpochs must be an integer of at least 1, got 1.5/);
  assert.throws(make({ patience: 0 }), /patience must be an integer of at least 1, got 0/);
});
