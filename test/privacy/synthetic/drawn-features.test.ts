import assert from "node:assert/strict";
import { test } from "node:test";
import { type Matrix, matrix, scribbles, seededRng, selectRows, warpedCopies } from "../../../lib";
import { drawnFeatures } from "../../../lib/privacy/synthetic/drawn-features";
import { loadTensorflow } from "../../../lib/tensorflow";
import { bars } from "./bars";

const spread = { rotation: 0.2, shear: 0.1, scale: 0.1, aspect: 0.1, elastic: 0.4, elasticGrid: 4 };
const drawn = warpedCopies(bars(6, { side: 16 }).X, { copies: 20, spread, rng: seededRng(1) });
const options = { size: 8, power: 0.5, rng: seededRng(2) };

test("rows have length 1, depend on no other row, and leave no tensor", () => {
  const { memory } = loadTensorflow();
  const features = drawnFeatures(drawn, options);
  const before = memory().numTensors;
  const all = features(drawn);
  drawnFeatures(drawn, options);
  assert.equal(memory().numTensors, before);
  assert.deepEqual(all.shape, [120, 8]);
  for (let i = 0; i < 120; i++) {
    const square = all.data.subarray(8 * i, 8 * i + 8).reduce((sum, value) => sum + value * value, 0);
    assert.ok(Math.abs(square - 1) < 1e-5);
  }
  const some = features(selectRows(drawn, [7, 50]));
  [7, 50].forEach((i, k) => some.data.subarray(8 * k, 8 * k + 8).forEach((value, j) =>
    assert.ok(Math.abs(value - all.data[8 * i + j]) < 1e-5)));
});

test("the first direction parts what differs most: upright from level bars", () => {
  const first = drawnFeatures(drawn, { ...options, power: 0 })(drawn);
  const signs = Array.from({ length: 120 }, (_, i) => Math.sign(first.data[8 * i]) * (i % 2 ? 1 : -1));
  assert.equal(Math.abs(signs.reduce((sum, sign) => sum + sign)), 120);
});

test("another seed turns no direction but its sign; options out of range are refused", () => {
  const size = 20;
  const [here, there] = [2, 3].map((seed) =>
    drawnFeatures(drawn, { ...options, size, power: 0, rng: seededRng(seed) })(drawn));
  for (let i = 0; i < 120; i++)
    assert.ok(Math.abs(Math.abs(here.data[size * i]) - Math.abs(there.data[size * i])) < 0.02);
  for (const bad of [NaN, 0, 121, 2.5])
    assert.throws(() => drawnFeatures(drawn, { ...options, size: bad }), /size must be/);
  for (const power of [NaN, -1, 2])
    assert.throws(() => drawnFeatures(drawn, { ...options, power }), /power must be/);
  assert.throws(() => drawnFeatures(matrix(new Uint8Array(18), [2, 9]), options), RangeError);
});

/** Rows of normal numbers, each column as wide as told. */
const normalRows = (n: number, widths: readonly number[]): Matrix<Float32Array> => {
  const rng = seededRng(5);
  return matrix(Float32Array.from({ length: n * widths.length }, (_, p) => widths[p % widths.length] * rng.normal()),
    [n, widths.length]);
};
const asTheyAre = (X: Matrix): Matrix<Float32Array> => matrix(Float32Array.from(X.data), X.shape);

test("a look of one's own: the widest column comes first, or, standardized, no column for its width", () => {
  const rows = normalRows(400, [1, 30, 5]);
  const features = drawnFeatures(rows, { size: 2, power: 0, look: asTheyAre, rng: seededRng(1) });
  const [first, second] = features(matrix(Float32Array.of(0, 1e4, 0), [1, 3])).data;
  assert.ok(Math.abs(first) > 0.99 && Math.abs(second) < 0.1);
  const scaled = matrix(rows.data.map((value, p) => value * [7, 0.1, 2][p % 3]), rows.shape);
  const [here, there] = [rows, scaled].map((X) =>
    drawnFeatures(X, { size: 3, power: 0.5, standardize: true, look: asTheyAre, rng: seededRng(1) })(X));
  here.data.forEach((value, p) => assert.ok(Math.abs(value - there.data[p]) < 1e-3));
  const [one, broken] = [matrix(new Float32Array(3), [1, 3]), matrix(new Float32Array(1200).fill(NaN), [400, 3])];
  for (const [look, message] of [[() => one, /rows that look gives/], [() => broken, /what look gives/]] as const)
    assert.throws(() => drawnFeatures(rows, { size: 1, power: 0, look, rng: seededRng(1) }), message);
  const still = matrix(new Float32Array(12).fill(4), [4, 3]);
  const nothing = drawnFeatures(still, { size: 1, power: 0.5, standardize: true, look: asTheyAre, rng: seededRng(1) });
  assert.deepEqual([...nothing(still).data], [0, 0, 0, 0]);
});

test("many directions, which TensorFlow finds, are at right angles and the widest columns come first", () => {
  const size = 610;
  const widths = Array.from({ length: 640 }, (_, j) => (j < 3 ? 40 / (j + 1) : 1));
  const features = drawnFeatures(normalRows(700, widths), { size, power: 0, look: asTheyAre, rng: seededRng(1) });
  const axes = matrix(Float32Array.from({ length: 3 * 640 }, (_, p) => (p % 641 === 0 ? 1e6 : 0)), [3, 640]);
  const { data } = features(axes);
  for (let j = 0; j < 3; j++) {
    assert.ok(Math.abs(data[j * size + j]) > 0.98, `${j}: ${data[j * size + j]}`);
    const square = data.subarray(j * size, (j + 1) * size).reduce((sum, value) => sum + value * value, 0);
    assert.ok(Math.abs(square - 1) < 1e-5);
  }
});

test("warped copies come copy by copy, a spread of nothing changes nothing, and bad options are refused", () => {
  const { X } = bars(3, { side: 16 });
  const still = { rotation: 0, shear: 0, scale: 0, aspect: 0, elastic: 0, elasticGrid: 2 };
  const same = warpedCopies(X, { copies: 2, spread: still, rng: seededRng(1) });
  assert.deepEqual([...same.data], [...X.data, ...X.data]);
  const copies = (seed: number) => warpedCopies(X, { copies: 2, spread, rng: seededRng(seed) });
  assert.deepEqual(copies(1), copies(1));
  assert.notDeepEqual(copies(1), copies(2));
  assert.notDeepEqual(copies(1).data.slice(0, 768), copies(1).data.slice(768));
  for (const bad of [NaN, 0, 1.5])
    assert.throws(() => warpedCopies(X, { copies: bad, spread, rng: seededRng(1) }), /copies/);
  assert.throws(() => warpedCopies(X, { copies: 1, spread: { ...spread, shear: -1 }, rng: seededRng(1) }), /shear/);
  const oblong = matrix(new Uint8Array(6), [1, 6]);
  assert.throws(() => warpedCopies(oblong, { copies: 1, spread, rng: seededRng(1) }), /side/);
});

test("a feature that is the same in all drawn images counts for nothing, in spite of rounding", () => {
  const look = (X: Matrix) => matrix(Float32Array.from(X.data, (value) => value / 255), X.shape);
  const images = scribbles(60, { side: 8, rng: seededRng(1) });
  const still = matrix(Uint8Array.from(images.data, (value, p) => (p % 64 === 0 ? 77 : value)), [60, 64]);
  const query = scribbles(3, { side: 8, rng: seededRng(2) });
  const lit = matrix(Uint8Array.from(query.data, (value, p) => (p % 64 === 0 ? 200 : value)), [3, 64]);
  const dark = matrix(Uint8Array.from(query.data, (value, p) => (p % 64 === 0 ? 0 : value)), [3, 64]);
  for (const standardize of [true, false]) {
    const features = drawnFeatures(still, { size: 4, power: 0.5, standardize, look, rng: seededRng(3) });
    assert.deepEqual(features(lit), features(dark));
  }
  const alike = matrix(new Uint8Array(10 * 64).fill(77), [10, 64]);
  const none = drawnFeatures(alike, { size: 3, power: 0.5, look, rng: seededRng(3) })(query);
  assert.ok(none.data.every((value) => value === 0));
});

test("pictures of another size are refused by name, and no tensor is left", () => {
  const look = (X: Matrix) => matrix(Float32Array.from(X.data), X.shape);
  const few = scribbles(20, { side: 8, rng: seededRng(1) });
  const features = drawnFeatures(few, { size: 3, power: 0, look, rng: seededRng(2) });
  const { memory } = loadTensorflow();
  const before = memory().numTensors;
  assert.throws(() => features(scribbles(2, { side: 12, rng: seededRng(1) })),
    { name: "RangeError", message: /features of drawn images and others must have the same length, got 64 and 144/ });
  assert.throws(() => features(matrix(new Float32Array(64).fill(NaN), [1, 64])), { name: "RangeError" });
  assert.equal(memory().numTensors, before);
});
