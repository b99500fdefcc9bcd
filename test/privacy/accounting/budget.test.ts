import assert from "node:assert/strict";
import { test } from "node:test";
import { BudgetExceededError, gdpEpsilon, privacyBudget } from "../../../lib";

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
