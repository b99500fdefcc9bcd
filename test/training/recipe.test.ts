import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import {
  airbenchLike, evaluateNetwork, layer, matrix, mlp, muon, networkOutputs, oneCycle, seededRng, sgd, trainNetwork,
  trainNetworkSync, whitenedNetwork, type Architecture, type Augmentation, type Matrix, type TrainOptions,
} from "../../lib";
import { loadTensorflow } from "../../lib/tensorflow";
import { augmentBatch } from "../../lib/training/augment";
import { fingerprintOf } from "../../lib/training/training-run";
import { muonStep, orthogonalized } from "../../lib/training/muon";

/** One image of 2 × 3 pixels and one channel, changed. */
function changed(augment: Augmentation, { epoch = 0, toss = 0, seed = 1 } = {}): number[] {
  const values = Float32Array.of(1, 2, 3, 4, 5, 6);
  augmentBatch(values, [0], { augment, inputShape: [2, 3, 1], epoch, tosses: Uint8Array.of(toss) }, seededRng(seed));
  return [...values];
}

test("mirroring in turns, by hand: one epoch shows the image, the next its mirror image", () => {
  const shown = [1, 2, 3, 4, 5, 6];
  const mirrored = [3, 2, 1, 6, 5, 4];
  const turns = [0, 1, 2].map((epoch) => changed({ mirror: "inTurns" }, { epoch }));
  assert.deepEqual(turns, [shown, mirrored, shown]);
  assert.deepEqual(changed({ mirror: "inTurns" }, { toss: 1 }), mirrored);
  assert.deepEqual(changed({}), shown);
});

test("mirroring by a toss shows both sides, about as often", () => {
  const first = Array.from({ length: 400 }, (_, seed) => changed({ mirror: "random" }, { seed })[0]);
  const mirrored = first.filter((value) => value === 3).length;
  assert.ok(mirrored > 150 && mirrored < 250, `${mirrored} of 400`);
});

test("a shift moves rows and columns and fills in what it reflects: all nine of a 3 × 3 image, by hand", () => {
  const moves = new Set<string>();
  for (let seed = 0; seed < 200; seed++) {
    const values = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
    const changes = { augment: { shift: 1 }, inputShape: [3, 3, 1], epoch: 0, tosses: new Uint8Array(1) };
    augmentBatch(values, [0], changes, seededRng(seed));
    moves.add([...values].join(" "));
  }
  assert.equal(moves.size, 9);
  for (const expected of ["1 2 3 4 5 6 7 8 9", "4 5 6 1 2 3 4 5 6", "2 1 2 5 4 5 8 7 8", "5 6 5 8 9 8 5 6 5"])
    assert.ok(moves.has(expected), expected);
});

test("channels stay together, and other images of the batch as they are", () => {
  const values = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  augmentBatch(values, [1, 0], { augment: { mirror: "inTurns" }, inputShape: [1, 2, 2], epoch: 0,
    tosses: Uint8Array.of(0, 1) }, seededRng(1));
  assert.deepEqual([...values], [3, 4, 1, 2, 5, 6, 7, 8]);
});

test("orthogonalized keeps directions and brings singular values near 1, wide and tall", () => {
  const tf = loadTensorflow();
  for (const [rows, columns] of [[2, 3], [3, 2]]) {
    const data = new Float32Array(6);
    [data[0], data[columns + 1]] = [3, 0.2];
    const turned = [...orthogonalized(tf, tf.tensor2d(data, [rows, columns])).dataSync()];
    data.forEach((value, k) => {
      if (value) assert.ok(turned[k] > 0.6 && turned[k] < 1.25, `${turned[k]}`);
      else assert.ok(Math.abs(turned[k]) < 1e-6);
    });
  }
});

test("a step of Muon on a 1 × 1 kernel of two channels, by hand", () => {
  const tf = loadTensorflow();
  const [weight, velocity, gradient] = [[3, 0, 0, 4], [0, 0, 0, 0], [2, 0, 0, 2]]
    .map((values) => tf.tensor(values, [1, 1, 2, 2]));
  const [moved, kept] = muonStep(tf, muon({ learningRate: 0.1, momentum: 0.5 }), weight, velocity, gradient);
  const numbers = [...moved.dataSync()];
  // Brought to length √2: 3/5 and 4/5 of it. Singular values are 1/√2 before the rounds, and all alike after them.
  const step = (3 * Math.SQRT2) / 5 - numbers[0];
  assert.ok(step > 0.06 && step < 0.125, `step ${step}`);
  assert.ok(Math.abs((4 * Math.SQRT2) / 5 - numbers[3] - step) < 1e-5);
  assert.deepEqual([...kept.dataSync()], [2, 0, 0, 2]);
});

/** Two classes of 8 × 8 images, dark left or dark right: a mirror would mix them. */
function sides(n: number) {
  const rng = seededRng(3);
  const y = Int32Array.from({ length: n }, (_, i) => i % 2);
  const X = matrix(Uint8Array.from({ length: n * 64 }, (_, k) =>
    ((k % 8 < 4 ? 0 : 1) === y[Math.floor(k / 64)] ? 60 : 160) + rng.integer(60)), [n, 64]);
  return { X, y };
}
const small: Architecture = { inputShape: [8, 8, 1], inputScale: 1 / 255, layers: [layer.conv2d(3), layer.maxPool(2),
  layer.batchNorm({ momentum: 0.6 }), layer.conv2d(4), layer.batchNorm({ momentum: 0.6 }), layer.flatten(),
  layer.dense(2)] };
const { X, y } = sides(64);
const train = (options: Partial<TrainOptions> = {}) => trainNetworkSync(small, X, y,
  { epochs: 4, batchSize: 16, rng: seededRng(5), keep: "last", optimizer: muon(), ...options });

test("Muon learns two classes; both kinds of kernels take the same steps", () => {
  const { network } = train();
  assert.ok(evaluateNetwork(network, X, y).accuracy > 0.95);
  const plain = train({ kernels: "plain" }).network;
  const [a, b] = [network, plain].map((one) => networkOutputs(one, X).data);
  a.forEach((value, k) => assert.ok(Math.abs(value - b[k]) < 0.02 * Math.max(1, Math.abs(b[k])), `${value} ${b[k]}`));
});

test("under Muon the first convolution and the dense layer are moved by the others", () => {
  const others = sgd({ learningRate: 1e-30 });
  const { weights } = train({ optimizer: muon({ others }) }).network;
  const { weights: before } = train({ optimizer: sgd({ learningRate: 1e-30 }) }).network;
  const moves = weights.map((values, i) => Math.max(...values.map((value, k) => Math.abs(value - before[i][k]))));
  const kernel = 6;
  assert.ok(moves[kernel] > 0.01);
  for (const still of [0, 1, 2, 3, 7, 8, 9, 12, 13]) assert.ok(moves[still] < 1e-6, `tensor ${still}: ${moves[still]}`);
});

test("what is mirrored at random can't be told apart by its side; without it, it can", () => {
  const accuracy = (augment?: Augmentation) => evaluateNetwork(train({ augment, epochs: 8 }).network, X, y).accuracy;
  assert.ok(accuracy({ mirror: "random" }) < 0.8);
  assert.ok(accuracy() > 0.95);
});

test("smoothed labels: the loss of equal logits is ln k, and confidence stays lower", () => {
  const linear = mlp({ numFeatures: 2, hidden: [], numClasses: 4 });
  const rows = matrix(new Float32Array(8), [4, 2]);
  const { history } = trainNetworkSync(linear, rows, Int32Array.of(0, 1, 2, 3),
    { epochs: 1, rng: seededRng(1), labelSmoothing: 0.3 });
  assert.ok(Math.abs(history[0].loss - Math.log(4)) < 1e-6);
  const sure = (labelSmoothing: number) => {
    const p = train({ labelSmoothing, epochs: 20 }).network.predictProba(X);
    return y.reduce((sum, label, i) => sum + p.data[2 * i + label], 0) / y.length;
  };
  // With a share s for all of two classes, the best answer is 1 − s/2.
  assert.ok(Math.abs(sure(0.4) - 0.8) < 0.06, `${sure(0.4)}`);
  assert.ok(sure(0) > 0.9);
});

test("a run with all of it repeats, and is another than one without", () => {
  const options = { augment: { mirror: "inTurns", shift: 1 }, labelSmoothing: 0.1, schedule: oneCycle() } as const;
  assert.deepEqual(train(options).network.weights, train(options).network.weights);
  assert.notDeepEqual(train(options).network.weights, train().network.weights);
});

test("stopped in the middle of an epoch, a run goes on and ends at the same numbers", async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "recipe-"));
  const options = { epochs: 3, batchSize: 16, rng: seededRng(5), keep: "last", optimizer: muon(), labelSmoothing: 0.1,
    augment: { mirror: "inTurns", shift: 2 }, schedule: oneCycle() } as const;
  const controller = new AbortController();
  let asked = 0;
  const stops = (): boolean => {
    if (++asked > 5) controller.abort(new Error("stop"));
    return asked > 5;
  };
  Object.defineProperty(controller.signal, "aborted", { get: stops });
  const checkpoint = { path: path.join(directory, "run"), everySteps: 1 };
  await assert.rejects(trainNetwork(small, X, y, { ...options, checkpoint, signal: controller.signal }),
    { message: "stop" });
  const resumed = await trainNetwork(small, X, y, { ...options, checkpoint });
  const whole = await trainNetwork(small, X, y, options);
  assert.ok(resumed.examplesSeen % 64 > 0, "it stopped at the end of an epoch");
  assert.ok(resumed.examplesSeen < whole.examplesSeen);
  assert.deepEqual(resumed.network.weights, whole.network.weights);
  fs.rmSync(directory, { recursive: true });
});

test("a default that is said has the fingerprint of one that is left out, in whatever order", () => {
  const name = (options: Partial<TrainOptions>) =>
    fingerprintOf(small, X, y, { epochs: 1, rng: seededRng(1), ...options });
  assert.equal(name({ labelSmoothing: 0, augment: {} }), name({}));
  assert.equal(name({ augment: { mirror: "never", shift: 0 } }), name({}));
  assert.equal(name({ augment: { shift: 1, mirror: "random" } }), name({ augment: { mirror: "random", shift: 1 } }));
  assert.notEqual(name({ augment: { shift: 1 } }), name({}));
  assert.notEqual(name({ labelSmoothing: 0.1 }), name({}));
});

test("the first filters whiten patches about 0: no two of them go together, and mean squares are near 1", () => {
  const rng = seededRng(9);
  const n = 60;
  const images: Matrix = matrix(new Uint8Array(n * 3072), [n, 3072]);
  for (let i = 0; i < n; i++) {
    const base = rng.integer(120);
    for (let p = 0; p < 1024; p++) {
      const grey = base + rng.integer(40);
      for (let k = 0; k < 3; k++) images.data[i * 3072 + 3 * p + k] = grey + rng.integer(90);
    }
  }
  const architecture = airbenchLike({ filters: [2, 2, 2] });
  const { weights } = whitenedNetwork(architecture, images, { rng: seededRng(2) });
  const first = { inputShape: [32, 32, 3], inputScale: 1 / 255, layers: [{ ...layer.conv2d(24, { kernelSize: 2,
    padding: "valid", activation: "linear" }) }] };
  const { data } = networkOutputs({ architecture: first, weights: weights.slice(0, 2) }, images);
  const rows = data.length / 24;
  for (let a = 0; a < 12; a++)
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let r = 0; r < rows; r++) sum += data[r * 24 + a] * data[r * 24 + b];
      assert.ok(Math.abs(sum / rows - (a === b ? 1 : 0)) < 0.12, `${a} ${b} ${sum / rows}`);
    }
  for (let r = 0; r < 50; r++) assert.ok(Math.abs(data[r * 24] + data[r * 24 + 12]) < 1e-4);
});

test("mirror: the mean of an image's outputs and its mirror image's, the same for both", () => {
  const { network } = train();
  const twin = matrix(X.data.slice(), X.shape);
  for (let i = 0; i < X.data.length; i++) twin.data[i] = X.data[i - (i % 8) + 7 - (i % 8)];
  const [own, other, both, swapped] = [networkOutputs(network, X), networkOutputs(network, twin),
    networkOutputs(network, X, { mirror: true }), networkOutputs(network, twin, { mirror: true })];
  both.data.forEach((value, k) => {
    assert.ok(Math.abs(value - (own.data[k] + other.data[k]) / 2) < 1e-5);
    assert.ok(Math.abs(value - swapped.data[k]) < 1e-5);
  });
  const flat = mlp({ numFeatures: 2, hidden: [], numClasses: 2 });
  const linear = trainNetworkSync(flat, matrix(new Float32Array(4), [2, 2]), Int32Array.of(0, 1),
    { epochs: 1, rng: seededRng(1) }).network;
  assert.throws(() => networkOutputs(linear, matrix(new Float32Array(4), [2, 2]), { mirror: true }),
    { name: "RangeError", message: /mirror needs images, got examples of shape \[2\]/ });
});

test("what the recipe refuses", () => {
  const refused = (options: Partial<TrainOptions>, message: RegExp) =>
    assert.throws(() => train(options), { name: "RangeError", message });
  refused({ labelSmoothing: 1 }, /labelSmoothing must be in \[0, 1\), got 1/);
  refused({ labelSmoothing: NaN }, /labelSmoothing/);
  refused({ augment: { mirror: "up" as "random" } }, /augment\.mirror must be/);
  refused({ augment: { shift: 8 } }, /augment\.shift must be an integer in \[0, 7\], got 8/);
  refused({ augment: { shift: 0.5 } }, /augment\.shift/);
  refused({ augment: { flip: "random" } as Augmentation }, /option of augment must be one of .*, got "flip"/);
  refused({ augment: true as unknown as Augmentation }, /augment must be an object, got true/);
  refused({ labelSmoothing: "0.5" as unknown as number }, /labelSmoothing must be in \[0, 1\), got 0\.5/);
  assert.throws(() => train({ optimizer: muon({ learningRate: 1e20 }) }), { name: "DivergenceError" });
  assert.throws(() => airbenchLike({ inputShape: [24, 32, 3] }),
    { name: "RangeError", message: /side .* 25.* got 24/ });
  assert.throws(() => whitenedNetwork(small, X, { rng: seededRng(1) }),
    { name: "RangeError", message: /2×2 convolution of 8 filters, got 3×3 of 3/ });
  const bare = { ...small, layers: small.layers.filter((_, i) => i !== 4) };
  assert.throws(() => trainNetworkSync(bare, X, y, { epochs: 1, rng: seededRng(1), optimizer: muon() }), {
    name: "RangeError", message: /muon needs a batchNorm behind each .* got dense behind layer 3/,
  });
  assert.throws(() => trainNetworkSync(mlp({ numFeatures: 64, hidden: [], numClasses: 2 }), X, y,
    { epochs: 1, rng: seededRng(1), augment: {} }), { message: /augment needs images, got examples of shape \[64\]/ });
});
