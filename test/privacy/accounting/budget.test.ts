import assert from "node:assert/strict";
import { test } from "node:test";
import { BudgetExceededError, gaussianNoiseMultiplier, gdpEpsilon, privacyBudget } from "../../../lib";

const relation = { neighbors: "add-remove" } as const;
const release = { kind: "gaussian", noiseMultiplier: 8 } as const;

test("a budget adds up releases by their tight composition", () => {
  const budget = privacyBudget({ epsilon: 1, delta: 1e-5, ...relation });
  assert.equal(budget.spent(), 0);
  budget.spend(release, relation);
  budget.spend(release, relation);
  const exact = gdpEpsilon({ mu: Math.SQRT2 / 8, delta: 1e-5 });
  assert.ok(budget.spent() >= exact && budget.spent() < exact + 1e-4);
});

test("a spent budget refuses the next release, says why and stays as it was", () => {
  const budget = privacyBudget({ epsilon: 0.7, delta: 1e-5, ...relation });
  budget.spend(release, relation);
  budget.spend(release, relation);
  const before = budget.spent();
  assert.throws(() => budget.spend(release, relation), (error: unknown) => {
    assert.ok(error instanceof BudgetExceededError);
    assert.match(
      error.message,
      /would bring epsilon to 0\.7\d+ at delta 0\.00001, the budget is 0\.7; spent so far: 0\.6/,
    );
    return true;
  });
  assert.equal(budget.spent(), before);
});

test("a release without any δ to spare is refused", () => {
  const budget = privacyBudget({ epsilon: 100, delta: 1e-6, ...relation });
  assert.throws(() => budget.spend({ kind: "guarantee", epsilon: 0.1, delta: 1e-5 }, relation), BudgetExceededError);
});

test("a budget refuses releases made for other neighbours", () => {
  const budget = privacyBudget({ epsilon: 5, delta: 1e-5, neighbors: "replace-one" });
  assert.throws(
    () => budget.spend(release, relation),
    /neighbors must be replace-one as the budget's, got add-remove/,
  );
  const sampled = { kind: "subsampled-gaussian", noiseMultiplier: 1, samplingRate: 0.1 } as const;
  assert.throws(() => budget.spend(sampled, { neighbors: "replace-one" }), /add-remove neighbours only/);
});

test("a budget needs an ε above 0 and a δ between 0 and 1", () => {
  assert.throws(() => privacyBudget({ epsilon: 0, delta: 1e-5, ...relation }), /epsilon must be .* above 0, got 0/);
  assert.throws(() => privacyBudget({ epsilon: 1, delta: 1, ...relation }), /delta must be above 0 and below 1, got 1/);
});

test("a budget can be spent in full: pure guarantees add up as decimals", () => {
  for (const [parts, each] of [[1, 1], [2, 0.5], [10, 0.1], [93, 1 / 93], [7, 1 / 7], [1000, 0.001]]) {
    const budget = privacyBudget({ epsilon: 1, delta: 1e-305, ...relation });
    for (let i = 0; i < parts; i++) budget.spend({ kind: "guarantee", epsilon: each, delta: 0 }, relation);
    assert.ok(budget.spent() > 1 - 1e-6 && budget.spent() <= 1);
    assert.throws(() => budget.spend({ kind: "guarantee", epsilon: 1e-4, delta: 0 }, relation), BudgetExceededError);
  }
  // 0.1 + 0.1 + 0.1 is 0.30000000000000004 in doubles.
  const thirds = privacyBudget({ epsilon: 0.3, delta: 1e-12, ...relation });
  for (let i = 0; i < 3; i++) thirds.spend({ kind: "guarantee", epsilon: 0.1, delta: 0 }, relation);
  const whole = privacyBudget({ epsilon: 1, delta: 1e-5, ...relation });
  whole.spend({ kind: "guarantee", epsilon: 1, delta: 1e-5 }, relation);
});

test("noise calibrated to a budget spends it in full", () => {
  for (const epsilon of [0.01, 1, 8, 2000])
    for (const count of [1, 3, 1000]) {
      const budget = privacyBudget({ epsilon, delta: 1e-5, ...relation });
      const noiseMultiplier = gaussianNoiseMultiplier({ epsilon, delta: 1e-5, count });
      budget.spend({ kind: "gaussian", noiseMultiplier, count }, relation);
      assert.ok(budget.spent() <= epsilon && budget.spent() > epsilon * (1 - 1e-9), `${budget.spent()}`);
    }
});

test("what can't be accounted for as a number is refused, and leaves the budget as it was", () => {
  const budget = privacyBudget({ epsilon: 10, delta: 1e-5, ...relation });
  const guarantee = { kind: "guarantee", epsilon: 8, delta: 0 } as const;
  assert.throws(() => budget.spend({ ...guarantee, count: 50 }, relation), /would bring epsilon to 400/);
  assert.throws(() => budget.spend({ ...guarantee, epsilon: 100 }, relation), /would bring epsilon to 100/);
  assert.throws(() => budget.spend({ kind: "gaussian", noiseMultiplier: 1e-5 }, relation), BudgetExceededError);
  assert.throws(() => budget.spend({ kind: "gaussian", noiseMultiplier: 1e-300 }, relation), BudgetExceededError);
  assert.throws(() => budget.spend({ kind: "none" } as unknown as typeof guarantee, relation), /kind must be one of/);
  for (const bad of [NaN, Infinity, -1])
    for (const field of ["epsilon", "delta", "count"])
      assert.throws(() => budget.spend({ ...guarantee, [field]: bad }, relation), RangeError);
  assert.equal(budget.spent(), 0);
  budget.spend(guarantee, relation);
  assert.equal(budget.spent(), 8);
});
