import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  fromRows, gdpEpsilon, matrix, pipeline, privateStandardScaler, seededRng, standardScaler, type PrivateScalerOptions,
} from "../../../lib";

const options = (seed: number, rest: Partial<PrivateScalerOptions> = {}): PrivateScalerOptions =>
  ({ lower: 0, upper: 10, epsilon: 1, delta: 1e-5, neighbors: "add-remove", rng: seededRng(seed), ...rest });

/** 20,000 rows: a feature in the middle of its bounds, and one with a tenth of its values beyond them. */
const rng = seededRng(3);
const X = matrix(Float64Array.from({ length: 40000 }, (_, p) => (p % 2 ? 4 + rng.normal() : 12 * rng.uniform())),
  [20000, 2]);

test("with many rows the private scaler is near the exact one on clipped features", () => {
  const clipped = matrix(X.data.map((x) => Math.min(10, Math.max(0, x))), X.shape);
  const exact = standardScaler().fit(clipped).serialize();
  const { center, scale } = privateStandardScaler(X, options(1));
  for (let j = 0; j < 2; j++) {
    assert.ok(Math.abs(center[j] - exact.center[j]) < 0.02, `mean ${center[j]} is not ${exact.center[j]}`);
    assert.ok(Math.abs(scale[j] / exact.scale[j] - 1) < 0.02, `deviation ${scale[j]} is not ${exact.scale[j]}`);
  }
});

test("it transforms, is saved and stands in for standardScaler's result", () => {
  const scaler = privateStandardScaler(X, options(1));
  const transformed = scaler.transform(fromRows([[scaler.center[0] + scaler.scale[0], scaler.center[1]]]));
  assert.ok(Math.abs(transformed.data[0] - 1) < 1e-12 && Math.abs(transformed.data[1]) < 1e-12);
  assert.deepEqual(scaler.serialize().center, [...scaler.center]);
  const step = { family: "privateScaler", fit: () => scaler };
  assert.equal(pipeline(step, { family: "none", fit: (rows) => {
    assert.ok(Math.abs(rows.data[0] - (X.data[0] - scaler.center[0]) / scaler.scale[0]) < 1e-12);
    return { family: "none", classes: Int32Array.of(0), numFeatures: 2, predict: () => new Int32Array(1),
      serialize: () => ({ family: "none" }) };
  } }).fit(X, new Int32Array(20000)).numFeatures, 2);
});

test("the noise multiplier it names costs the ε it names", () => {
  const { epsilon, delta, noiseMultiplier } = privateStandardScaler(X, options(1));
  assert.ok(Math.abs(gdpEpsilon({ mu: 1 / noiseMultiplier, delta }) - epsilon) < 1e-9);
});

test("a record moves the released sums by at most the sensitivity, under both relations", () => {
  // The vector is (u, u² − ½) a feature; the squared lengths that the docstring promises are 5/4 and 4 at most.
  fc.assert(fc.property(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }),
    (u, v) => {
      assert.ok(u * u + (u * u - 0.5) ** 2 <= 1.25 + 1e-12);
      assert.ok((u - v) ** 2 + (u * u - v * v) ** 2 <= 4 + 1e-12);
    }));
});

test("noise grows with the width of the bounds' sums: replace-one pays more than add-remove", () => {
  const error = (neighbors: "add-remove" | "replace-one"): number => {
    let sum = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { center } = privateStandardScaler(fromRows([[5], [5]]), options(seed, { neighbors, epsilon: 100 }));
      sum += (center[0] - 5) ** 2 / 200;
    }
    return Math.sqrt(sum);
  };
  const ratio = error("replace-one") / error("add-remove");
  assert.ok(Math.abs(ratio - 2 / Math.sqrt(1.25)) < 1e-6, `${ratio}`);
});

test("the same seed repeats, another differs, and a constant feature keeps a deviation above 0", () => {
  assert.deepEqual(privateStandardScaler(X, options(1)).center, privateStandardScaler(X, options(1)).center);
  assert.notDeepEqual(privateStandardScaler(X, options(1)).center, privateStandardScaler(X, options(2)).center);
  for (let seed = 0; seed < 20; seed++)
    assert.ok(privateStandardScaler(fromRows([[5], [5], [5]]), options(seed)).scale[0] > 0);
});

test("bounds that are not in order, not finite or of another width are refused", () => {
  assert.throws(() => privateStandardScaler(X, options(1, { lower: 10 })), /lower must be below upper, got 10 and 10/);
  assert.throws(() => privateStandardScaler(fromRows([[0], [1]]), options(1, { lower: 0, upper: 5e-324 })),
    /half of upper less lower at position 0 must be a finite number above 0/);
  assert.throws(() => privateStandardScaler(X, options(1, { upper: NaN })), /upper must be finite, got NaN/);
  assert.throws(() => privateStandardScaler(X, options(1, { lower: [0] })), /lower and the width of X must have/);
  assert.throws(() => privateStandardScaler(fromRows([[NaN]]), options(1)), /X must be finite, got NaN at position 0/);
  assert.throws(() => privateStandardScaler(X, options(1, { epsilon: NaN })), /epsilon must be .* above 0, got NaN/);
});
