import assert from "node:assert/strict";
import { test } from "node:test";
import { gaussNewtonDiagonal, initializeNetwork, lossDerivatives, matrix, mlp, seededRng } from "../../lib";

const N = 400;
const X = matrix(Float64Array.from({ length: N * 3 }, (_, i) => Math.sin(i * i)), [N, 3]);
const network = initializeNetwork(mlp({ numFeatures: 3, hidden: [4], numClasses: 3 }), { rng: seededRng(1) });

test("over many groups the estimated diagonal comes near that of the products", () => {
  const derivatives = lossDerivatives(network, X, new Int32Array(N));
  const unit = (k: number): Float64Array => new Float64Array(derivatives.size).map((_, i) => (i === k ? 1 : 0));
  const exact = Float64Array.from({ length: derivatives.size }, (_, k) =>
    derivatives.gaussNewtonVectorProduct(unit(k))[k]);
  derivatives.dispose();
  const { diagonal, gradients } = gaussNewtonDiagonal(network, X, { groups: 200, rng: seededRng(2) });
  const distance = Math.hypot(...exact.map((value, k) => value - diagonal[k]));
  assert.ok(distance < 0.25 * Math.hypot(...exact), `${distance} of ${Math.hypot(...exact)}`);
  assert.ok(diagonal.every((value) => value >= 0));
  assert.equal(gradients, N);
});

test("the diagonal repeats with its seed, differs with another, and covers the chosen parameters only", () => {
  const of = (seed: number): Float64Array =>
    gaussNewtonDiagonal(network, X, { parameters: { last: 2 }, rng: seededRng(seed) }).diagonal;
  assert.equal(of(1).length, 15);
  assert.deepEqual(of(1), of(1));
  assert.notDeepEqual(of(1), of(2));
});

test("gaussNewtonDiagonal names more groups than examples", () => {
  assert.throws(() => gaussNewtonDiagonal(network, X, { groups: N + 1, rng: seededRng(1) }),
    { name: "RangeError", message: /^gaussNewtonDiagonal: groups/ });
});
