import assert from "node:assert/strict";
import test from "node:test";
import {
  activeStrategy, bisectionStrategy, copy, fidelityError, jacobianStrategy, logisticRegression, seededRng, svc,
  toRows, uniformSampler, type BlackBox, type QueryStrategy,
} from "../../lib";
import { box01, nearest, ruled, ruledBox } from "./helpers";

const circle = ([a, b]: number[]): number => ((a - 0.5) ** 2 + (b - 0.5) ** 2 < 0.09 ? 1 : 0);
const thirds = ([a]: number[]): number => Math.min(2, Math.floor(3 * a));
const ranges = box01(2);
const sampler = uniformSampler(ranges);
const machine = svc({ C: 1000, gamma: 0.5 });

const strategies: Record<string, QueryStrategy> = {
  bisection: bisectionStrategy({ sampler }),
  active: activeStrategy({ ranges, sampler, committee: [machine], batch: 10, pool: 200 }),
  committee: activeStrategy({ ranges, sampler, committee: [machine, nearest], batch: 10, pool: 100 }),
  jacobian: jacobianStrategy({ ranges, sampler, learner: logisticRegression() }),
};

const collect = (strategy: QueryStrategy, blackBox: BlackBox, budget: number, seed = 1) =>
  strategy.collect(blackBox, { budget, rng: seededRng(seed) });

for (const [name, strategy] of Object.entries(strategies)) {
  test(`the ${name} strategy asks exactly its budget and reports true answers, for two and three classes`, async () => {
    for (const rule of [circle, thirds])
      for (const budget of [1, 7, 60]) {
        const box = ruledBox(rule, 2, budget);
        const { queries } = await collect(strategy, box, budget);
        assert.deepEqual([box.used, queries.y.length, queries.X.shape], [budget, budget, [budget, 2]]);
        assert.deepEqual(ruled(rule)(queries.X), queries.y);
      }
  });

  test(`the ${name} strategy asks on where a black box gives one answer only`, async () => {
    const { queries } = await collect(strategy, ruledBox(() => 3, 2), 30);
    assert.deepEqual([queries.y.length, new Set(queries.y)], [30, new Set([3])]);
  });

  test(`the ${name} strategy repeats under one seed and differs under another`, async () => {
    const run = (seed: number) => collect(strategy, ruledBox(circle, 2), 40, seed);
    assert.deepEqual((await run(1)).queries, (await run(1)).queries);
    assert.notDeepEqual((await run(1)).queries, (await run(2)).queries);
  });
}

const distance = ([a, b]: number[]): number => Math.abs(Math.hypot(a - 0.5, b - 0.5) - 0.3);
const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

test("bisection and active queries lie nearer to the boundary than their sampler's", async () => {
  const plain = median(toRows(sampler.sample(100, seededRng(1))).map(distance));
  for (const name of ["bisection", "active"]) {
    const { queries } = await collect(strategies[name], ruledBox(circle, 2), 200);
    assert.ok(median(toRows(queries.X).slice(100).map(distance)) < plain / 3, name);
  }
});

test("active queries make a better copy than as many uniform ones", async () => {
  const fresh = sampler.sample(4000, seededRng(5));
  const truth = ruled(circle)(fresh);
  const error = async (options: { sampler: typeof sampler } | { strategy: QueryStrategy }): Promise<number> => {
    const { classifier } = await copy(ruledBox(circle, 2), {
      ...options, estimator: svc({ C: 1000, gamma: 5 }), budget: 80, rng: seededRng(3),
    });
    return fidelityError(truth, classifier.predict(fresh));
  };
  assert.ok((await error({ strategy: strategies.active })) < 0.6 * (await error({ sampler })));
});

test("Jacobian steps stay in range", async () => {
  const { queries } = await collect(strategies.jacobian, ruledBox(circle, 2), 100);
  assert.ok(queries.X.data.every((value) => value >= 0 && value <= 1));
});

test("strategies name options out of range", async () => {
  assert.throws(() => bisectionStrategy({ sampler, halvings: 0 }), /halvings must be an integer of at least 1, got 0/);
  assert.throws(() => activeStrategy({ ranges, sampler, committee: [] }), /committee must have at least one member/);
  assert.throws(() => activeStrategy({ ranges, sampler, committee: [machine], batch: 50, pool: 20 }), /pool .* got 20/);
  assert.throws(() => jacobianStrategy({ ranges, sampler, learner: machine, step: 0 }), /step must be .* got 0/);
  const dumb = jacobianStrategy({ ranges, sampler, learner: nearest });
  await assert.rejects(collect(dumb, ruledBox(circle, 2), 20), /learner must give probabilities, nearest does not/);
});
