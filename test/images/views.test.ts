import assert from "node:assert/strict";
import { test } from "node:test";
import { imageViews, matrix, seededRng } from "../../lib";
import { bars } from "./bars";

const near = (got: number, wanted: number, tolerance: number, what: string) =>
  assert.ok(Math.abs(got - wanted) <= tolerance, `${what}: ${got}, expected ${wanted}`);

test("imageViews without changes is the image's middle", () => {
  const { X } = bars(3, 1);
  const views = imageViews(X, [2, 0], { side: 10, views: null, rng: seededRng(1) });
  assert.deepEqual(views.shape, [2, 100]);
  for (let r = 0; r < 10; r++)
    for (let c = 0; c < 10; c++) assert.equal(views.data[r * 10 + c], X.data[2 * 144 + (r + 1) * 12 + c + 1]);
});

test("imageViews turns by the angle asked for: a quarter turn of a lying bar stands", () => {
  const lying = matrix(Float32Array.from({ length: 25 }, (_, p) => (Math.floor(p / 5) === 2 ? 1 : 0)), [1, 25]);
  const still = { zoom: 0, shear: 0, shift: 0, brightness: 0 };
  // The first uniform number of a generator that always gives .5 + .25 is a turn of half the width asked for.
  const rng = { ...seededRng(1), uniform: () => 0.75 };
  const { data } = imageViews(lying, [0], { side: 5, views: { ...still, rotation: 180 }, rng });
  for (let p = 0; p < 25; p++) near(data[p], p % 5 === 2 ? 1 : 0, 1e-6, `pixel ${p}`);
});

test("imageViews stays within the image's brightness, repeats by seed, and adds the noise asked for", () => {
  const { X } = bars(6, 1);
  const positions = Array.from({ length: 600 }, (_, i) => i % 6);
  const draw = (seed: number, noise = 0) =>
    imageViews(X, positions, { side: 12, views: { brightness: 0, noise }, rng: seededRng(seed) });
  const views = draw(7);
  assert.deepEqual(views, draw(7));
  assert.notDeepEqual(views, draw(8));
  assert.ok(views.data.every((pixel) => pixel >= 0 && pixel <= 255));
  const still = { rotation: 0, zoom: 0, shear: 0, shift: 0, brightness: 0 };
  const dark = matrix(new Float32Array(144), [1, 144]);
  const { data } = imageViews(dark, new Int32Array(100),
    { side: 12, views: { ...still, noise: 3 }, rng: seededRng(1) });
  near(Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length), 3, 0.06, "standard deviation");
});

test("imageViews names a side that doesn't fit and a negative width", () => {
  const { X } = bars(1, 1);
  assert.throws(() => imageViews(X, [0], { side: 13, views: null, rng: seededRng(1) }),
    { name: "RangeError", message: /side must be an integer in \[1, 12\], got 13/ });
  assert.throws(() => imageViews(X, [0], { side: 12, views: { shift: -1 }, rng: seededRng(1) }),
    { name: "RangeError", message: /shift .*got -1/ });
  assert.throws(() => imageViews(X, [1], { side: 12, views: null, rng: seededRng(1) }), { name: "RangeError" });
});
