import assert from "node:assert/strict";
import { test } from "node:test";
import { matrix, seededRng } from "../../../lib";
import { fitPoseLaw } from "../../../lib/privacy/synthetic/pose";
import { bars } from "./bars";

test("without noise the laws are what images have: means by class and the spread around them", () => {
  const thin = new Uint8Array(100);
  const thick = new Uint8Array(100);
  thin.fill(255, 0, 10);
  thick.fill(255, 0, 20);
  const X = matrix(Uint8Array.from([...thin, ...thick, ...thick, ...thick]), [4, 100]);
  const settings = { numClasses: 2, noiseMultiplier: 0, rng: seededRng(1) };
  const { ink, slant } = fitPoseLaw(X, Float64Array.of(-0.5, 0.5, 0.2, 0.2), Int32Array.of(0, 0, 1, 1), settings);
  assert.ok(Math.abs(ink.means[0] - 0.15) < 1e-12 && Math.abs(ink.means[1] - 0.2) < 1e-12);
  assert.ok(Math.abs(ink.deviation - 0.05 / Math.SQRT2) < 1e-12);
  assert.ok(Math.abs(slant.means[0]) < 1e-12 && Math.abs(slant.means[1] - 0.2) < 1e-12);
  assert.ok(Math.abs(slant.deviation - 0.5 / Math.SQRT2) < 1e-12);
});

test("another seed gives other laws; numbers that are none and wrong labels are refused", () => {
  const { X, y } = bars(20);
  const slants = new Float64Array(20);
  const fit = (seed: number) => fitPoseLaw(X, slants, y, { numClasses: 2, noiseMultiplier: 1, rng: seededRng(seed) });
  assert.deepEqual(fit(1), fit(1));
  assert.notDeepEqual(fit(1), fit(2));
  const settings = { numClasses: 2, noiseMultiplier: 1, rng: seededRng(1) };
  const one = Float64Array.of(0);
  assert.throws(() => fitPoseLaw(matrix(Float64Array.of(NaN), [1, 1]), one, Int32Array.of(0), settings), /finite/);
  assert.throws(() => fitPoseLaw(X, slants.fill(NaN), y, settings), /finite/);
  slants.fill(0);
  assert.throws(() => fitPoseLaw(X, one, y, settings), /same length/);
  assert.throws(() => fitPoseLaw(X, slants, y.map(() => 2), settings), RangeError);
  for (const bad of [NaN, -1, Infinity])
    assert.throws(() => fitPoseLaw(X, slants, y, { ...settings, noiseMultiplier: bad }), /noiseMultiplier/);
  assert.throws(() => fitPoseLaw(X, slants, y, { ...settings, numClasses: 1 }), RangeError);
});
