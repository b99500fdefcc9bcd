import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { gdpDelta, gdpExponentialEpsilon } from "../../../lib";

test("a choice of bounded range is never easier to tell apart than the Gaussian that it is counted as", () => {
  const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  const settings = fc.tuple(number(-4, 0.7), number(0.001, 0.999), number(0, 1));
  fc.assert(fc.property(settings, ([logMu, place, at]) => {
    const mu = 10 ** logMu;
    const epsilon = gdpExponentialEpsilon({ mu });
    // Two coins whose privacy losses are t and t − ε: the worst that a mechanism of bounded range can do.
    const t = place * epsilon;
    const q = Math.expm1(t - epsilon) / (Math.exp(t) * Math.expm1(-epsilon));
    const p = Math.exp(t) * q;
    const asked = at * t;
    const delta = p - Math.exp(asked) * q;
    assert.ok(delta <= gdpDelta({ mu, epsilon: asked }) * (1 + 1e-6) + 1e-15, `${delta} at ${asked}`);
  }), { numRuns: 500 });
});

test("the bound is met where the odds are even, and small μ gives 2 √(2/π) μ", () => {
  const epsilon = gdpExponentialEpsilon({ mu: 1 });
  assert.ok(Math.abs(epsilon - 2 * Math.log(0.6914624612740131 / 0.3085375387259869)) < 1e-8); // Φ(½), Φ(−½)
  assert.ok(Math.abs(gdpExponentialEpsilon({ mu: 1.0001e-4 }) / 1.0001e-4 - 2 * Math.sqrt(2 / Math.PI)) < 1e-6);
  assert.ok(Math.abs(gdpExponentialEpsilon({ mu: 0.9999e-4 }) / 0.9999e-4 - 2 * Math.sqrt(2 / Math.PI)) < 1e-6);
  for (const mu of [0, -1, NaN, Infinity]) assert.throws(() => gdpExponentialEpsilon({ mu }), RangeError);
});
