import assert from "node:assert/strict";
import { test } from "node:test";
import {
  initializeNetwork, layer, matrix, mlp, seededRng, trainPrivateNetwork, type Architecture,
} from "../../../lib";
import { clippedGradients } from "../../../lib/privacy/learners/clipped-gradients";
import { parameterSpecs } from "../../../lib/training/layers";
import { backward, forward, liveLayers } from "../../../lib/training/passes";
import { runtimeOf } from "../../../lib/training/runtime";

const cnn: Architecture = {
  inputShape: [6, 6, 2],
  inputScale: 1,
  layers: [
    layer.conv2d(3), layer.maxPool(2), layer.conv2d(4, { kernelSize: 2, padding: "valid", activation: "linear" }),
    layer.activation("tanh"), layer.flatten(), layer.dense(5, { activation: "relu" }), layer.dense(3),
  ],
};

test("clipped gradients are the sum of each record's own gradient, shortened, as made one record at a time", () => {
  const { tf, ops, tensors } = runtimeOf();
  const rng = seededRng(1);
  const specs = parameterSpecs(cnn);
  const weights = tensors(specs, initializeNetwork(cnn, { rng }).weights);
  const layers = liveLayers(cnn, weights);
  const n = 7;
  const X = Float32Array.from({ length: n * 72 }, () => rng.normal());
  const y = Int32Array.from({ length: n }, () => rng.integer(3));
  const sums = specs.map((spec) => new Float64Array(spec.size));
  const lengths: number[] = [];
  const clipNorm = 2;
  for (let i = 0; i < n; i++) {
    const gradients: Float64Array[] = [];
    tf.tidy(() => {
      const x = tf.tensor(X.slice(i * 72, (i + 1) * 72), [1, 6, 6, 2]);
      const tapes = forward(runtimeOf(), layers, x, { training: false });
      const [, dlogits] = ops.softmaxCrossEntropy(tapes[tapes.length - 1].y, tf.tensor1d(y.slice(i, i + 1), "int32"));
      const whole = backward(runtimeOf(), layers, tapes, dlogits).flat();
      gradients.push(...whole.map((gradient) => Float64Array.from(gradient.dataSync())));
    });
    const numbers = gradients.flatMap((gradient) => [...gradient]);
    const length = Math.sqrt(numbers.reduce((sum, value) => sum + value ** 2, 0));
    lengths.push(length);
    gradients.forEach((gradient, g) =>
      gradient.forEach((value, w) => { sums[g][w] += value * Math.min(1, clipNorm / length); }));
  }
  assert.ok(Math.min(...lengths) < clipNorm && Math.max(...lengths) > clipNorm, "some are clipped, some are not");
  const clipped = clippedGradients(runtimeOf(), layers,
    { rows: X, labels: y, inputShape: cnn.inputShape, clipNorm });
  clipped.forEach((gradient, g) => gradient.dataSync().forEach((value, w) =>
    assert.ok(Math.abs(value - sums[g][w]) < 1e-4, `${specs[g].name} ${w}: ${value}, expected ${sums[g][w]}`)));
  tf.dispose([...clipped, ...weights]);
});

const clouds = (n: number) => {
  const rng = seededRng(3);
  const y = Int32Array.from({ length: n }, () => rng.integer(3));
  const X = Float64Array.from({ length: 3 * n }, (_, p) =>
    (y[Math.floor(p / 3)] === p % 3 ? 1 : 0) + 0.2 * rng.normal());
  return { X: matrix(X, [n, 3]), y };
};
const small = mlp({ numFeatures: 3, hidden: [8], numClasses: 3 });
const settings = { epsilon: 2, delta: 1e-5, steps: 15, samplingRate: 1, clipNorm: 1 };

test("a network trained privately tells three clouds apart", () => {
  const { X, y } = clouds(2000);
  const network = trainPrivateNetwork(small, X, y, { ...settings, rng: seededRng(1) });
  const { epsilon, noiseMultiplier } = network;
  assert.equal(epsilon, 2);
  assert.ok(noiseMultiplier > 5);
  const right = network.predict(X).reduce((sum, label, i) => sum + (label === y[i] ? 1 : 0), 0);
  assert.ok(right / 2000 > 0.95, `${right / 2000}`);
});

test("micro-batches change nothing but memory, one seed repeats, another differs, and no tensor stays", () => {
  const { tf } = runtimeOf();
  const { X, y } = clouds(100);
  const train = (seed: number, microBatchSize: number) =>
    trainPrivateNetwork(small, X, y, { ...settings, steps: 3, microBatchSize, rng: seededRng(seed) }).weights;
  const whole = train(1, 256);
  const before = tf.memory().numTensors;
  train(1, 32).forEach((weights, i) =>
    weights.forEach((value, w) => assert.ok(Math.abs(value - whole[i][w]) < 1e-5)));
  assert.deepEqual(train(1, 256), whole);
  assert.notDeepEqual(train(2, 256), whole);
  assert.equal(tf.memory().numTensors, before);
});

test("training from a network is training from its weights, and weights that don't fit are refused", () => {
  const { X, y } = clouds(100);
  const rng = seededRng(1);
  const start = initializeNetwork(small, { rng: rng.spawn(rng.word()).spawn(0) });
  const before = start.weights.map((values) => values.slice());
  const train = (from: typeof start | Architecture) =>
    trainPrivateNetwork(from, X, y, { ...settings, steps: 2, rng: seededRng(1) }).weights;
  assert.deepEqual(train(start), train(small));
  assert.deepEqual(start.weights, before);
  assert.throws(() => train({ ...start, weights: start.weights.slice(1) }),
    { name: "RangeError", message: /trainPrivateNetwork: .*4 weight tensors, got 3/ });
});

test("one generator for two runs does not repeat its noise", () => {
  const { X, y } = clouds(100);
  const rng = seededRng(1);
  const start = initializeNetwork(small, { rng });
  const train = () => trainPrivateNetwork(start, X, y, { ...settings, steps: 1, rng }).weights;
  const [first, second] = [train(), train()];
  // Full batches from the same weights: whatever differs is noise.
  const moved = first.map((values, i) => values.map((value, w) => value - second[i][w]));
  assert.ok(moved.flatMap((values) => [...values]).every((value) => value !== 0));
});

test("layers that mix records, and bad settings, are refused with the reason", () => {
  const { X, y } = clouds(10);
  const rng = seededRng(1);
  const mixing = { ...small, layers: [layer.batchNorm(), ...small.layers] };
  assert.throws(() => trainPrivateNetwork(mixing, X, y, { ...settings, rng }), /got batchNorm at 0; batch norm mixes/);
  const train = (changed: Partial<typeof settings>) => () =>
    trainPrivateNetwork(small, X, y, { ...settings, ...changed, rng });
  assert.throws(train({ clipNorm: 0 }), /clipNorm must be .* above 0, got 0/);
  assert.throws(train({ samplingRate: 2 }), /samplingRate must be in/);
  assert.throws(train({ epsilon: -1 }), /epsilon must be .* got -1/);
});
