import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { scribbles, seededRng } from "../../lib";
import { inkMass } from "../../lib/images/strokes";

const rowsOf = ({ data, shape: [n, d] }: ReturnType<typeof scribbles>): Float32Array[] =>
  Array.from({ length: n }, (_, i) => data.subarray(i * d, (i + 1) * d));

test("a scribble has ink in the place and size of a digit: its mass in the middle, its extent below 20 of 28 pixels",
  () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(28, 56), (seed, side) => {
      for (const image of rowsOf(scribbles(3, { side, rng: seededRng(seed) }))) {
        const { ink, center: [x, y] } = inkMass(image, side);
        assert.ok(ink > 0 && image.every((value) => value >= 0 && value <= 255));
        // Moved by whole pixels, and not beyond what a pen's width at the edge can take away.
        assert.ok(Math.abs(x - (side - 1) / 2) <= 1 && Math.abs(y - (side - 1) / 2) <= 1, `${x}, ${y}`);
        const filled = [...image.keys()].filter((p) => image[p] > 0);
        const [columns, rows] = [filled.map((p) => p % side), filled.map((p) => Math.floor(p / side))]
          .map((at) => Math.max(...at) - Math.min(...at) + 1);
        const longer = Math.max(columns, rows) / side;
        assert.ok(longer > 16 / 28 && longer <= 25 / 28, `${longer}`);
      }
    }), { numRuns: 60 });
  });

test("the same seed draws the same scribbles, another one others, and none is like another", () => {
  const first = scribbles(20, { rng: seededRng(1) });
  assert.deepEqual(scribbles(20, { rng: seededRng(1) }), first);
  assert.notDeepEqual(scribbles(20, { rng: seededRng(2) }), first);
  assert.equal(new Set(rowsOf(first).map((image) => image.join())).size, 20);
});

test("scribbles refuses counts and sides that make no images", () => {
  for (const count of [0, -1, 1.5, NaN])
    assert.throws(() => scribbles(count, { rng: seededRng(1) }), /^RangeError: scribbles: count must be an integer/);
  for (const side of [7, 28.5, NaN])
    assert.throws(() => scribbles(1, { side, rng: seededRng(1) }), /^RangeError: scribbles: side must be an integer/);
});
