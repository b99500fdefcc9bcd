import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { matrix } from "../../lib/matrix";
import { fromLowFrequencies, lowFrequencies } from "../../lib/math/dct";

const image = (side: number) => fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: side * side, maxLength: side * side })
  .map((values) => matrix(Float64Array.from(values), [1, side * side]));
const square = ({ data }: { data: Float64Array }) => data.reduce((sum, value) => sum + value * value, 0);

test("an even image has its mean's coefficient and no other", () => {
  const { data } = lowFrequencies(matrix(new Float64Array(16).fill(0.5), [1, 16]), { kept: 3 });
  assert.ok(Math.abs(data[0] - 0.5 * 4) < 1e-15);
  assert.ok(data.subarray(1).every((value) => Math.abs(value) < 1e-15));
});

test("one bright pixel has the cosines at its place", () => {
  const pixels = new Float64Array(9);
  pixels[1 * 3 + 0] = 1;
  const { data } = lowFrequencies(matrix(pixels, [1, 9]), { kept: 3 });
  const first = Math.sqrt(2 / 3) * Math.cos(Math.PI / 6);
  assert.ok(Math.abs(data[0 * 3 + 1] - Math.sqrt(1 / 3) * first) < 1e-15);
  assert.ok(Math.abs(data[1 * 3 + 0]) < 1e-15);
  assert.ok(Math.abs(data[2 * 3 + 1] + Math.sqrt(2 / 3) * first) < 1e-15);
});

test("all coefficients give the image back, and fewer are never longer than it", () => {
  fc.assert(fc.property(image(5), fc.integer({ min: 1, max: 5 }), (X, kept) => {
    const back = fromLowFrequencies(lowFrequencies(X, { kept: 5 }), { side: 5 });
    back.data.forEach((value, p) => assert.ok(Math.abs(value - X.data[p]) < 1e-12));
    assert.ok(square(lowFrequencies(X, { kept })) <= square(X) + 1e-12);
  }), { numRuns: 50 });
});

test("images that are not square and more frequencies than pixels are refused", () => {
  const X = matrix(new Float64Array(12), [1, 12]);
  assert.throws(() => lowFrequencies(X, { kept: 2 }), /side of the images must be an integer/);
  assert.throws(() => lowFrequencies(matrix(new Float64Array(9), [1, 9]), { kept: 4 }), /kept must be an integer/);
  assert.throws(() => fromLowFrequencies(matrix(new Float64Array(9), [1, 9]), { side: 2 }), /side must be an integer/);
});
