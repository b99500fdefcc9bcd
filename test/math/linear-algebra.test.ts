import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { leastSquares, shortestDirection, triangle } from "../../lib/math/linear-algebra";
import { seededRng } from "../../lib";

const random = (m: number, n: number, seed: number): Float64Array[] => {
  const rng = seededRng(seed);
  return Array.from({ length: m }, () => Float64Array.from({ length: n }, () => rng.normal()));
};
const times = (rows: readonly Float64Array[], x: Float64Array): Float64Array =>
  Float64Array.from(rows, (row) => row.reduce((sum, value, j) => sum + value * x[j], 0));

test("leastSquares fits a line through three points by hand", () => {
  const rows = [0, 1, 2].map((at) => Float64Array.of(1, at));
  const x = leastSquares(rows, Float64Array.of(0, 1, 5), 2);
  assert.ok(Math.abs(x[0] + 0.5) < 1e-14 && Math.abs(x[1] - 2.5) < 1e-14);
});

test("leastSquares finds what the equations were made of, and leaves an open unknown at 0", () =>
  fc.assert(fc.property(fc.integer({ min: 1, max: 6 }), fc.nat(1e6), (n, seed) => {
    const rows = random(n + 3, n, seed);
    const [truth] = random(1, n, seed + 1);
    const x = leastSquares(rows, times(rows, truth), n);
    assert.ok(x.every((value, j) => Math.abs(value - truth[j]) < 1e-9));
    for (const row of rows) row[0] = 0;
    assert.equal(Math.abs(leastSquares(rows, times(rows, truth), n)[0]), 0);
    assert.ok(leastSquares(rows.slice(0, 1), Float64Array.of(1), n).every(Number.isFinite));
  }), { numRuns: 50, seed: 1 }));

test("triangle keeps lengths, and shortestDirection finds the one that equations leave out", () =>
  fc.assert(fc.property(fc.integer({ min: 2, max: 6 }), fc.nat(1e6), (n, seed) => {
    const [v] = random(1, n, seed + 1);
    const size = Math.hypot(...v);
    const rows = random(2 * n, n, seed).map((row) => {
      const along = times([row], v)[0] / size ** 2;
      return row.map((value, j) => value - along * v[j]);
    });
    const { R } = triangle(rows, n);
    const lengths = [R, Float64Array.from(rows.flatMap((row) => [...row]))].map((values) => Math.hypot(...values));
    assert.ok(Math.abs(lengths[0] - lengths[1]) < 1e-12 * lengths[1]);
    const found = shortestDirection(rows, n);
    const cosine = found.reduce((sum, value, j) => sum + (value * v[j]) / size, 0);
    assert.ok(Math.abs(Math.abs(cosine) - 1) < 1e-10);
  }), { numRuns: 50, seed: 1 }));
