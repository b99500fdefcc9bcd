import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  BudgetExceededError, composedEpsilon, gaussianNoiseMultiplier, gaussianRho, planReleases, privacyBudget,
} from "../../../lib";

const guarantee = { epsilon: 1, delta: 1e-5 };
const relation = { neighbors: "add-remove" } as const;

test("a quarter of what is spent has twice the noise of the whole, and four releases sharing it twice that", () => {
  const whole = gaussianNoiseMultiplier(guarantee);
  const [quarter, four, rest] = planReleases([
    { name: "a", share: 0.25, count: 1 }, { name: "b", share: 0.25, count: 4 }, { name: "c", share: 0.5, count: 1 },
  ], guarantee);
  assert.ok(Math.abs(quarter.noiseMultiplier / (2 * whole) - 1) < 1e-5);
  assert.ok(Math.abs(four.noiseMultiplier / (4 * whole) - 1) < 1e-5);
  assert.ok(Math.abs(rest.noiseMultiplier / (Math.SQRT2 * whole) - 1) < 1e-5);
});

test("the parts compose to the whole: never above it, below it by a millionth, and nothing more can be spent", () => {
  const part = fc.record({ weight: fc.integer({ min: 1, max: 1000 }), count: fc.integer({ min: 1, max: 200 }) });
  const shape = fc.tuple(fc.array(part, { minLength: 1, maxLength: 6 }), fc.double({ min: -2, max: 1.5, noNaN: true }),
    fc.integer({ min: 3, max: 9 }));
  fc.assert(fc.property(shape, ([parts, logEpsilon, digits]) => {
    const [epsilon, delta] = [10 ** logEpsilon, 10 ** -digits];
    const sum = parts.reduce((total, { weight }) => total + weight, 0);
    const planned = planReleases(parts.map(({ weight, count }, i) =>
      ({ name: `part ${i}`, share: weight / sum, count })), { epsilon, delta });
    const events = planned.map(({ noiseMultiplier, count }) => ({ kind: "gaussian", noiseMultiplier, count }) as const);
    const total = composedEpsilon(events, { delta });
    assert.ok(total <= epsilon && total >= epsilon * (1 - 2e-6), `${total} of ${epsilon}`);
    const budget = privacyBudget({ epsilon, delta, ...relation });
    for (const event of events) budget.spend(event, relation);
    assert.ok(Math.abs(budget.spent() / total - 1) < 1e-9);
    const [again] = events;
    assert.throws(() => budget.spend(again, relation), BudgetExceededError);
  }), { numRuns: 40 });
});

test("shares that miss 1, are no numbers or nothing, and counts that are not whole are refused", () => {
  const plan = (share: number, count: number) => () => planReleases([{ name: "a", share, count }], guarantee);
  assert.throws(() => planReleases([], guarantee), /shares must sum to 1, got 0/);
  assert.throws(plan(0.9, 1), /shares must sum to 1, got 0.9/);
  for (const share of [NaN, 0, -1, Infinity]) assert.throws(plan(share, 1), /share of a must be/);
  for (const count of [NaN, 0, 1.5, Infinity]) assert.throws(plan(1, count), /count of a must be/);
  for (const epsilon of [NaN, 0, Infinity])
    assert.throws(() => planReleases([{ name: "a", share: 1, count: 1 }], { epsilon, delta: 1e-5 }), RangeError);
});

test("a plan with discrete noise adds up in ρ and asks for some per cent more", () => {
  const shares = [{ name: "a", share: 0.25, count: 1 }, { name: "b", share: 0.75, count: 10 }];
  for (const epsilon of [0.1, 1, 10]) {
    const guarantee = { epsilon, delta: 1e-5 };
    const exact = planReleases(shares, { ...guarantee, noise: "discrete" });
    planReleases(shares, guarantee).forEach(({ noiseMultiplier }, i) => {
      const more = exact[i].noiseMultiplier / noiseMultiplier;
      assert.ok(more > 1 && more < 1.2, `${more}`);
    });
    const events = exact.map(({ noiseMultiplier, count }) =>
      ({ kind: "zcdp", rho: gaussianRho({ sigma: noiseMultiplier, sensitivity: 1 }), count }) as const);
    const total = composedEpsilon(events, guarantee);
    assert.ok(total <= epsilon && total > 0.9999 * epsilon);
  }
  assert.throws(() => planReleases(shares, { epsilon: 1, delta: 1e-5, noise: "none" as never }),
    /noise must be one of/);
});
