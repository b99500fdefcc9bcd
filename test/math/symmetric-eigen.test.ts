import assert from "node:assert/strict";
import { test } from "node:test";
import { fromRows, matrix, seededRng } from "../../lib";
import { symmetricEigen } from "../../lib/math/symmetric-eigen";

test("eigenvalues and directions of a small matrix are those worked out by hand", () => {
  const { values, vectors } = symmetricEigen(fromRows([[2, 1], [1, 2]]));
  [3, 1].forEach((value, i) => assert.ok(Math.abs(values[i] - value) < 1e-12));
  const [a, b, c, d] = vectors.data;
  assert.ok(Math.abs(a * b - 0.5) < 1e-12 && Math.abs(c * d + 0.5) < 1e-12);
  assert.deepEqual([...symmetricEigen(fromRows([[1, 0], [0, 4]])).values], [4, 1]);
});

test("directions are orthonormal and give the matrix back", () => {
  const n = 40;
  const rng = seededRng(3);
  const A = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) A[i * n + j] = A[j * n + i] = rng.normal();
  const { values, vectors: { data: V } } = symmetricEigen(matrix(A, [n, n]));
  for (let i = 0; i < n; i++) {
    if (i) assert.ok(values[i] <= values[i - 1]);
    for (let j = 0; j < n; j++) {
      let [product, again] = [0, 0];
      for (let k = 0; k < n; k++) {
        product += V[i * n + k] * V[j * n + k];
        again += values[k] * V[k * n + i] * V[k * n + j];
      }
      assert.ok(Math.abs(product - (i === j ? 1 : 0)) < 1e-10);
      assert.ok(Math.abs(again - A[i * n + j]) < 1e-10);
    }
  }
});

test("what is not square or not finite is refused", () => {
  assert.throws(() => symmetricEigen(fromRows([[1, 2]])), /columns must be/);
  assert.throws(() => symmetricEigen(fromRows([[NaN]])), /finite/);
});
