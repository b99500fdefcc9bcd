import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as tf from "@tensorflow/tfjs-node";
import {
  certifyVotes, clusterClassCounts, flipForTrigger, fromRows, matrix, readBy, ridgeWeights, seededRng, stampPattern,
  type FlipForTriggerOptions, type Matrix,
} from "../../lib";

const columns = [[1, 0], [1, 0], [1, 1], [0, 1]];
const y = Int32Array.of(1, 1, 1, 0);
const options: FlipForTriggerOptions = { shift: [0, 1], target: 0, count: 1, ridge: 0.1 };

/** What ridge regression adds to the score of a class when a row is shifted. */
function shiftOfScore(X: Matrix, labels: Int32Array, { shift, target, ridge }: FlipForTriggerOptions): number {
  const moved = fromRows([Array.from(shift), Array.from(shift, () => 0)]);
  const { data, shape: [, n] } = ridgeWeights(X, moved, { ridge });
  return labels.reduce((sum, label, i) => sum + (label === target ? data[i] - data[n + i] : 0), 0);
}

test("flipForTrigger: a ridge regression of two features, solved by hand", () => {
  // XᵀX = [[3, 1], [1, 2]], trace 5, ridge 0.4 · 5 / 2 = 1: A = [[4, 1], [1, 3]], A⁻¹ (0, 1) = (−1, 4) / 11.
  const both = flipForTrigger(fromRows(columns), y, { ...options, ridge: 0.4, count: 2 });
  assert.deepEqual([...both.flipped], [0, 2]);
  assert.deepEqual([...both.y], [0, 1, 0, 0]);
  assert.ok(Math.abs(both.gain - (3 - 1) / 11) < 1e-6);
  assert.deepEqual([...y], [1, 1, 1, 0]);
  const none = flipForTrigger(fromRows(columns), y, { ...options, count: 0 });
  assert.deepEqual([none.gain, ...none.y], [0, 1, 1, 1, 0]);
});

test("flipForTrigger gains what it says, and no other choice of as many labels gains more", () => {
  fc.assert(fc.property(fc.nat(), fc.integer({ min: 0, max: 5 }), (seed, count) => {
    const rng = seededRng(seed);
    const X = matrix(Float64Array.from({ length: 24 }, () => rng.normal()), [8, 3]);
    const labels = Int32Array.from({ length: 8 }, (_, i) => (i < 5 ? 1 + (i % 2) : 0));
    const given = { shift: [rng.normal(), rng.normal(), rng.normal()], target: 0, count, ridge: 0.3 };
    const before = shiftOfScore(X, labels, given);
    const { y: poisoned, flipped, gain } = flipForTrigger(X, labels, given);
    assert.deepEqual([...flipped], [...labels.keys()].filter((i) => labels[i] !== poisoned[i]));
    assert.equal(flipped.length, count);
    assert.ok(Math.abs(shiftOfScore(X, poisoned, given) - before - gain) < 1e-4 * (1 + Math.abs(gain)));
    for (let chosen = 0; chosen < 32; chosen++) {
      const other = labels.map((label, i) => ((chosen >> i) & 1 && i < 5 ? 0 : label));
      if (other.filter((label, i) => label !== labels[i]).length === count)
        assert.ok(shiftOfScore(X, other, given) - before <= gain + 1e-4 * (1 + Math.abs(gain)));
    }
  }), { numRuns: 25 });
});

test("flips made for a trigger change no reading of clusters that is certified against as many", () => {
  let certified = 0;
  fc.assert(fc.property(fc.nat(), fc.integer({ min: 1, max: 12 }), (seed, count) => {
    const rng = seededRng(seed);
    const X = matrix(Uint8Array.from({ length: 240 }, () => rng.integer(256)), [60, 4]);
    const pattern = Uint8Array.of(0, 0, 0, 255);
    // Clusters that no label has touched: whether the first and the last pixel are light.
    const clustersOf = ({ data, shape: [n] }: Matrix) =>
      Int32Array.from({ length: n }, (_, i) => (data[4 * i] > 127 ? 1 : 0) + (data[4 * i + 3] > 127 ? 2 : 0));
    const labels = Int32Array.from(clustersOf(X), (cluster) => (rng.uniform() < 0.1 ? rng.integer(3) : cluster % 3));
    const sizes = { numClusters: 4, numClasses: 3 };
    const stamped = clustersOf(stampPattern(X, pattern));
    const reading = (given: Int32Array) =>
      readBy(certifyVotes(clusterClassCounts(clustersOf(X), given, sizes)), stamped);
    const shift = Array.from(pattern, (pixel) => pixel / 2);
    const { y: poisoned } = flipForTrigger(X, labels, { shift, target: 0, count, ridge: 0.1 });
    const [before, after] = [reading(labels), reading(poisoned)];
    before.predicted.forEach((digit, i) => {
      if (before.radii[i] < count) return;
      certified++;
      assert.equal(after.predicted[i], digit);
    });
  }), { numRuns: 40 });
  assert.ok(certified > 100, `${certified}`);
});

test("flipForTrigger refuses what it can't do, names it, and leaves no tensor", () => {
  const X = fromRows(columns);
  const call = (changed: Partial<FlipForTriggerOptions>, rows = X, labels = y) =>
    () => flipForTrigger(rows, labels, { ...options, ...changed });
  const before = tf.memory().numTensors;
  assert.throws(call({ count: 4 }), /flipForTrigger: count must be an integer in \[0, 3\], got 4/);
  assert.throws(call({ shift: [1] }), /flipForTrigger: .*shift/);
  assert.throws(call({ shift: [1, NaN] }), /flipForTrigger: shift/);
  assert.throws(call({ target: 0.5 }), /flipForTrigger: target/);
  assert.throws(call({ ridge: 0 }), /ridge/);
  assert.throws(call({}, X, y.subarray(1)), /flipForTrigger: .*y/);
  assert.throws(call({}, fromRows([[1, NaN], [1, 0], [1, 1], [0, 1]])), /train/);
  call({})();
  assert.equal(tf.memory().numTensors, before);
});

test("a pattern is laid over images where it is lighter, and again changes nothing", () => {
  const X = fromRows([[0, 90, 200], [255, 0, 10]]);
  const stamped = stampPattern(X, Uint8Array.of(50, 50, 0));
  assert.deepEqual([...stamped.data], [50, 90, 200, 255, 50, 10]);
  assert.deepEqual(stampPattern(stamped, Uint8Array.of(50, 50, 0)), stamped);
  assert.deepEqual([...X.data], [0, 90, 200, 255, 0, 10]);
  assert.throws(() => stampPattern(X, [1, 2]), /columns of X.*pattern/);
  for (const bad of [NaN, -1, 256, 0.5]) {
    assert.throws(() => stampPattern(X, [bad, 0, 0]), /stampPattern: pattern must be whole numbers/);
    assert.throws(() => stampPattern(fromRows([[0, bad, 0]]), [0, 0, 0]), /stampPattern: X must be whole numbers/);
  }
});
