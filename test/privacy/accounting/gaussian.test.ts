import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { analyticGaussianSigma, classicalGaussianSigma, gaussianDelta, gaussianEpsilon } from "../../../lib";
import { analyticSigmas, classicalTruth, moreSigmas } from "../reference";

const delta0 = 784 ** -2;
const close = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(Math.abs(actual / expected - 1) <= tolerance, `${actual} is not ${expected}`);

test("the analytic σ equals 60-digit arithmetic from ε 0.01 to 1e6 and δ 1e-12 to 0.1", () => {
  for (const [epsilon, delta, sensitivity, sigma] of [...analyticSigmas, ...moreSigmas])
    close(analyticGaussianSigma({ epsilon, delta, sensitivity }), sigma, 1e-12);
});

test("the true ε of σ and the true δ of σ invert the analytic σ", () => {
  for (const [epsilon, delta, sensitivity, sigma] of analyticSigmas) {
    close(gaussianEpsilon({ sigma, sensitivity, delta }), epsilon, 1e-12);
    close(gaussianDelta({ sigma, sensitivity, epsilon }), delta, 1e-9);
  }
});

test("the classical formula's σ and its true ε equal 60-digit arithmetic at three sensitivities", () => {
  for (const [claimed, expected, ...truths] of classicalTruth) {
    const sigma = classicalGaussianSigma({ epsilon: claimed, delta: delta0, sensitivity: 1 });
    close(sigma, expected, 1e-12);
    [1, Math.SQRT2, 2].forEach((sensitivity, i) =>
      close(gaussianEpsilon({ sigma, sensitivity, delta: delta0 }), truths[i]));
  }
});

test("at ε 0 the δ of unit-μ noise is the total variation distance 2Φ(1/2) − 1", () => {
  close(gaussianDelta({ sigma: 1, sensitivity: 1, epsilon: 0 }), 0.38292492254802624, 1e-14);
});

test("ε is 0 where δ alone covers the mechanism", () => {
  assert.equal(gaussianEpsilon({ sigma: 1, sensitivity: 1, delta: 0.4 }), 0);
});

test("the analytic σ falls as ε or δ grows, and scales with the sensitivity", () => {
  fc.assert(
    fc.property(fc.double({ min: -2, max: 6 }), fc.double({ min: -12, max: -1.1 }), (logEpsilon, logDelta) => {
      const at = { epsilon: 10 ** logEpsilon, delta: 10 ** logDelta, sensitivity: 1 };
      const sigma = analyticGaussianSigma(at);
      assert.ok(analyticGaussianSigma({ ...at, epsilon: at.epsilon * 1.01 }) < sigma);
      assert.ok(analyticGaussianSigma({ ...at, delta: at.delta * 1.01 }) < sigma);
      close(analyticGaussianSigma({ ...at, sensitivity: 3 }), 3 * sigma, 1e-14);
    }),
    { seed: 1 },
  );
});

test("settings out of range are refused by name", () => {
  const good = { epsilon: 1, delta: 1e-5, sensitivity: 1 };
  assert.throws(() => analyticGaussianSigma({ ...good, epsilon: 0 }), {
    name: "RangeError",
    message: /analyticGaussianSigma: epsilon must be a finite number above 0, got 0/,
  });
  assert.throws(() => classicalGaussianSigma({ ...good, epsilon: -1 }), /epsilon must be .* above 0, got -1/);
  assert.throws(() => analyticGaussianSigma({ ...good, delta: 1 }), /delta must be above 0 and below 1, got 1/);
  assert.throws(() => analyticGaussianSigma({ ...good, delta: 0 }), /delta must be above 0 and below 1, got 0/);
  assert.throws(() => analyticGaussianSigma({ ...good, sensitivity: NaN }), /sensitivity must be .*, got NaN/);
  assert.throws(() => gaussianEpsilon({ sigma: 0, sensitivity: 1, delta: 1e-5 }), /sigma must be .* above 0, got 0/);
  assert.throws(() => gaussianDelta({ sigma: 1, sensitivity: 1, epsilon: Infinity }), /epsilon must be in/);
});
