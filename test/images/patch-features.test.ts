import assert from "node:assert/strict";
import { test } from "node:test";
import { matrix, patchFeatures, seededRng, type Matrix } from "../../lib";
import { loadTensorflow } from "../../lib/tensorflow";

const random = seededRng(7);
const X = matrix(Float32Array.from({ length: 6000 }, () => random.uniform() * 255), [60, 100]);
const options = { imageShape: [10, 10, 1], filters: 5, patchSize: 4, grid: 2 };
const features = (rows: Matrix = X, seed = 1, more = {}) =>
  patchFeatures(rows, { ...options, ...more, rng: seededRng(seed) });

test("a feature for each patch and its negative in each cell, none below 0", () => {
  const { data, shape } = features();
  assert.deepEqual(shape, [60, 2 * 5 * 2 ** 2]);
  assert.ok(data.every((value) => value >= 0 && Number.isFinite(value)) && data.some((value) => value > 0.1));
});

test("an image that is brighter by the same everywhere has the same features", () => {
  const brighter = features(matrix(X.data.map((value) => value + 30), X.shape)).data;
  features().data.forEach((value, j) => assert.ok(Math.abs(value - brighter[j]) < 1e-2, `${value}, ${brighter[j]}`));
});

test("what lies in one cell moves the features of that cell alone", () => {
  const changed = X.data.slice();
  // Pixels of the first three rows and columns of the first image: patches of the upper left cell alone see them.
  for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) changed[r * 10 + c] = 255 - changed[r * 10 + c];
  // One image alone gives the patches' means; so the same patches must be drawn from the same others.
  const [before, after] = [features().data, features(matrix(changed, X.shape)).data];
  const moved = (cell: number): number => {
    let most = 0;
    for (let k = cell * 10; k < (cell + 1) * 10; k++) most = Math.max(most, Math.abs(before[k] - after[k]));
    return most;
  };
  assert.ok(moved(0) > 5 * Math.max(moved(1), moved(2), moved(3)), `${[0, 1, 2, 3].map(moved)}`);
});

test("images are compared with patches of others, if told, and then a row's features are its own alone", () => {
  const [one, others] = [matrix(X.data.slice(0, 100), [1, 100]), matrix(X.data.slice(100), [59, 100])];
  const together = features(X, 1, { patchesOf: others }).data.slice(0, 40);
  const apart = (a: Float32Array): number => a.reduce((most, v, j) => Math.max(most, Math.abs(v - together[j])), 0);
  const alone = apart(features(one, 1, { patchesOf: others }).data);
  assert.ok(alone < 1e-4, `${alone}`);
  assert.ok(apart(features(one).data) > 1e-2);
});

test("an image and its mirror image have the same features, if told, the mean of both", () => {
  const mirrored = matrix(X.data.map((_, j) => X.data[j - (j % 10) + 9 - (j % 10)]), X.shape);
  const [one, other] = [X, mirrored].map((rows) => features(rows, 1, { patchesOf: X }).data);
  const both = [X, mirrored].map((rows) => features(rows, 1, { patchesOf: X, mirror: true }).data);
  one.forEach((value, j) => {
    for (const mean of both)
      assert.ok(Math.abs(mean[j] - (value + other[j]) / 2) < 1e-4, `${mean[j]}: ${value}, ${other[j]}`);
  });
});

test("the same seed gives the same features, another others; no tensor is left", () => {
  const { memory } = loadTensorflow();
  const first = features().data;
  const tensors = memory().numTensors;
  assert.deepEqual(features().data, first);
  assert.notDeepEqual(features(X, 2).data, first);
  assert.equal(memory().numTensors, tensors);
});

test("patchFeatures refuses what is no image, no number or out of range", () => {
  const refuses = (call: () => unknown) => assert.throws(call, { name: "RangeError", message: /^patchFeatures: / });
  for (const bad of [NaN, Infinity, 1e39])
    refuses(() => features(matrix(Float64Array.from(X.data, (value, j) => (j === 5 ? bad : value)), X.shape)));
  for (const bad of [NaN, 0, -1, 1.5])
    for (const name of ["filters", "patchSize", "grid"]) refuses(() => features(X, 1, { [name]: bad }));
  refuses(() => features(X, 1, { patchSize: 11 }));
  refuses(() => features(X, 1, { grid: 8 }));
  refuses(() => features(X, 1, { imageShape: [10, 9, 1] }));
  refuses(() => features(X, 1, { patchesOf: matrix(new Float32Array(90), [1, 90]) }));
  refuses(() => features(X, 1, { patchesOf: matrix(new Float32Array(100).fill(NaN), [1, 100]) }));
  refuses(() => features(matrix(new Float32Array(0), [0, 100])));
});
