import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  blackBox, copy, decisionTree, demographicParityDifference, fidelityError, fromRows, loadGermanCredit, matrix,
  refreshCopy, reweighedPositions, rowOf, seededRng, selectLabels, tableSampler, uniformSampler, dynamicalRange,
} from "../../lib";

const y = Int32Array.from({ length: 1000 }, (_, i) => Number(i % 10 < (i < 500 ? 3 : 7)));
const groups = Int32Array.from({ length: 1000 }, (_, i) => Number(i >= 500));
const gapAt = (strength: number, seed = 1): number => {
  const rows = reweighedPositions(y, groups, { strength, n: 40_000, rng: seededRng(seed) });
  return demographicParityDifference(selectLabels(y, rows), selectLabels(groups, rows));
};

test("reweighing makes label and group independent at strength 1, keeps them at 0, turns them round at 2", () => {
  assert.ok(Math.abs(gapAt(0) - 0.4) < 0.02, "as they are");
  assert.ok(gapAt(1) < 0.02, "independent");
  const rows = reweighedPositions(y, groups, { strength: 2, n: 40_000, rng: seededRng(1) });
  const rate = (g: number): number => {
    const own = rows.filter((i) => groups[i] === g);
    return own.reduce((sum, i) => sum + y[i], 0) / own.length;
  };
  assert.ok(rate(0) > rate(1) + 0.3, "the other way");
});

test("reweighing repeats under one seed and differs under another", () => {
  const draw = (seed: number) => reweighedPositions(y, groups, { rng: seededRng(seed) });
  assert.deepEqual(draw(4), draw(4));
  assert.notDeepEqual(draw(4), draw(5));
});

test("whatever the labels and groups, also one of each, positions are of rows", () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: 1, maxLength: 30 }), (rows) => {
    const drawn = reweighedPositions(Int32Array.from(rows, ([a]) => a), Int32Array.from(rows, ([, b]) => b),
      { n: 50, rng: seededRng(2) });
    assert.ok(drawn.length === 50 && drawn.every((i) => i >= 0 && i < rows.length));
  }));
});

test("reweighing refuses what it can't weigh", () => {
  assert.throws(() => reweighedPositions(y, groups.slice(1), { rng: seededRng(1) }), /y and groups must have the same/);
  const rng = seededRng(1);
  assert.throws(() => reweighedPositions(y, groups, { strength: -1, rng }), /strength must be in \[0, 100\], got -1/);
  assert.throws(() => reweighedPositions(y, groups, { n: 0.5, rng }), /n must be an integer/);
});

test("a table's points have one category a column and only values that occur; mix 0 gives real rows", async () => {
  const { X, columns, featureNames } = await loadGermanCredit();
  const real = new Set(Array.from({ length: 1000 }, (_, i) => rowOf(X, i).join()));
  const points = tableSampler(X, { columns }).sample(200, seededRng(1));
  const seen = featureNames.map((_, j) => new Set(Array.from({ length: 1000 }, (_, i) => rowOf(X, i)[j])));
  let known = 0;
  for (let i = 0; i < 200; i++) {
    const row = rowOf(points, i);
    row.forEach((value, j) => assert.ok(seen[j].has(value)));
    const housing = featureNames.flatMap((name, j) => (name.startsWith("housing=") ? [row[j]] : []));
    assert.equal(housing.reduce((a, b) => a + b, 0), 1);
    known += Number(real.has(row.join()));
  }
  assert.equal(known, 0, "no real person");
  const same = tableSampler(X, { columns, mix: 0 }).sample(50, seededRng(1));
  for (let i = 0; i < 50; i++) assert.ok(real.has(rowOf(same, i).join()));
});

test("the table sampler refuses columns of another table and a mix above 1", () => {
  const columns = [{ name: "a", kind: "numeric" as const, missing: 0 }];
  const X = fromRows([[1, 2]]);
  assert.throws(() => tableSampler(X, { columns }), /columns must have the 2 features of X, got 1/);
  const narrow = fromRows([[1]]);
  assert.throws(() => tableSampler(narrow, { columns, mix: 1.5 }), /mix must be in \[0, 1\], got 1.5/);
  const none = matrix(new Float64Array(0), [0, 1]);
  assert.throws(() => tableSampler(none, { columns }), /rows of X must be an integer of at least 1, got 0/);
});

const ranges = dynamicalRange(fromRows([[0, 0], [1, 1]]));
const sampler = uniformSampler(ranges);
const line = (turned: boolean) => blackBox(({ data, shape: [n] }) => Int32Array.from({ length: n }, (_, i) =>
  Number(data[2 * i] > 0.5) + Number(turned && data[2 * i + 1] > 0.8)));

test("a copy of an original that stays learns from the probe; that of one that changed is made anew", async () => {
  const estimator = decisionTree();
  const old = await copy(line(false), { sampler, estimator, budget: 500, rng: seededRng(1) });
  const options = { sampler, estimator, budget: 500, probe: 100, expectedError: 0.05, rng: seededRng(2) };
  const kept = await refreshCopy(line(false), old, options);
  assert.deepEqual([kept.drifted, kept.spent, kept.queries.y.length], [false, 100, 600]);
  const changed = line(true);
  const renewed = await refreshCopy(changed, old, options);
  assert.deepEqual([renewed.drifted, renewed.spent, renewed.queries.y.length], [true, 500, 500]);
  assert.ok(renewed.probeError > 0.1);
  const X = sampler.sample(1000, seededRng(3));
  const truth = await changed.query(X);
  assert.ok(fidelityError(truth, renewed.classifier.predict(X)) < 0.05);
});

test("a faithful copy is hardly ever called outdated: 400 tries at significance .01", async () => {
  const old = await copy(line(false), { sampler, estimator: decisionTree(), budget: 20, rng: seededRng(5) });
  const X = sampler.sample(100_000, seededRng(6));
  const expectedError = fidelityError(await line(false).query(X), old.classifier.predict(X));
  let alarms = 0;
  for (let seed = 0; seed < 400; seed++) {
    const { drifted } = await refreshCopy(line(false), old, { sampler, estimator: decisionTree({ maxDepth: 1 }),
      budget: 100, probe: 100, expectedError, significance: 0.01, rng: seededRng(seed) });
    alarms += Number(drifted);
  }
  assert.ok(alarms <= 10, `${alarms} alarms, 4 expected, 10 has a chance of less than .01`);
});

test("refreshCopy refuses a budget below its probe and an error that is no share", async () => {
  const old = await copy(line(false), { sampler, estimator: decisionTree(), budget: 20, rng: seededRng(5) });
  const options = { sampler, estimator: decisionTree(), budget: 100, expectedError: 0.1, rng: seededRng(1) };
  await assert.rejects(refreshCopy(line(false), old, { ...options, probe: 200 }), /budget must be .* at least 200/);
  const sloppy = { ...options, probe: 50, expectedError: 1 };
  await assert.rejects(refreshCopy(line(false), old, sloppy), /expectedError must be in \[0, .*got 1/);
  const poor = blackBox((X) => new Int32Array(X.shape[0]), { budget: 10 });
  await assert.rejects(refreshCopy(poor, old, { ...options, probe: 50 }), { name: "QueryBudgetError" });
});
