import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromRows, grayImages, matrix, resizedImages, seededRng } from "../../lib";

test("resizedImages by hand: two pixels become four, and four become two", () => {
  assert.deepEqual([...resizedImages(fromRows([[0, 4]]), { from: [1, 2], to: [1, 4] }).data], [0, 1, 3, 4]);
  assert.deepEqual([...resizedImages(fromRows([[0, 1, 3, 4]]), { from: [1, 4], to: [1, 2] }).data], [0.5, 3.5]);
  assert.deepEqual([...resizedImages(fromRows([[0, 4]]), { from: [2, 1], to: [4, 2] }).data], [0, 0, 1, 1, 3, 3, 4, 4]);
});

test("a resized image keeps its range and a flat one stays flat, and the size it has is no change", () =>
  fc.assert(fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.nat(1e6), (h, w, seed) => {
    const rng = seededRng(seed);
    const X = matrix(Float64Array.from({ length: 2 * h * w }, () => rng.normal()), [2, h * w]);
    assert.deepEqual(resizedImages(X, { from: [h, w], to: [h, w] }).data, X.data);
    const [low, high] = [Math.min(...X.data), Math.max(...X.data)];
    const { data, shape } = resizedImages(X, { from: [h, w], to: [w + 3, h] });
    assert.deepEqual([...shape], [2, (w + 3) * h]);
    assert.ok(data.every((value) => value >= low - 1e-12 && value <= high + 1e-12));
    const flat = matrix(new Float64Array(h * w).fill(7), [1, h * w]);
    assert.ok(resizedImages(flat, { from: [h, w], to: [5, 6] }).data.every((value) => value === 7));
  }), { numRuns: 60, seed: 1 }));

test("grayImages by hand: white is white, black is black, green is brighter than red, and red than blue", () => {
  const { data, shape } = grayImages(fromRows([[255, 255, 255, 0, 0, 0, 100, 0, 0, 0, 100, 0, 0, 0, 100]]));
  assert.deepEqual([...shape], [1, 5]);
  [255, 0, 29.9, 58.7, 11.4].forEach((value, p) => assert.ok(Math.abs(data[p] - value) < 1e-9, `${data[p]}`));
});

test("images of another size, and holes, are refused by name", () => {
  assert.throws(() => grayImages(fromRows([[1, 2]])), /columns of X over 3 must be an integer .* got 0\.66/);
  assert.throws(() => grayImages(fromRows([[1, NaN, 2]])), /X must be finite/);
  const X = fromRows([[1, 2, 3, 4]]);
  assert.throws(() => resizedImages(X, { from: [2, 3], to: [2, 2] }), /columns of X must be 6, .* got 4/);
  for (const side of [NaN, 0, 1.5]) {
    assert.throws(() => resizedImages(X, { from: [2, 2], to: [2, side] }), /side of to must be/);
    assert.throws(() => resizedImages(X, { from: [side, 2], to: [2, 2] }), /side of from must be/);
  }
  assert.throws(() => resizedImages(fromRows([[Infinity]]), { from: [1, 1], to: [2, 2] }), /X must be finite/);
});
