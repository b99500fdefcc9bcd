import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { deadLeaves, matrix, seededRng } from "../../lib";

const rowsOf = ({ data, shape: [n, d] }: ReturnType<typeof deadLeaves>): Float32Array[] =>
  Array.from({ length: n }, (_, i) => data.subarray(i * d, (i + 1) * d));

test("leaves are colours in [0, 255], and an image holds more than one", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(8, 32), (seed, side) => {
    const drawn = deadLeaves(2, { side, rng: seededRng(seed) });
    assert.deepEqual(drawn.shape, [2, side * side * 3]);
    for (const image of rowsOf(drawn)) {
      assert.ok(image.every((value) => value >= 0 && value <= 255));
      assert.ok(new Set(image).size > 3);
    }
  }), { numRuns: 40 });
});

test("neighbouring pixels are alike, and ever less so the further they are apart, as in photographs", () => {
  const apart = (step: number): number => {
    let sum = 0;
    for (const image of rowsOf(deadLeaves(200, { rng: seededRng(3) })))
      for (let p = 0; p < image.length; p += 3)
        if ((p / 3) % 32 + step < 32) sum += (image[p] - image[p + 3 * step]) ** 2 / (32 - step);
    return sum;
  };
  const [one, four, sixteen] = [1, 4, 16].map(apart);
  assert.ok(1.5 * one < four && four < sixteen, `${one}, ${four}, ${sixteen}`);
  // The same pixels without their places: those 16 apart are nearly as different as any two.
  assert.ok(one < 0.5 * sixteen);
});

test("the same seed draws the same leaves, another one others, and none is like another", () => {
  const first = deadLeaves(10, { rng: seededRng(1) });
  assert.deepEqual(deadLeaves(10, { rng: seededRng(1) }), first);
  assert.notDeepEqual(deadLeaves(10, { rng: seededRng(2) }), first);
  assert.equal(new Set(rowsOf(first).map((image) => image.join())).size, 10);
  assert.deepEqual(deadLeaves(1, { rng: seededRng(1) }), matrix(first.data.slice(0, 3072), [1, 3072]));
});

test("deadLeaves refuses counts and sides that make no images", () => {
  for (const count of [0, -1, 1.5, NaN])
    assert.throws(() => deadLeaves(count, { rng: seededRng(1) }), /^RangeError: deadLeaves: count must be an integer/);
  for (const side of [7, 28.5, NaN])
    assert.throws(() => deadLeaves(1, { side, rng: seededRng(1) }), /^RangeError: deadLeaves: side must be an integer/);
});
