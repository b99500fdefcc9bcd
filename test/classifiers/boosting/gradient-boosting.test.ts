import assert from "node:assert/strict";
import { test } from "node:test";
import { fromRows, gradientBoosting, matrix, seededRng, type Matrix } from "../../../lib";

test("gradientBoosting's first round is one Newton step in each leaf of the best cut", () => {
  const X = fromRows([[1], [2], [3], [4]]);
  const y = Int32Array.of(0, 0, 1, 1);
  const one = gradientBoosting({ numRounds: 1, learningRate: 0.1, maxDepth: 1 }).fit(X, y);
  // Both shares are ½: residuals ± ½ over a curvature of ¼ a row make steps of ± 2, times the rate.
  const [p0, p1] = one.predictProba!(fromRows([[1]])).data;
  assert.ok(Math.abs(p1 - 1 / (1 + Math.exp(0.2))) < 1e-12 && Math.abs(p0 + p1 - 1) < 1e-12);
});

const rng = seededRng(5);
const drawn = (n: number): Matrix<Float64Array> =>
  matrix(Float64Array.from({ length: 3 * n }, () => Math.fround(rng.uniform())), [n, 3]);
const X = drawn(60);
const queries = drawn(4);
const three = Int32Array.from({ length: 60 }, (_, i) => {
  const [a, b, c] = X.data.subarray(3 * i, 3 * i + 3);
  return (a + b > 1 ? 1 : 0) + (c > 0.7 ? 1 : 0);
});
const two = three.map((label) => Math.min(1, label));

/** GradientBoostingClassifier(n_estimators=20, max_depth, random_state=0).predict_proba of scikit-learn 1.9.0. */
const reference: [string, number, number[][]][] = [
  ["three", 1, [
    [0.5047711231, 0.460396477, 0.0348323998], [0.4054228959, 0.5259641338, 0.0686129703],
    [0.167716368, 0.7603392946, 0.0719443374], [0.1974357832, 0.709949963, 0.0926142538],
  ]],
  ["three", 3, [
    [0.7370999756, 0.2501322836, 0.0127677408], [0.2413525035, 0.6756582978, 0.0829891987],
    [0.0445799017, 0.9254692344, 0.0299508639], [0.139263363, 0.7702174009, 0.0905192361],
  ]],
  ["two", 1, [
    [0.4670951192, 0.5329048808], [0.431900068, 0.568099932],
    [0.2155114255, 0.7844885745], [0.2155114255, 0.7844885745],
  ]],
  ["two", 3, [
    [0.8900498205, 0.1099501795], [0.1948151923, 0.8051848077],
    [0.0488520252, 0.9511479748], [0.0427313515, 0.9572686485],
  ]],
];

for (const [name, maxDepth, expected] of reference)
  test(`gradientBoosting of depth ${maxDepth} gives scikit-learn's probabilities for ${name} classes`, () => {
    const model = gradientBoosting({ numRounds: 20, maxDepth }).fit(X, name === "two" ? two : three);
    model.predictProba!(queries).data.forEach((p, at) => assert.ok(Math.abs(p - expected.flat()[at]) < 1e-6, `${at}`));
  });

test("more rounds fit the training rows better, and deeper trees answer exclusive or", () => {
  const wrong = (numRounds: number): number =>
    gradientBoosting({ numRounds, maxDepth: 1 }).fit(X, two).predict(X).filter((label, i) => label !== two[i]).length;
  assert.ok(wrong(1) > wrong(100));
  const xor = fromRows([[0, 0], [0, 1], [1, 0], [1, 1], [0, 0.1], [0.1, 1]]);
  const y = Int32Array.of(0, 1, 1, 0, 0, 1);
  assert.notDeepEqual(gradientBoosting({ maxDepth: 1 }).fit(xor, y).predict(xor), y);
  assert.deepEqual(gradientBoosting({ maxDepth: 2 }).fit(xor, y).predict(xor), y);
});

test("gradientBoosting on features that never vary answers the shares", () => {
  const flat = gradientBoosting().fit(fromRows([[1], [1], [1], [1]]), Int32Array.of(0, 1, 1, 1));
  const P = flat.predictProba!(fromRows([[1]]));
  assert.ok(Math.abs(P.data[1] - 0.75) < 1e-12);
});

test("gradientBoosting names options out of range", () => {
  assert.throws(() => gradientBoosting({ numRounds: 0 }), /numRounds must be an integer of at least 1, got 0/);
  assert.throws(() => gradientBoosting({ learningRate: -1 }), /learningRate must be a finite number above 0, got -1/);
  assert.throws(() => gradientBoosting({ maxDepth: 0 }), /maxDepth must be an integer .* got 0/);
});
