import assert from "node:assert/strict";
import { test } from "node:test";
import {
  adadelta,
  adam,
  evaluateNetwork,
  initializeNetwork,
  layer,
  leNet,
  matrix,
  mlp,
  networkOf,
  networkOutputs,
  seededRng,
  sgd,
  trainNetwork,
  trainNetworkSync,
  vggLike,
  countParameters,
  layerShapes,
  parameterSpecs,
  shallowCnn,
  deepCnn,
  fastVgg,
  splitNetwork,
  joinNetworks,
  type Architecture,
  type Optimizer,
  type TrainOptions,
} from "../../lib";
import { loadTensorflow } from "../../lib/tensorflow";

/** Two classes of 8 × 8 × 2 images that differ in their mean, with noise. */
function blobs(n: number, seed = 3) {
  const rng = seededRng(seed);
  const y = Int32Array.from({ length: n }, (_, i) => i % 3);
  const X = matrix(
    Uint8Array.from({ length: n * 128 }, (_, k) =>
      Math.min(255, Math.max(0, 90 + 40 * y[Math.floor(k / 128)] + 30 * rng.normal())),
    ),
    [n, 128],
  );
  return { X, y };
}

const small: Architecture = {
  inputShape: [8, 8, 2],
  inputScale: 1 / 255,
  layers: [
    layer.conv2d(4),
    layer.batchNorm({ momentum: 0.8 }),
    layer.conv2d(5, { padding: "valid", activation: "tanh" }),
    layer.maxPool(2),
    layer.flatten(),
    layer.dense(6, { activation: "softplus" }),
    layer.batchNorm({ momentum: 0.8 }),
    layer.dense(3),
  ],
};
const withDropout: Architecture = {
  ...small,
  layers: [...small.layers.slice(0, 4), layer.dropout(0.3), ...small.layers.slice(4)],
};

function train(options: Partial<TrainOptions> = {}, architecture = small, n = 40) {
  const { X, y } = blobs(n);
  return trainNetworkSync(architecture, X, y, { epochs: 3, batchSize: 16, rng: seededRng(5), ...options });
}

function largestDifference(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  let largest = 0;
  a.forEach((values, t) =>
    values.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value - b[t][i]));
    }),
  );
  return largest;
}

test("an activation as a layer of its own is trained as that of the layer before it", () => {
  const layers = small.layers.flatMap((one) => ("activation" in one && one.activation !== "linear"
    ? [{ ...one, activation: "linear" as const }, layer.activation(one.activation)] : [one]));
  const apart = networkOf({ ...small, layers }, initializeNetwork(small, { rng: seededRng(2) }).weights);
  const { X, y } = blobs(40);
  const [expected, got] = [initializeNetwork(small, { rng: seededRng(2) }), apart].map((start) =>
    trainNetworkSync(start, X, y, { epochs: 3, batchSize: 16, rng: seededRng(5) }).network);
  assert.deepEqual(got.weights, expected.weights);
  assert.deepEqual(got.predict(X), expected.predict(X));
});

test("an activation that is none is refused", () => {
  assert.throws(() => layer.activation("gelu" as never), { name: "RangeError", message: /^layer.activation: / });
});

test("vggLike has the source's 1,798,282 trainable parameters at 128 filters", () => {
  assert.equal(countParameters(vggLike({ filters: 128 })), 1798282);
});

test("fastVgg: its parameters by hand, and a picture that halves three times before the dense part", () => {
  const convolutions = [[3, 4], [4, 4], [4, 4], [4, 8], [8, 8]].map(([from, to]) => 9 * from * to + to + 2 * to);
  const dense = 4 * 4 * 8 * 16 + 16 + 2 * 16 + 16 * 10 + 10;
  const architecture = fastVgg({ filters: 4, denseUnits: 16 });
  assert.equal(countParameters(architecture), convolutions.reduce((sum, size) => sum + size, dense));
  const sides = layerShapes(architecture).filter((shape) => shape.length === 3).map(([side]) => side);
  assert.deepEqual([...new Set(sides)], [32, 16, 8, 4]);
});

test("fastVgg refuses pictures too small to be halved three times", () => {
  assert.throws(() => layerShapes(fastVgg({ filters: 2, inputShape: [7, 7, 1] })), { name: "RangeError" });
});

test("the last six trainable tensors of vggLike hold 1,055,242 parameters", () => {
  const last = parameterSpecs(vggLike({ filters: 128 }))
    .filter((spec) => spec.trainable)
    .slice(-6);
  assert.deepEqual(
    last.map((spec) => spec.name),
    ["dense1_kernel", "dense1_bias", "batchNorm7_gamma", "batchNorm7_beta", "dense2_kernel", "dense2_bias"],
  );
  assert.equal(
    last.reduce((sum, spec) => sum + spec.size, 0),
    1055242,
  );
});

test("layer shapes and counts follow by hand for LeNet, the shallow and the deep network", () => {
  assert.deepEqual(layerShapes(leNet()), [
    [28, 28, 1],
    [28, 28, 6],
    [14, 14, 6],
    [10, 10, 16],
    [5, 5, 16],
    [400],
    [120],
    [84],
    [10],
  ]);
  assert.equal(countParameters(leNet()), 61706);
  assert.equal(countParameters(shallowCnn()), 1199882);
  assert.equal(countParameters(deepCnn()), 320 + 9248 + 18496 + 36928 + 128 + (12544 * 1024 + 1024) + 10250);
  assert.equal(countParameters(mlp({ numFeatures: 4, hidden: [8], numClasses: 3 })), 67);
});

test("an architecture whose layers don't fit says which one", () => {
  const wrong: Architecture = { inputShape: [8, 8, 2], inputScale: 1, layers: [layer.dense(3)] };
  assert.throws(() => layerShapes(wrong), {
    name: "RangeError",
    message: /layer 0 \(dense\) needs an input of rank 1, got \[8, 8, 2\]/,
  });
  assert.throws(() => layer.dropout(1), { name: "RangeError", message: /rate must be in \[0, 1\), got 1/ });
  assert.throws(() => layer.conv2d(0), { message: /filters must be an integer of at least 1, got 0/ });
});

for (const [name, optimizer] of [
  ["Adam", adam({ learningRate: 0.01, epsilon: 1e-3 })],
  ["AMSGrad", adam({ learningRate: 0.01, epsilon: 1e-3, amsgrad: true })],
  ["Adadelta", adadelta()],
  ["SGD with momentum", sgd({ learningRate: 0.05, momentum: 0.9 })],
] as [string, Optimizer][])
  test(`native kernels and plain tfjs train to the same weights with ${name}`, () => {
    const native = train({ optimizer, keep: "last" });
    const plain = train({ optimizer, keep: "last", kernels: "plain" });
    assert.ok(largestDifference(native.network.weights, plain.network.weights) < 2e-3);
    assert.ok(Math.abs(native.history[2].loss - plain.history[2].loss) < 1e-4);
  });

test("Adam's first step moves each weight by the learning rate against its gradient's sign", () => {
  const architecture = mlp({ numFeatures: 128, hidden: [], numClasses: 3, inputScale: 1 / 255 });
  const { X, y } = blobs(30);
  const start = initializeNetwork(architecture, { rng: seededRng(1) });
  const { network } = trainNetworkSync(start, X, y, {
    epochs: 1,
    batchSize: 30,
    rng: seededRng(1),
    optimizer: adam({ learningRate: 0.01 }),
  });
  network.weights[0].forEach((value, i) => assert.ok(Math.abs(Math.abs(value - start.weights[0][i]) - 0.01) < 1e-4));
});

test("training repeats bit for bit under one seed, dropout included, and differs under another", () => {
  const a = train({}, withDropout);
  assert.deepEqual(train({}, withDropout).network.weights, a.network.weights);
  assert.notDeepEqual(train({ rng: seededRng(6) }, withDropout).network.weights, a.network.weights);
});

test("training separates three classes of images", () => {
  const { X, y } = blobs(90);
  const { network } = train({ epochs: 12, optimizer: adam({ learningRate: 0.01 }) }, small, 90);
  assert.ok(evaluateNetwork(network, X, y).accuracy > 0.9);
});

test("the kept epoch is the one of the lowest training loss", () => {
  const { history, keptEpoch } = train({ epochs: 6, optimizer: sgd({ learningRate: 0.2 }) });
  const losses = history.map(({ loss }) => loss);
  assert.equal(keptEpoch, losses.indexOf(Math.min(...losses)) + 1);
  assert.equal(train({ epochs: 6, keep: "last" }).keptEpoch, 6);
});

test("a network cut in two and joined again gives the same outputs", () => {
  const { X } = blobs(10);
  const { network } = train();
  const { trunk, head } = splitNetwork(network, 5);
  const features = networkOutputs(trunk, X);
  const outputs = networkOutputs(network, X);
  assert.deepEqual(networkOutputs(head, features), outputs);
  assert.deepEqual(networkOutputs(joinNetworks(trunk, head), X), outputs);
});

test("outputs do not depend on the batch size", () => {
  const { X } = blobs(10);
  const { network } = train();
  const a = networkOutputs(network, X, { batchSize: 3 }).data;
  networkOutputs(network, X).data.forEach((value, i) => assert.ok(Math.abs(value - a[i]) < 1e-5));
});

test("1,000 steps leave no tensor behind", () => {
  const tf = loadTensorflow();
  const architecture = {
    ...withDropout,
    inputShape: [4, 4, 1],
    layers: [layer.conv2d(2), layer.batchNorm(), layer.maxPool(2), layer.dropout(0.2), layer.flatten(), layer.dense(2)],
  };
  const X = matrix(
    Float32Array.from({ length: 320 }, (_, i) => Math.sin(i)),
    [20, 16],
  );
  const y = Int32Array.from({ length: 20 }, (_, i) => i % 2);
  const options = { epochs: 1, batchSize: 2, rng: seededRng(1), optimizer: adam({ amsgrad: true }) };
  trainNetworkSync(architecture, X, y, options);
  const before = tf.memory().numTensors;
  trainNetworkSync(architecture, X, y, { ...options, epochs: 100 });
  assert.equal(tf.memory().numTensors, before);
  trainNetworkSync(architecture, X, y, { ...options, kernels: "plain" });
  assert.equal(tf.memory().numTensors, before);
});

test("a loss that is not a number stops training and says where", () => {
  const X = matrix(
    Float32Array.from({ length: 20 }, () => 1e30),
    [5, 4],
  );
  const before = loadTensorflow().memory().numTensors;
  assert.throws(
    () =>
      trainNetworkSync(mlp({ numFeatures: 4, hidden: [4], numClasses: 2 }), X, Int32Array.of(0, 1, 0, 1, 0), {
        epochs: 2,
        rng: seededRng(1),
        batchSize: 2,
        optimizer: sgd({ learningRate: 1e30 }),
      }),
    { message: /loss is (NaN|Infinity) in epoch 1, step 2/ },
  );
  assert.equal(loadTensorflow().memory().numTensors, before);
});

test("training names a class out of range, a wrong width and a missing epoch", () => {
  const { X, y } = blobs(6);
  const options = { epochs: 1, rng: seededRng(1) };
  const bad = y.slice();
  bad[4] = 3;
  assert.throws(() => trainNetworkSync(small, X, bad, options), {
    message: /classes must be in \[0, 3\), got 3 at position 4/,
  });
  assert.throws(() => trainNetworkSync(leNet(), X, y, options), {
    message: /X must have 784 columns \(\[28, 28, 1\]\), got 128/,
  });
  assert.throws(() => trainNetworkSync(small, X, y, { ...options, epochs: 0 }), {
    message: /epochs must be an integer of at least 1, got 0/,
  });
});

test("progress counts steps and images, and an abort signal stops the run", async () => {
  const { X, y } = blobs(40);
  const seen: number[] = [];
  const { history } = await trainNetwork(small, X, y, {
    epochs: 2,
    batchSize: 16,
    rng: seededRng(1),
    onProgress: ({ epoch, step, steps, imagesPerSecond, secondsLeft }) => {
      assert.equal(steps, 3);
      assert.ok(imagesPerSecond > 0 && secondsLeft >= 0);
      if (step === steps) seen.push(epoch);
    },
  });
  assert.deepEqual(seen, [1, 2]);
  assert.equal(history.length, 2);
  const stop = new AbortController();
  await assert.rejects(
    trainNetwork(small, X, y, {
      epochs: 1000,
      rng: seededRng(1),
      signal: stop.signal,
      onProgress: () => stop.abort(new Error("enough")),
    }),
    /enough/,
  );
});
