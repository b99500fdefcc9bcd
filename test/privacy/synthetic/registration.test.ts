import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { seededRng } from "../../../lib";
import { blurImage } from "../../../lib/images/blur";
import { nodeGrid, pullBack, pushForward, valueBetween } from "../../../lib/images/node-grid";
import { imageRegistrar } from "../../../lib/privacy/synthetic/registration";

const side = 16;
const grid = nodeGrid({ side, size: 3 });
/** A ring of radius 4, soft at its edges, around the given middle. */
const ring = (x: number, y: number): Float64Array => Float64Array.from({ length: side * side }, (_, p) =>
  Math.max(0, 1 - Math.abs(Math.hypot((p % side) - x, Math.floor(p / side) - y) - 4) / 1.5));
const distance = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, p) => sum + (value - b[p]) ** 2, 0);
const all = (x: number, y: number): Float64Array =>
  Float64Array.from({ length: 18 }, (_, k) => (k < 9 ? x : y));

test("a pixel's four nodes weigh 1 together and lie where it lies", () => {
  for (let p = 0; p < side * side; p++) {
    let [weight, x, y] = [0, 0, 0];
    for (let q = 4 * p; q < 4 * p + 4; q++) {
      weight += grid.weights[q];
      x += grid.weights[q] * (grid.nodes[q] % 3) * 7.5;
      y += grid.weights[q] * Math.floor(grid.nodes[q] / 3) * 7.5;
    }
    assert.ok(Math.abs(weight - 1) < 1e-12);
    assert.ok(Math.abs(x - (p % side)) < 1e-9 && Math.abs(y - Math.floor(p / side)) < 1e-9);
  }
});

test("between pixels lies the mean of the four around, and nothing beyond the edge", () => {
  assert.equal(valueBetween([1, 2, 3, 6], 2, 0.5, 0.5), 3);
  assert.equal(valueBetween([1, 2, 3, 6], 2, 0.5, 0), 1.5);
  for (const [x, y] of [[-0.1, 0], [0, 1], [1.5, 0], [NaN, 0]]) assert.equal(valueBetween([1, 2, 3, 6], 2, x, y), 0);
});

test("a blur keeps the ink, spreads it evenly, and has the variance asked for", () => {
  const dot = new Float64Array(15 * 15);
  dot[7 * 15 + 7] = 1;
  const out = blurImage(dot, 15, 1);
  assert.ok(Math.abs(out.reduce((sum, value) => sum + value) - 1) < 1e-12);
  assert.ok(Math.abs(out[7 * 15 + 8] - out[8 * 15 + 7]) < 1e-15 && out[7 * 15 + 7] > out[7 * 15 + 8]);
  const variance = out.reduce((sum, value, p) => sum + value * ((p % 15) - 7) ** 2, 0);
  assert.ok(Math.abs(variance - 1) < 0.05, `${variance}`);
});

test("equal displacements move an image as a whole, and bending undoes what pulling back did", () => {
  const moved = pullBack(ring(8, 8), grid, all(2, 1));
  assert.ok(distance(moved, ring(6, 7)) < 1e-9);
  // Eight half steps leave 2 pixels / 2⁸ of the way.
  assert.ok(distance(pushForward(moved, grid, all(2, 1)), ring(8, 8)) < 0.01);
});

test("small displacements there and back lose little of a soft image", () => {
  const image = blurImage(ring(7.5, 7.5), side, 1);
  const whole = distance(image, new Float64Array(side * side));
  fc.assert(fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
    const rng = seededRng(seed);
    const u = Float64Array.from({ length: 18 }, () => 0.5 * rng.normal());
    assert.ok(distance(pullBack(pushForward(image, grid, u), grid, u), image) < 0.02 * whole);
  }), { numRuns: 30 });
});

test("a template is found where it was moved to, and its own image is not moved", () => {
  const template = ring(8, 8);
  const lay = imageRegistrar(template, grid);
  assert.ok(lay(template).every((value) => Math.abs(value) < 1e-9));
  const image = ring(9.5, 7);
  const u = lay(image);
  const before = distance(template, image);
  assert.ok(distance(pushForward(template, grid, u), image) < 0.1 * before);
  assert.ok(distance(pullBack(image, grid, u), template) < 0.1 * before);
  // The mean move, where the ring is: 1.5 to the right and 1 up, less what stretching costs.
  assert.ok(Math.abs(u[4] - 1.5) < 0.4 && Math.abs(u[13] + 1) < 0.4, `${u[4]}, ${u[13]}`);
});

test("how an image is laid depends on no image laid before", () => {
  const template = ring(8, 8);
  const lay = imageRegistrar(template, grid);
  lay(ring(5, 10));
  assert.deepEqual(lay(ring(9, 8)), imageRegistrar(template, grid)(ring(9, 8)));
});
