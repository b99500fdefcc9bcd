import assert from "node:assert/strict";
import test from "node:test";
import {
  activeStrategy, balancedQueries, bisectionStrategy, blackBox, copy, copyStream, fidelityError, gaussianNaiveBayes,
  knockoffStrategy, mlp, networkEstimator, pathFindingStrategy, QueryBudgetError, seededRng, svc, uniformSampler,
  type QueryStrategy, type StreamStep,
} from "../../lib";
import { box01, nearest, ruled, ruledBox } from "./helpers";

const diagonal = (row: number[]): number => (row[0] + row[1] > 1 ? 1 : 0);
const sampler = uniformSampler(box01(2));
const run = (budget: number, seed = 1) =>
  copy(ruledBox(diagonal, 2, 1000), { sampler, estimator: nearest, budget, rng: seededRng(seed) });

test("copy asks its budget and fits the answers", async () => {
  const box = ruledBox(diagonal, 2, 1000);
  const { classifier, queries, spent, strategy } = await copy(box, {
    sampler, estimator: nearest, budget: 300, rng: seededRng(1),
  });
  assert.deepEqual([spent, box.used, queries.y.length, strategy], [300, 300, 300, "uniformSampler"]);
  const fresh = sampler.sample(2000, seededRng(2));
  assert.ok(fidelityError(ruled(diagonal)(fresh), classifier.predict(fresh)) < 0.05);
});

test("more queries make a better copy", async () => {
  const fresh = sampler.sample(1000, seededRng(2));
  const truth = ruled(diagonal)(fresh);
  const error = async (budget: number) => fidelityError(truth, (await run(budget)).classifier.predict(fresh));
  assert.ok((await error(20)) > 2 * (await error(800)));
});

test("copy repeats under one seed and differs under another", async () => {
  assert.deepEqual((await run(50)).queries, (await run(50)).queries);
  assert.notDeepEqual((await run(50)).queries, (await run(50, 2)).queries);
});

test("copy refuses a budget the black box does not have, or that is endless, or a missing family", async () => {
  await assert.rejects(run(1001), QueryBudgetError);
  await assert.rejects(run(Infinity), /budget must be finite, got Infinity/);
  await assert.rejects(run(0), /copy: budget must be an integer of at least 1, got 0/);
  const without = copy(ruledBox(diagonal, 2), { sampler, budget: 5, rng: seededRng(1) });
  await assert.rejects(without, /estimator must be given .* uniformSampler/);
});

test("copy fails before it asks anything when the sampler has another width than the model", async () => {
  const box = ruledBox(diagonal, 2);
  const wide = uniformSampler(box01(3));
  await assert.rejects(copy(box, { sampler: wide, estimator: nearest, budget: 5, rng: seededRng(1) }), /3 features/);
  assert.equal(box.used, 0);
});

async function steps(budget: number, rule = diagonal): Promise<StreamStep[]> {
  const all: StreamStep[] = [];
  const options = { sampler, estimator: nearest, batch: 50, budget, rng: seededRng(3) };
  for await (const step of copyStream(ruledBox(rule, 2), options)) all.push(step);
  return all;
}

test("a stream stops when fidelity on fresh points levels off", async () => {
  const all = await steps(5000, (row) => (row[0] > 2 ? 1 : 0));
  assert.equal(all.at(-1)!.stopped, "levelled-off");
  assert.deepEqual(all.map(({ spent }) => spent), [50, 100, 150, 200, 250]);
  assert.equal(all[0].freshFidelityError, undefined);
  assert.equal(all[1].freshFidelityError, 0);
});

test("a stream stops at its budget, and only its last step says why", async () => {
  const all = await steps(120);
  const seen = all.map(({ spent, stopped }) => [spent, stopped]);
  assert.deepEqual(seen, [[50, undefined], [100, undefined], [120, "budget"]]);
});

test("a stream's fresh error is the error of the copy before it saw the batch", async () => {
  const [first, second] = await steps(100);
  const fresh = second.queries.X.data.slice(100);
  const predicted = first.classifier.predict({ data: fresh, shape: [50, 2] });
  assert.equal(second.freshFidelityError, fidelityError(second.queries.y.slice(50), predicted));
});

const corner = (row: number[]): number => (row[0] > 0.9 ? 1 : 0);

test("balancing asks on until each class has its part", async () => {
  const box = ruledBox(corner, 2);
  const balanced = await balancedQueries(box, sampler, { n: 60, batch: 100, rng: seededRng(4) });
  assert.equal(balanced.y.length, 60);
  assert.equal(balanced.y.filter((label) => label === 1).length, 30);
  assert.deepEqual(ruled(corner)(balanced.X), balanced.y);
  assert.deepEqual([balanced.unfilled, balanced.asked.y.length], [[], 100 * balanced.tries]);
  assert.equal(box.used, 100 * balanced.tries);
});

test("balancing reports what it could not fill when its tries are used", async () => {
  const options = { n: 30, batch: 20, maxTries: 3, classes: [0, 1, 9], rng: seededRng(4) };
  const balanced = await balancedQueries(ruledBox(corner, 2), sampler, options);
  assert.equal(balanced.tries, 3);
  assert.deepEqual(balanced.unfilled.at(-1), { label: 9, found: 0, wanted: 10 });
});

test("balancing ends at the black box's budget", async () => {
  const box = ruledBox(corner, 2, 50);
  const { asked } = await balancedQueries(box, sampler, { n: 40, batch: 20, classes: [9], rng: seededRng(4) });
  assert.deepEqual([asked.y.length, box.remaining], [50, 0]);
});

test("balancing names a wrong number of tries", async () => {
  const wrong = balancedQueries(ruledBox(corner, 2), sampler, { n: 4, maxTries: 0, rng: seededRng(4) });
  await assert.rejects(wrong, /maxTries must be an integer of at least 1, got 0/);
});

test("what can't become a copy is said before a row is asked", async () => {
  const X = sampler.sample(40, seededRng(3));
  const model = gaussianNaiveBayes().fit(X, ruled(diagonal)(X));
  const strategies = [
    { sampler },
    { strategy: activeStrategy({ sampler, ranges: box01(2), committee: [nearest, gaussianNaiveBayes()] }) },
    { strategy: bisectionStrategy({ sampler }) },
    { strategy: knockoffStrategy({ pool: X, groups: new Int32Array(40), learner: gaussianNaiveBayes() }) },
  ];
  for (const where of strategies)
    for (const [options, message] of [[{}, /estimator must be given with the strategy/],
      [{ answers: "probabilities", estimator: nearest }, /answers must be "labels" for .*, which learns labels alone/],
    ] as const) {
      const box = blackBox(model, { probabilities: true });
      await assert.rejects(copy(box, { ...where, ...options, budget: 20, rng: seededRng(1) }), message);
      assert.equal(box.used, 0);
    }
  const strategy = pathFindingStrategy({ ranges: box01(2), sampler });
  const none = copy(blackBox(model, { probabilities: true }), { strategy,
    answers: "probabilities", budget: 20, rng: seededRng(1) });
  await assert.rejects(none, /answers must be "labels" without an estimator/);
});

test("a learner without probabilities is refused after the first round of a knockoff", async () => {
  const X = sampler.sample(40, seededRng(3));
  const box = ruledBox(diagonal, 2);
  const strategy = knockoffStrategy({ pool: X, groups: new Int32Array(40), learner: svc(), batch: 10 });
  await assert.rejects(copy(box, { strategy, estimator: nearest, budget: 40, rng: seededRng(1) }),
    /knockoffStrategy: learner must give probabilities, svc does not/);
  assert.equal(box.used, 10);
});

test("rows that a strategy changes after it has asked stay as they were asked", async () => {
  const X = sampler.sample(40, seededRng(3));
  const model = gaussianNaiveBayes().fit(X, ruled(diagonal)(X));
  const strategy: QueryStrategy = { name: "reuses its rows", async collect(box, { budget, rng }) {
    const rows = sampler.sample(budget, rng);
    const queries = { X: rows, y: await box.query(rows) };
    (rows.data as Float64Array).fill(NaN);
    return { queries };
  } };
  const linear = mlp({ numFeatures: 2, hidden: [], numClasses: 2 });
  const estimator = networkEstimator(linear, { epochs: 1, rng: seededRng(1) });
  const { classifier } = await copy(blackBox(model, { probabilities: true }),
    { strategy, estimator, answers: "probabilities", budget: 20, rng: seededRng(1) });
  assert.ok(classifier.predictProba!(X).data.every(Number.isFinite));
});
