import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromRows, knn, matrix, seededRng, type KnnAlgorithm } from "../../../lib";

const algorithms: KnnAlgorithm[] = ["mlKnn", "kdTree", "matrixProduct", "auto"];

for (const algorithm of algorithms) {
  test(`knn (${algorithm}) lets the three nearest vote`, () => {
    const classifier = knn({ numNeighbors: 3, algorithm }).fit(
      fromRows([[0], [1], [2], [10], [11]]), Int32Array.of(0, 1, 1, 0, 0),
    );
    assert.deepEqual([...classifier.predict(fromRows([[0], [6.5]]))], [1, 0]);
    assert.deepEqual([...classifier.predictProba!(fromRows([[0]])).data], [1 / 3, 2 / 3]);
  });

  test(`knn (${algorithm}) gives equal votes to the lowest label and equal distances to the first row`, () => {
    const X = fromRows([[1], [-1], [2], [-2]]);
    const answer = (numNeighbors: number): number =>
      knn({ numNeighbors, algorithm }).fit(X, Int32Array.of(9, 4, 0, 0)).predict(fromRows([[0]]))[0];
    assert.equal(answer(2), 4);
    assert.equal(answer(1), 9);
  });
}

test("knn gives the same answers by ml-knn, k-d tree and matrix products, ties included", () => {
  const cell = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ min: -1e3, max: 1e3, noNaN: true }));
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 4 }).chain((d) => fc.tuple(
      fc.array(fc.array(cell, { minLength: d, maxLength: d }), { minLength: 5, maxLength: 60 }),
      fc.array(fc.array(cell, { minLength: d, maxLength: d }), { minLength: 1, maxLength: 10 }),
    )),
    fc.integer({ min: 1, max: 5 }),
    ([rows, queries], numNeighbors) => {
      const y = Int32Array.from(rows, (_, i) => i);
      const by = (algorithm: KnnAlgorithm) =>
        knn({ numNeighbors, algorithm }).fit(fromRows(rows), y).predictProba!(fromRows(queries)).data;
      assert.deepEqual(by("kdTree"), by("mlKnn"));
      assert.deepEqual(by("matrixProduct"), by("mlKnn"));
    },
  ), { numRuns: 60, seed: 3 });
});

test("knn by matrix products stays exact where float32 can't tell rows apart, and frees its tensors", () => {
  const tf = require("@tensorflow/tfjs-node") as typeof import("@tensorflow/tfjs-node");
  const rng = seededRng(5);
  const X = matrix(Float64Array.from({ length: 2000 }, () => 1e6 + rng.uniform() * 1e-3), [100, 20]);
  const y = Int32Array.from({ length: 100 }, (_, i) => i);
  const exact = knn({ numNeighbors: 1, algorithm: "kdTree" }).fit(X, y);
  const product = knn({ numNeighbors: 1, algorithm: "matrixProduct" }).fit(X, y);
  const before = tf.memory().numTensors;
  assert.deepEqual(product.predict(X), y);
  assert.deepEqual(product.predict(X), exact.predict(X));
  assert.equal(tf.memory().numTensors, before);
});

test("knn refuses more neighbours than rows, and unknown algorithms", () => {
  assert.throws(() => knn({ numNeighbors: 3 }).fit(fromRows([[1], [2]]), Int32Array.of(0, 1)),
    { name: "RangeError", message: /numNeighbors must be an integer in \[1, 2\], got 3/ });
  const ball = "ball" as KnnAlgorithm;
  assert.throws(() => knn({ algorithm: ball }), /algorithm must be one of auto, mlKnn, .* got "ball"/);
});
