import assert from "node:assert/strict";
import { test } from "node:test";
import {
  analyticGaussianSigma, matrix, privateMarginals, sampleFromMarginals, seededRng,
} from "../../../lib";

const truth = [[0.9, 0.2, 0.5], [0.1, 0.7, 0.5]];
const people = (n: number) => {
  const rng = seededRng(4);
  const y = Int32Array.from({ length: n }, () => rng.integer(2));
  const bits = Uint8Array.from({ length: 3 * n }, (_, p) =>
    (rng.uniform() < truth[y[Math.floor(p / 3)]][p % 3] ? 1 : 0));
  return { bits: matrix(bits, [n, 3]), y };
};
const settings = { epsilon: 1, delta: 1e-5, numClasses: 2, mostOnes: 3 };

test("marginals are counts with noise of the analytic σ at sensitivity √(1 + mostOnes)", () => {
  const { bits, y } = people(20000);
  const model = privateMarginals(bits, y, { ...settings, rng: seededRng(1) });
  assert.equal(model.sigma, analyticGaussianSigma({ epsilon: 1, delta: 1e-5, sensitivity: 2 }));
  truth.flat().forEach((mean, p) => assert.ok(Math.abs(model.means.data[p] - mean) < 0.02));
  assert.ok(Math.abs(model.shares[0] + model.shares[1] - 1) < 1e-12);
  const right = model.predict(bits).reduce((sum, label, i) => sum + (label === y[i] ? 1 : 0), 0);
  assert.ok(Math.abs(right / 20000 - 0.9) < 0.01);
});

test("an image with too many ones counts each of them less, so that its vector keeps its length", () => {
  // 3 ones, 1 allowed: each counts √(1/3), and ε of a million leaves next to no noise.
  const model = privateMarginals(matrix(Uint8Array.of(1, 1, 1, 0, 0, 0), [2, 3]), Int32Array.of(0, 1), {
    ...settings, epsilon: 1e6, mostOnes: 1, rng: seededRng(1),
  });
  for (let j = 0; j < 3; j++) assert.ok(Math.abs(model.means.data[j] - Math.sqrt(1 / 3)) < 0.02);
});

test("synthetic records have the tables' shares and means", () => {
  const { X, y } = sampleFromMarginals(
    { means: matrix(Float64Array.from(truth.flat()), [2, 3]), shares: Float64Array.of(0.3, 0.7) },
    { size: 20000, rng: seededRng(2) });
  const ones = y.reduce((sum, label) => sum + label, 0);
  assert.ok(Math.abs(ones / 20000 - 0.7) < 0.015);
  truth[1].forEach((mean, j) => {
    const set = y.reduce((sum, label, i) => sum + (label === 1 ? X.data[3 * i + j] : 0), 0);
    assert.ok(Math.abs(set / ones - mean) < 0.02);
  });
});

test("marginals repeat under one seed, differ under another, and refuse bad input", () => {
  const { bits, y } = people(100);
  const means = (seed: number) => privateMarginals(bits, y, { ...settings, rng: seededRng(seed) }).means;
  assert.deepEqual(means(1), means(1));
  assert.notDeepEqual(means(1), means(2));
  const rng = seededRng(1);
  assert.throws(() => privateMarginals(bits, y, { ...settings, mostOnes: 0, rng }), /mostOnes must be .* above 0/);
  assert.throws(() => privateMarginals(bits, y, { ...settings, epsilon: 0, rng }), /epsilon must be .* above 0/);
  assert.throws(() => privateMarginals(bits, y, { ...settings, numClasses: 2, rng, delta: 0 }), /delta must be/);
  const two = matrix(Uint8Array.of(2), [1, 1]);
  assert.throws(() => privateMarginals(two, Int32Array.of(0), { ...settings, rng }), /bit must be in \[0, 1\], got 2/);
});
