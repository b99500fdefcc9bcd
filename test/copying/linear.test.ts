import assert from "node:assert/strict";
import test from "node:test";
import {
  blackBox, copy, dynamicalRange, equationSolvingStrategy, fidelityError, lineSearchStrategy, loadTable,
  logisticRegression, normalSampler, seededRng, stratifiedSplit, subset,
} from "../../lib";
import { box01, ruledBox } from "./helpers";

async function original(name: "iris" | "wine" | "wdbc") {
  const data = await loadTable(name);
  const { train, test: held } = stratifiedSplit(data.y, { testFraction: 0.5, rng: seededRng(42) });
  const half = subset(data, train);
  const ranges = dynamicalRange(half.X);
  const options = { ranges, sampler: normalSampler(ranges) };
  return { model: logisticRegression({ C: 0.1 }).fit(half.X, half.y), X: subset(data, held).X, options };
}

for (const [name, budget] of [["iris", 20], ["wine", 60]] as const)
  test(`equation solving rebuilds ${name}'s logistic regression from ${budget} rows of probabilities`, async () => {
    const { model, X, options } = await original(name);
    const box = blackBox(model, { probabilities: true, budget });
    const stolen = await copy(box, { strategy: equationSolvingStrategy(options), budget, rng: seededRng(1) });
    assert.equal(box.used, budget);
    assert.equal(fidelityError(model.predict(X), stolen.classifier.predict(X)), 0);
    const [p, q] = [model.predictProba!(X).data, stolen.classifier.predictProba!(X).data];
    assert.ok(p.every((value, i) => Math.abs(value - q[i]) < 1e-4));
  });

for (const [name, budget] of [["iris", 600], ["wine", 2000]] as const)
  test(`line search rebuilds ${name}'s logistic regression from ${budget} labels`, async () => {
    const { model, X, options } = await original(name);
    const box = blackBox(model, { budget });
    const stolen = await copy(box, { strategy: lineSearchStrategy(options), budget, rng: seededRng(1) });
    assert.ok(box.used <= budget);
    assert.ok(fidelityError(model.predict(X), stolen.classifier.predict(X)) < 0.02);
  });

test("line search finds a line of two classes to the last digits", async () => {
  const ranges = box01(2);
  const strategy = lineSearchStrategy({ ranges, sampler: normalSampler(ranges), halvings: 40 });
  const rule = ([a, b]: number[]): number => (3 * a - b > 0.8 ? 1 : 0);
  const { classifier } = await strategy.collect(ruledBox(rule, 2), { budget: 300, rng: seededRng(2) });
  const { coefficients, intercepts } = classifier!.serialize() as unknown as Record<string, number[]>;
  assert.ok(Math.abs(coefficients[1] / coefficients[0] + 1 / 3) < 1e-6);
  assert.ok(Math.abs(intercepts[0] / coefficients[0] + 0.8 / 3) < 1e-6);
});

test("linear strategies repeat under one seed, and name what they lack", async () => {
  const { model, options } = await original("iris");
  const run = (seed: number) =>
    lineSearchStrategy(options).collect(blackBox(model), { budget: 400, rng: seededRng(seed) });
  assert.deepEqual((await run(1)).queries, (await run(1)).queries);
  assert.notDeepEqual((await run(1)).queries, (await run(2)).queries);
  const solve = equationSolvingStrategy(options);
  await assert.rejects(solve.collect(blackBox(model), { budget: 9, rng: seededRng(1) }), /must give probabilities/);
  const open = blackBox(model, { probabilities: true });
  await assert.rejects(solve.collect(open, { budget: 4, rng: seededRng(1) }), /budget .* at least 5, got 4/);
});
