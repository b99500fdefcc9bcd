import assert from "node:assert/strict";
import { test } from "node:test";
import {
  blackBox, copy, decisionTree, fidelityError, fromRows, gaussianNaiveBayes, jacobianStrategy, knockoffStrategy,
  loadTable, matrix, mlp, networkEstimator, poolSampler, seededRng, svc, toRows, type BlackBox, type Classifier,
  type Estimator, type Matrix, type NumericRange,
} from "../../lib";
import { ruledBox } from "./helpers";

/** Two probabilities that depend on the first feature alone: p and 1 − p for x = p. */
const soft: Classifier = {
  family: "soft", classes: Int32Array.of(0, 1), numFeatures: 2,
  predict: ({ data, shape: [n] }) => Int32Array.from({ length: n }, (_, i) => Number(data[2 * i] < 0.5)),
  predictProba: ({ data, shape: [n] }) => matrix(
    Float64Array.from({ length: 2 * n }, (_, p) => (p % 2 ? 1 - data[p - 1] : data[p])), [n, 2]),
  serialize: () => ({ family: "soft" }),
};
const pool = matrix(Float64Array.from({ length: 400 }, (_, i) => Math.abs(Math.sin(3 * i))), [200, 2]);

/** A family that keeps what it was told, to look at. */
function listener() {
  const heard: { X: Matrix; probabilities: Matrix; classes: Int32Array }[] = [];
  const estimator: Estimator = {
    family: "listener", fit: () => soft,
    fitProbabilities: (X, { classes, probabilities }) => {
      heard.push({ X, classes, probabilities });
      return soft;
    },
  };
  return { heard, estimator };
}

test("copy hands the family every row that was asked and its probabilities, whatever the strategy", async () => {
  const groups = Int32Array.from({ length: 200 }, (_, i) => i % 3);
  const strategies = [{ sampler: poolSampler(pool) },
    { strategy: knockoffStrategy({ pool, groups, learner: gaussianNaiveBayes(), batch: 7 }) }];
  for (const way of strategies) {
    const { heard, estimator } = listener();
    const box = blackBox(soft, { probabilities: true, budget: 50 });
    const made = await copy(box, { ...way, estimator, answers: "probabilities", budget: 50, rng: seededRng(1) });
    assert.equal(box.used, 50);
    const [{ X, classes, probabilities }] = heard;
    assert.deepEqual([[...classes], X.shape, probabilities.shape], [[0, 1], [50, 2], [50, 2]]);
    assert.deepEqual([...made.queries.X.data], [...X.data]);
    toRows(X).forEach(([x], i) => assert.equal(probabilities.data[2 * i], x));
    assert.deepEqual(made.queries.y, soft.predict(X));
  }
});

test("a service that names its classes in another order, or one more of them, is understood", async () => {
  const orders = [[3, 1], [1, 3], [1, 3, 7]];
  let asked = 0;
  const box: BlackBox = { used: 0, budget: 60, remaining: 60,
    query: async ({ shape: [n] }) => new Int32Array(n).fill(1),
    queryProba: async ({ shape: [n] }) => {
      const classes = Int32Array.from(orders[asked++]);
      const row = Array.from(classes, (label) => (label === 1 ? 0.75 : label === 3 ? 0.25 : 0));
      return { classes, probabilities: fromRows(Array.from({ length: n }, () => row)) };
    } };
  const { heard, estimator } = listener();
  const strategy = knockoffStrategy({ pool, groups: new Int32Array(200), learner: gaussianNaiveBayes(), batch: 20 });
  const made = await copy(box, { strategy, estimator, answers: "probabilities", budget: 60, rng: seededRng(1) });
  assert.deepEqual([...heard[0].classes], [1, 3, 7]);
  toRows(heard[0].probabilities).forEach((row) => assert.deepEqual(row, [0.75, 0.25, 0]));
  assert.ok(made.queries.y.every((label) => label === 1));
});

test("probabilities teach a network more than labels: where the slope is, not only where the step is", async () => {
  const architecture = mlp({ numFeatures: 2, hidden: [16], numClasses: 2 });
  const estimator = networkEstimator(architecture, { epochs: 200, learningRate: 0.01, rng: seededRng(1) });
  const gap = async (answers: "labels" | "probabilities"): Promise<number> => {
    const { classifier } = await copy(blackBox(soft, { probabilities: true }),
      { sampler: poolSampler(pool), estimator, answers, budget: 100, rng: seededRng(1) });
    const [p, q] = [soft, classifier].map((model) => model.predictProba!(pool).data);
    return p.reduce((worst, value, i) => Math.max(worst, Math.abs(value - q[i])), 0);
  };
  const [told, guessed] = [await gap("probabilities"), await gap("labels")];
  assert.ok(told < 0.1 && guessed > 0.3, `${told} and ${guessed}`);
});

test("probabilities are asked for only where they are given and can be learned", async () => {
  const { estimator } = listener();
  const options = { sampler: poolSampler(pool), estimator, budget: 10, rng: seededRng(1) };
  await assert.rejects(copy(blackBox(soft), { ...options, answers: "probabilities" }), /gives no probabilities/);
  await assert.rejects(copy(blackBox(soft, { probabilities: true }),
    { ...options, estimator: decisionTree(), answers: "probabilities" }), /"labels" for decisionTree/);
  await assert.rejects(copy(blackBox(soft), { ...options, answers: "words" as "labels" }), /answers must be one of/);
});

/** Group 0 shows what is always answered alike, group 1 what is answered in two ways. */
const dull = fromRows(Array.from({ length: 400 }, (_, i) =>
  (i < 200 ? [-5 - (i % 7) / 7, 0] : [Math.sin(i), 1])));
const kinds = Int32Array.from({ length: 400 }, (_, i) => Number(i >= 200));
const ruled = (): BlackBox => ruledBox((row) => (row[0] > 0 ? 1 : 0), 2);

test("knockoffStrategy asks more of the kind that still teaches, and repeats under one seed only", async () => {
  const strategy = knockoffStrategy({ pool: dull, groups: kinds, learner: gaussianNaiveBayes(), batch: 10 });
  const ask = async (seed: number): Promise<Matrix> =>
    (await strategy.collect(ruled(), { budget: 200, rng: seededRng(seed) })).queries.X;
  const share = (X: Matrix): number => toRows(X).filter((row) => row[1] === 1).length / X.shape[0];
  assert.ok(share(await ask(1)) > 0.6, `${share(await ask(1))}`);
  assert.deepEqual(await ask(2), await ask(2));
  assert.notDeepEqual(await ask(2), await ask(3));
});

test("knockoffStrategy refuses what it can't choose from", async () => {
  const options = { pool, groups: new Int32Array(200), learner: gaussianNaiveBayes() };
  assert.throws(() => knockoffStrategy({ ...options, groups: new Int32Array(3) }), /pool has 200.*groups has 3|groups/);
  for (const batch of [NaN, 0, 1.5]) assert.throws(() => knockoffStrategy({ ...options, batch }), /batch must be/);
  for (const policyRate of [NaN, 0, Infinity])
    assert.throws(() => knockoffStrategy({ ...options, policyRate }), /policyRate must be/);
  assert.throws(() => knockoffStrategy({ ...options, pool: fromRows([[NaN]]), groups: new Int32Array(1) }), /finite/);
  const tooMuch = { budget: 201, rng: seededRng(1) };
  await assert.rejects(knockoffStrategy(options).collect(ruled(), tooMuch), /budget must be/);
  const blunt = knockoffStrategy({ ...options, learner: svc() });
  await assert.rejects(blunt.collect(ruled(), { budget: 20, rng: seededRng(1) }), /svc does not/);
});

test("poolSampler refuses an empty pool, holes, and more rows than there are", () => {
  assert.throws(() => poolSampler(matrix(new Float64Array(0), [0, 2])), /rows of X must be/);
  assert.throws(() => poolSampler(fromRows([[1, NaN]])), /X must be finite/);
  assert.throws(() => poolSampler(pool).sample(201, seededRng(1)), /n must be an integer in \[0, 200\], got 201/);
});

test("jacobianStrategy follows a network's own slopes: every new row is one step from a known one", async () => {
  const { X, y } = await loadTable("iris");
  const ranges: NumericRange[] = Array.from({ length: 4 }, () =>
    ({ kind: "numeric", min: -100, max: 100, mean: 0, deviation: 1 }));
  const learner = networkEstimator(mlp({ numFeatures: 4, hidden: [8], numClasses: 3 }),
    { epochs: 50, rng: seededRng(1) });
  const original = gaussianNaiveBayes().fit(X, y);
  const strategy = jacobianStrategy({ ranges, sampler: poolSampler(X), learner, firstShare: 0.25, step: 0.125 });
  const { queries } = await strategy.collect(blackBox(original), { budget: 80, rng: seededRng(1) });
  const rows = toRows(queries.X);
  rows.slice(20).forEach((row, i) => assert.ok(rows.slice(0, 20 + i).some((known) =>
    row.every((value, j) => [0, 0.125].some((by) => Math.abs(Math.abs(value - known[j]) - by) < 1e-9)))));
  assert.equal(fidelityError(original.predict(queries.X), queries.y), 0);
});
