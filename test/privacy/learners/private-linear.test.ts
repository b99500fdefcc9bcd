import assert from "node:assert/strict";
import { test } from "node:test";
import {
  composedEpsilon, fromRows, matrix, normalizeGroups, scatteringFeatures, seededRng,
  trainPrivateLinear, type TrainPrivateLinearOptions,
} from "../../../lib";
import { loadTensorflow } from "../../../lib/tensorflow";

const pattern = matrix(
  Float64Array.from({ length: 64 }, (_, p) => ((3 * Math.floor(p / 8) + 5 * (p % 8)) % 7) / 7), [1, 64]);

test("group normalisation gives mean 0 in each group and length 1 to each row", () => {
  const { data } = normalizeGroups(fromRows([[1, 3, 10, 30], [5, 5, 0, 2]]), { groups: 2 });
  assert.deepEqual([...data.subarray(0, 4)], [-0.5, 0.5, -0.5, 0.5]);
  const half = Math.fround(Math.SQRT1_2);
  assert.deepEqual([...data.subarray(4)], [0, 0, -half, half], "a group that does not vary is 0");
});

/** Three classes around three corners of a cube. */
const points = (n: number) => {
  const rng = seededRng(3);
  const y = Int32Array.from({ length: n }, () => rng.integer(3));
  const X = Float64Array.from({ length: 3 * n }, (_, p) =>
    (y[Math.floor(p / 3)] === p % 3 ? 1 : 0) + 0.2 * rng.normal());
  return { X: matrix(X, [n, 3]), y };
};
const settings = { numClasses: 3, epsilon: 1, delta: 1e-5, steps: 20, clipNorm: 0.5, learningRate: 1 };
const accuracy = (predicted: Int32Array, y: Int32Array): number =>
  predicted.reduce((right, label, i) => right + (label === y[i] ? 1 : 0), 0) / y.length;

test("private training tells three clouds apart, with full and with sampled batches, and says its ε", () => {
  const { X, y } = points(3000);
  const full = trainPrivateLinear(X, y, { ...settings, rng: seededRng(1) });
  assert.ok(accuracy(full.predict(X), y) > 0.97);
  const releases = [{ kind: "gaussian", noiseMultiplier: full.noiseMultiplier, count: 20 }] as const;
  const spent = composedEpsilon(releases, { delta: 1e-5 });
  assert.ok(Math.abs(spent - 1) < 1e-3, `${spent}`);
  const sampled = trainPrivateLinear(X, y, { ...settings, samplingRate: 0.2, rng: seededRng(1) });
  assert.ok(accuracy(sampled.predict(X), y) > 0.95);
  assert.equal(loadTensorflow().memory().numTensors, 0);
  // lib/privacy's own dpSgdNoiseMultiplier, which is held to dp-accounting's values elsewhere.
  assert.ok(Math.abs(sampled.noiseMultiplier - 3.6848) < 1e-3);
});

test("without momentum one step moves the weights by the learning rate times the mean of clipped gradients", () => {
  // One record far out: its gradient has length √(2/3) · √(3² + 4² + 1) at first and is clipped to clipNorm.
  const X = fromRows([[3, 4]]);
  const model = trainPrivateLinear(X, Int32Array.of(0), {
    ...settings, epsilon: 1e6, steps: 1, momentum: 0, clipNorm: 0.25, learningRate: 2, rng: seededRng(1),
  });
  const error = [-2 / 3, 1 / 3, 1 / 3];
  const length = Math.sqrt(6 / 9) * Math.sqrt(26);
  // ε of a million leaves noise of about 0.0007.
  for (let c = 0; c < 3; c++) {
    assert.ok(Math.abs(model.weights.data[2 * c] + (2 * error[c] * 3) / length) < 0.01);
    assert.ok(Math.abs(model.weights.data[2 * c + 1] + (2 * error[c] * 4) / length) < 0.01);
    assert.ok(Math.abs(model.bias[c] + (2 * error[c]) / length) < 0.01);
  }
});

test("without a bias a record's gradient is shorter, the bias stays 0, and the bound on one record is as tight", () => {
  const model = trainPrivateLinear(fromRows([[3, 4]]), Int32Array.of(0), {
    ...settings, epsilon: 1e6, steps: 1, momentum: 0, clipNorm: 0.25, learningRate: 2, bias: false, rng: seededRng(1),
  });
  // The gradient has length √(2/3) · 5 at first, and is clipped to clipNorm.
  const length = Math.sqrt(6 / 9) * 5;
  [-2 / 3, 1 / 3, 1 / 3].forEach((error, c) => {
    assert.ok(Math.abs(model.weights.data[2 * c] + (2 * error * 3) / length) < 0.01);
    assert.ok(Math.abs(model.weights.data[2 * c + 1] + (2 * error * 4) / length) < 0.01);
  });
  assert.deepEqual([...model.bias], [0, 0, 0]);
  const whole = trainPrivateLinear(fromRows([[3, 4], [0, 0]]), Int32Array.of(0, 0), { ...settings, epsilon: 1e6,
    steps: 1, momentum: 0, clipNorm: 0.25, learningRate: 4, bias: false, noise: "discrete", rng: seededRng(1) });
  // The second record's gradient is 0, and the step is a mean over two.
  whole.weights.data.forEach((value, p) => assert.ok(Math.abs(value - model.weights.data[p]) < 0.02));
  assert.deepEqual([...whole.bias], [0, 0, 0]);
  const { X, y } = points(50);
  const outlier = matrix(Float64Array.of(...X.data, 1e4, -1e4, 1e4), [51, 3]);
  const train = (rows: typeof X, labels: Int32Array) => trainPrivateLinear(rows, labels, { ...settings, steps: 1,
    momentum: 0, learningRate: labels.length, bias: false, rng: seededRng(2) }).weights.data;
  const [with51, with50] = [train(outlier, Int32Array.of(...y, 1)), train(X, y)];
  const moved = Math.sqrt(with51.reduce((sum, value, i) => sum + (value - with50[i]) ** 2, 0));
  assert.ok(Math.abs(moved - 1) < 1e-4, `${moved} of clipNorm`);
});

test("one record moves the sum behind a step by at most clipNorm", () => {
  const { X, y } = points(50);
  const outlier = matrix(Float64Array.of(...X.data, 1e4, -1e4, 1e4), [51, 3]);
  // The same noise in both; n is public, so the step is scaled back to the sum.
  const train = (rows: typeof X, labels: Int32Array) => {
    const { weights, bias } = trainPrivateLinear(rows, labels, {
      ...settings, steps: 1, momentum: 0, learningRate: labels.length, rng: seededRng(2),
    });
    return [...weights.data, ...bias];
  };
  const [with51, with50] = [train(outlier, Int32Array.of(...y, 1)), train(X, y)];
  const moved = Math.sqrt(with51.reduce((sum, value, i) => sum + (value - with50[i]) ** 2, 0));
  assert.ok(Math.abs(moved - 1) < 1e-4, `${moved} of clipNorm`);
});

test("centring costs one release more, keeps the model right, and is told to the classifier", () => {
  const { X, y } = points(3000);
  const shifted = matrix(X.data.map((value) => value + 3), X.shape);
  const model = trainPrivateLinear(shifted, y, { ...settings, center: true, rng: seededRng(1) });
  const releases = [{ kind: "gaussian", noiseMultiplier: model.noiseMultiplier, count: 21 }] as const;
  const spent = composedEpsilon(releases, { delta: 1e-5 });
  assert.ok(Math.abs(spent - 1) < 1e-3, `${spent}`);
  // Rows of length about 5.8 count as if shortened to 1: a third of a unit along each axis or so.
  model.center?.forEach((value) => assert.ok(Math.abs(value - 1 / Math.sqrt(3)) < 0.05));
  assert.ok(accuracy(model.predict(shifted), y) > 0.9);
  assert.equal(trainPrivateLinear(X, y, { ...settings, steps: 1, rng: seededRng(1) }).center, null);
});

test("private training repeats under one seed and differs under another", () => {
  const { X, y } = points(200);
  const train = (seed: number) => trainPrivateLinear(X, y, { ...settings, steps: 3, rng: seededRng(seed) });
  assert.deepEqual(train(1).serialize(), train(1).serialize());
  assert.notDeepEqual(train(1).weights, train(2).weights);
});

test("no tensor is left behind", () => {
  const tf = loadTensorflow();
  const { X, y } = points(60);
  const run = () => {
    scatteringFeatures(pattern, { inputScale: 1 });
    trainPrivateLinear(X, y, { ...settings, steps: 2, rng: seededRng(1) });
  };
  run();
  const before = tf.memory().numTensors;
  run();
  assert.equal(tf.memory().numTensors, before);
});

test("bad settings of private training are refused with the reason", () => {
  const { X, y } = points(10);
  const rng = seededRng(1);
  const train = (changed: Partial<TrainPrivateLinearOptions>, rows = X) => () =>
    trainPrivateLinear(rows, y, { ...settings, ...changed, rng });
  assert.throws(train({ epsilon: 0 }), /trainPrivateLinear: epsilon must be .* above 0, got 0/);
  assert.throws(train({ delta: 1 }), /delta must be above 0 and below 1, got 1/);
  assert.throws(train({ steps: 0 }), /steps must be an integer of at least 1, got 0/);
  assert.throws(train({ clipNorm: -1 }), /clipNorm must be a finite number above 0, got -1/);
  assert.throws(train({ samplingRate: 1.5 }), /samplingRate must be in \[0, 1\], got 1\.5/);
  assert.throws(train({ center: true, samplingRate: 0.5 }), /center must be false .* below 1, got 0\.5/);
  assert.throws(train({ momentum: 1 }), /momentum must be in/);
  assert.throws(train({ numClasses: 2 }), /y must be an integer in \[0, 1\], got 2/);
  assert.throws(train({}, matrix(X.data.map(() => NaN), X.shape)), /X must be finite/);
  const scatter = (pixels: number[]) => () => scatteringFeatures(fromRows([pixels]), { inputScale: 1 });
  assert.throws(scatter([1, 2, 3]), /side of the images must be an integer/);
  assert.throws(scatter([1, 2, 3, 4]), /side of the images must be an integer of at least 4, got 2/);
  assert.throws(() => normalizeGroups(fromRows([[1, 2, 3]]), { groups: 2 }), /columns over groups must be an integer/);
});
