import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { useFastMatrixProducts } from "../../../scripts/site/run/matrix-product";

before(async () => {
  await tf.setBackend("cpu");
  useFastMatrixProducts(tf);
});

test("a product of two matrices, hand-worked", () => {
  const product = tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5, 6, 7], [8, 9, 10]]));
  assert.deepEqual(product.arraySync(), [[21, 24, 27], [47, 54, 61]]);
});

test("any sizes, either one transposed: float64 sums, rounded once", () => {
  const size = fc.integer({ min: 1, max: 9 });
  const number = fc.float({ min: -100, max: 100, noNaN: true });
  const numbers = fc.array(number, { minLength: 170, maxLength: 170 });
  fc.assert(fc.property(size, size, size, fc.boolean(), fc.boolean(), numbers,
    (m, k, n, turnA, turnB, values) => {
      const a = Float32Array.from(values.slice(0, m * k));
      const b = Float32Array.from(values.slice(85, 85 + k * n));
      const product = tf.tidy(() => tf.matMul(tf.tensor2d(a, turnA ? [k, m] : [m, k]),
        tf.tensor2d(b, turnB ? [n, k] : [k, n]), turnA, turnB).dataSync());
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let l = 0; l < k; l++) sum += a[turnA ? l * m + i : i * k + l] * b[turnB ? j * k + l : l * n + j];
          assert.equal(product[i * n + j], Math.fround(sum));
        }
    }), { seed: 1, numRuns: 200 });
});

test("products of several matrices at once, and of integers, are as before", () => {
  const three = tf.matMul(tf.ones([2, 2, 3]), tf.ones([2, 3, 1]));
  assert.deepEqual(three.arraySync(), [[[3], [3]], [[3], [3]]]);
});

test("gradients go through it, and no tensor is left", () => {
  const before = tf.memory().numTensors;
  const gradient = tf.tidy(() => tf.grad((x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, tf.tensor2d([[2], [3]])).sum())(
    tf.ones([1, 2])).arraySync());
  assert.deepEqual(gradient, [[2, 3]]);
  assert.equal(tf.memory().numTensors, before);
});
