import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accuracy, assignClusters, fromRows, headChances, iicTrunk, labelsOfClusters, layer, matchClusters,
  matrix, mutualInformation, rowOf, seededRng, softmaxRows, trainIic, type Architecture, type IicOptions,
} from "../../lib";
import { groupGradient } from "../../lib/clustering/iic";
import { runtimeOf } from "../../lib/training/runtime";
import { bars } from "../images/bars";

const near = (got: number, wanted: number, tolerance: number, what: string) =>
  assert.ok(Math.abs(got - wanted) <= tolerance, `${what}: ${got}, expected ${wanted}`);

test("mutualInformation is ln k for two views that always agree, and 0 for independent ones", () => {
  near(mutualInformation(fromRows([[0.5, 0], [0, 0.5]])).value, Math.LN2, 1e-15, "agreeing");
  near(mutualInformation(fromRows([[0.06, 0.14], [0.24, 0.56]])).value, 0, 1e-15, "independent");
  // .4 ln(.4/.25) + … by hand: 2 (.4 ln 1.6 + .1 ln .4).
  near(mutualInformation(fromRows([[0.4, 0.1], [0.1, 0.4]])).value, 0.8 * Math.log(1.6) + 0.2 * Math.log(0.4), 1e-15,
    "in between");
});

test("mutualInformation's gradient is what small moves of the chances do, at any weight of the entropies", () => {
  const rng = seededRng(2);
  const raw = Float64Array.from({ length: 12 }, () => rng.uniform());
  const sum = raw.reduce((a, b) => a + b, 0);
  const joint = matrix(raw.map((value) => value / sum), [3, 4]);
  for (const marginalWeight of [1, 1.5]) {
    const { gradient } = mutualInformation(joint, { marginalWeight });
    for (let p = 0; p < 12; p++) {
      const at = (move: number) => mutualInformation(
        matrix(joint.data.map((value, q) => value + (p === q ? move : 0)), [3, 4]), { marginalWeight }).value;
      near(gradient.data[p], (at(4e-7) - at(-4e-7)) / 8e-7, 1e-6, `cell ${p}`);
    }
  }
});

test("mutualInformation stays finite where a cluster is empty, and refuses what are no chances", () => {
  const { value, gradient } = mutualInformation(fromRows([[1, 0], [0, 0]]));
  assert.equal(value, 0);
  assert.ok(gradient.data.every(Number.isFinite));
  assert.throws(() => mutualInformation(fromRows([[0.5, 0.4]])),
    { name: "RangeError", message: /sum of joint.*got 0\.9/ });
  assert.throws(() => mutualInformation(fromRows([[1.1, -0.1]])),
    { name: "RangeError", message: /at least 0, got -0\.1/ });
});

test("the heads' gradient by the logits is what small moves of a logit do to their information", () => {
  const [pairs, heads, clusters] = [4, 2, 3];
  const rng = seededRng(5);
  const logits = Float64Array.from({ length: 2 * pairs * heads * clusters }, () => 2 * rng.normal());
  const informationOf = (values: Float64Array): number[] => {
    const soft = softmaxRows(matrix(values, [2 * pairs * heads, clusters]));
    return Array.from({ length: heads }, (_, head) => {
      const joint = new Float64Array(clusters * clusters);
      for (let i = 0; i < pairs; i++) {
        const [a, b] = [i, pairs + i].map((view) => rowOf(soft, view * heads + head));
        for (let r = 0; r < clusters; r++)
          for (let c = 0; c < clusters; c++) joint[r * clusters + c] += (a[r] * b[c] + a[c] * b[r]) / (2 * pairs);
      }
      return mutualInformation(matrix(joint, [clusters, clusters])).value;
    });
  };
  const { tf } = runtimeOf();
  const before = tf.memory().numTensors;
  const input = tf.tensor2d(Float32Array.from(logits), [2 * pairs, heads * clusters]);
  const got = { information: new Float64Array(), gradient: new Float32Array() };
  tf.tidy(() => {
    const { information, gradient } = groupGradient(runtimeOf(), input, { heads, clusters });
    Object.assign(got, { information, gradient: Float32Array.from(gradient.dataSync()) });
  });
  input.dispose();
  assert.equal(tf.memory().numTensors, before);
  informationOf(logits).forEach((value, head) => near(got.information[head], value, 1e-5, `head ${head}`));
  const total = (values: Float64Array) => informationOf(values).reduce((a, b) => a + b, 0);
  logits.forEach((_, p) => {
    const at = (move: number) => total(logits.map((value, q) => value + (p === q ? move : 0)));
    near(-got.gradient[p], (at(1e-5) - at(-1e-5)) / 2e-5, 1e-4, `logit ${p}`);
  });
});

const trunk: Architecture = {
  inputShape: [12, 12, 1],
  inputScale: 1 / 255,
  layers: [layer.conv2d(8), layer.batchNorm({ momentum: 0.9 }), layer.maxPool(3), layer.flatten()],
};
const settings = {
  numClusters: 3, overClusters: 6, heads: 2, epochs: 12, batchSize: 60, views: { rotation: 8, shift: 1 },
};
const train = (seed: number, options: Partial<IicOptions> = {}) =>
  trainIic(trunk, bars(300, 1).X, { ...settings, ...options, rng: seededRng(seed) });

test("IIC finds lying, standing and slanted bars without labels, and frees its tensors", () => {
  const { tf } = runtimeOf();
  train(1, { epochs: 1 });
  const before = tf.memory().numTensors;
  const epochs: number[] = [];
  const iic = train(1, { onEpoch: (epoch) => epochs.push(epoch) });
  const fresh = bars(90, 2);
  const clusters = assignClusters(iic, fresh.X);
  assert.equal(tf.memory().numTensors, before);
  assert.equal(epochs.length, settings.epochs);
  assert.ok(iic.information.every((value) => value > 0.5 && value <= Math.log(3)));
  assert.equal(iic.information[iic.head], Math.max(...iic.information));
  const names = matchClusters(clusters, fresh.y, { numClusters: 3, numClasses: 3, method: "hungarian" });
  const right = accuracy(fresh.y, labelsOfClusters(clusters, names));
  assert.ok(right >= 0.95, `right ${right}`);
});

test("IIC repeats under one seed, differs under another, and plain kernels give nearly the same", () => {
  const weights = (seed: number, options: Partial<IicOptions> = {}) =>
    train(seed, { epochs: 1, overClusters: 0, ...options }).network.weights;
  assert.deepEqual(weights(1), weights(1));
  assert.notDeepEqual(weights(1), weights(2));
  const [native, plain] = [weights(1), weights(1, { kernels: "plain" })];
  native.forEach((values, i) => values.forEach((value, w) => near(plain[i][w], value, 0.01, `weight ${i} ${w}`)));
});

test("IIC with cooling takes the same first step and smaller ones later", () => {
  const weights = (epochs: number, cooling: boolean) =>
    train(1, { epochs, overClusters: 0, batchSize: 300, cooling }).network.weights;
  assert.deepEqual(weights(1, true), weights(1, false));
  assert.notDeepEqual(weights(2, true), weights(2, false));
});

test("headChances: each head sums to 1, the naming head decides the cluster, and tensors are freed", () => {
  const { tf } = runtimeOf();
  const iic = train(1, { epochs: 1, overClusters: 4, heads: 2 });
  const { X } = bars(30, 3);
  const before = tf.memory().numTensors;
  const { data, shape } = headChances(iic, X);
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(shape, [30, 2 * 3 + 2 * 4]);
  const clusters = assignClusters(iic, X);
  for (let i = 0; i < 30; i++) {
    const row = [...data.subarray(14 * i, 14 * i + 14)];
    for (const [from, to] of [[0, 3], [3, 6], [6, 10], [10, 14]])
      near(row.slice(from, to).reduce((a, b) => a + b, 0), 1, 1e-5, `heads of row ${i}`);
    const named = row.slice(3 * iic.head, 3 * iic.head + 3);
    assert.equal(named.indexOf(Math.max(...named)), clusters[i]);
  }
  assert.throws(() => headChances(iic, fromRows([[1, 2]])), { name: "RangeError", message: /columns of X/ });
});

test("IIC names what does not fit", () => {
  assert.throws(() => train(1, { numClusters: 1 }), { name: "RangeError", message: /trainIic: numClusters .*got 1/ });
  assert.throws(() => train(1, { batchSize: 301 }), { name: "RangeError", message: /batchSize .*\[2, 300\], got 301/ });
  assert.throws(() => trainIic(iicTrunk(), bars(300, 1).X, { ...settings, rng: seededRng(1) }),
    { name: "RangeError", message: /side must be an integer in \[1, 12\], got 24/ });
  const broken = matrix(new Float32Array(144 * 60).fill(NaN), [60, 144]);
  assert.throws(() => trainIic(trunk, broken, { ...settings, rng: seededRng(1) }),
    { name: "RangeError", message: /trainIic: X .*NaN/ });
});
