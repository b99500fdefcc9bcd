import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { matrix, seededRng } from "../../lib";
import { inkMass, toStrokes } from "../../lib/images/strokes";
import { slantOf, uprightImages } from "../../lib/images/upright";
import {
  type LinearMap, randomDisplacements, randomLinearMap, warpImage, type WarpSpread,
} from "../../lib/images/warp";

const identity: LinearMap = { xx: 1, xy: 0, yx: 0, yy: 1 };
const still: WarpSpread = { rotation: 0, shear: 0, scale: 0, aspect: 0, elastic: 0, elasticGrid: 2 };
const pattern = Float64Array.from({ length: 25 }, (_, p) => ((7 * p) % 11) / 11);
const warped = (linear: LinearMap, from: [number, number], to: [number, number]): Float64Array => {
  const out = new Float64Array(25);
  warpImage(pattern, 5, { linear, from, to }, out);
  return out;
};

test("the identity leaves an image as it is, and two points apart move it, with nothing beyond its edge", () => {
  assert.deepEqual(warped(identity, [2, 2], [2, 2]), pattern);
  const moved = warped(identity, [1, 2], [2, 2]);
  for (let row = 0; row < 5; row++) {
    assert.equal(moved[row * 5], 0);
    for (let column = 1; column < 5; column++) assert.equal(moved[row * 5 + column], pattern[row * 5 + column - 1]);
  }
});

test("between pixels a warp takes the mean of its neighbours, and a quarter turn turns rows to columns", () => {
  const half = warped(identity, [1.5, 2], [1, 2]);
  assert.ok(Math.abs(half[5] - (pattern[5] + pattern[6]) / 2) < 1e-15);
  assert.ok(Math.abs(half[9] - pattern[9] / 2) < 1e-15, "half of the last column's neighbour lies beyond the edge");
  const turned = warped({ xx: 0, xy: 1, yx: -1, yy: 0 }, [2, 2], [2, 2]);
  for (let row = 0; row < 5; row++)
    for (let column = 0; column < 5; column++) assert.equal(turned[row * 5 + column], pattern[(4 - column) * 5 + row]);
});

test("displacements that are all alike move the image as a whole", () => {
  const out = new Float64Array(25);
  const displacements = { size: 3, x: new Float64Array(9).fill(1), y: new Float64Array(9).fill(-1) };
  warpImage(pattern, 5, { linear: identity, from: [2, 2], to: [2, 2], displacements }, out);
  for (let row = 1; row < 5; row++)
    for (let column = 0; column < 4; column++)
      assert.ok(Math.abs(out[row * 5 + column] - pattern[(row - 1) * 5 + column + 1]) < 1e-12);
});

test("a spread of nothing is the identity; rotation and shear keep areas, and scale sets them", () => {
  const { xx, xy, yx, yy } = randomLinearMap(still, seededRng(1));
  assert.ok(xx === 1 && xy === 0 && yx === 0 && yy === 1);
  assert.equal(randomDisplacements(still, seededRng(1)), undefined);
  const area = (map: LinearMap) => map.xx * map.yy - map.xy * map.yx;
  for (let seed = 0; seed < 20; seed++) {
    const turned = randomLinearMap({ ...still, rotation: 1, shear: 1, aspect: 1 }, seededRng(seed));
    assert.ok(Math.abs(area(turned) - 1) < 1e-9);
  }
  const logs = Array.from({ length: 400 }, (_, seed) =>
    Math.log(area(randomLinearMap({ ...still, scale: 0.1 }, seededRng(seed)))) / 2);
  const deviation = Math.sqrt(logs.reduce((sum, value) => sum + value * value, 0) / 400);
  assert.ok(Math.abs(deviation / 0.1 - 1) < 0.15);
});

test("the mass of ink and its centre are those counted by hand, and the middle without ink", () => {
  assert.deepEqual(inkMass([0, 3, 0, 1], 2), { ink: 4, center: [1, 0.25] });
  assert.deepEqual(inkMass(new Float64Array(9), 3), { ink: 0, center: [1, 1] });
});

test("strokes have the ink asked for, keep the order of brightness, and lie in [0, 1]", () => {
  const image = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 36, maxLength: 36 });
  fc.assert(fc.property(image, fc.double({ min: 0.05, max: 0.5, noNaN: true }), (values, share) => {
    const blurred = Float64Array.from(values);
    const highest = Math.max(...values);
    const out = new Float64Array(36);
    // No threshold below 0 is tried: what a threshold of 0 leaves is the most that can be had.
    const width = 0.3 * highest;
    const most = values.reduce((sum, value) => sum + (highest > 0 ? Math.min(1, value / width) : 0), 0);
    toStrokes(blurred, { ink: share * 36, softness: 0.3 }, out);
    const ink = out.reduce((sum, value) => sum + value, 0);
    assert.ok(out.every((value) => value >= 0 && value <= 1));
    assert.ok(Math.abs(ink - Math.min(most, share * 36)) <= 36 * 2 ** -12 / 0.3 + 1e-9, `${ink} of ${share * 36}`);
    for (let p = 1; p < 36; p++) if (blurred[p] > blurred[0]) assert.ok(out[p] >= out[0]);
  }));
  const out = Float64Array.of(1, 1);
  toStrokes(Float64Array.of(0, -1), { ink: 1, softness: 0.3 }, out);
  assert.deepEqual([...out], [0, 0]);
});

test("a stroke that leans is set upright, its lean is told, and each image is looked at by itself", () => {
  const side = 12;
  const leaning = (lean: number) => {
    const image = new Uint8Array(side * side);
    for (let row = 2; row < 10; row++) image[row * side + 5 + Math.round(lean * (row - 5.5))] = 255;
    return image;
  };
  const rows = [leaning(0.5), leaning(0), new Uint8Array(side * side)];
  const X = matrix(Uint8Array.from(rows.flatMap((row) => [...row])), [3, side * side]);
  const { X: upright, slants } = uprightImages(X);
  assert.ok(Math.abs(slants[0] - 0.5) < 0.1 && Math.abs(slants[1]) < 1e-12 && slants[2] === 0);
  const first = upright.data.subarray(0, side * side);
  assert.ok(Math.abs(first.reduce((sum, value) => sum + value ** 2, 0) - 1) < 1e-6);
  assert.ok(Math.abs(slantOf(first, side)) < 0.05);
  assert.ok(upright.data.subarray(2 * side * side).every((value) => value === 0));
  assert.deepEqual(uprightImages(matrix(rows[0], [1, side * side])).X.data, first);
  assert.equal(slantOf([0, 1, 1, 0], 2), -1);
  assert.throws(() => uprightImages(matrix(new Uint8Array(3), [1, 3])), /side of the images/);
});
