import assert from "node:assert/strict";
import { test } from "node:test";
import { binarizeImages, fromRows, matrix, poolImages } from "../../lib";

test("pooling averages blocks and binarising cuts", () => {
  const X = fromRows([[1, 3, 0, 0, 5, 7, 0, 0, 0, 0, 100, 100, 0, 0, 100, 100]]);
  const pooled = poolImages(X, { side: 2 });
  assert.deepEqual([...pooled.data], [4, 0, 0, 100]);
  assert.deepEqual([...binarizeImages(pooled, { cutoff: 4 }).data], [0, 0, 0, 1]);
});

test("sides that don't divide are refused", () => {
  const X = matrix(new Float32Array(200), [2, 100]);
  assert.throws(() => poolImages(X, { side: 3 }), /image side over side must be an integer/);
});
