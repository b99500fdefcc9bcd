import assert from "node:assert/strict";
import { test } from "node:test";
import { matrix, seededRng, selectRows, warpedCopies } from "../../../lib";
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
