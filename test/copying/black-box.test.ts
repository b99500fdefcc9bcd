import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {
  blackBox, copy, fromRows, matrix, QueryBudgetError, seededRng, WidthError, type Classifier, type Matrix,
} from "../../lib";
import { nearest, ruled, ruledBox } from "./helpers";

const firstAboveHalf = (row: number[]): number => (row[0] > 0.5 ? 1 : 0);
const rows = (n: number, d = 2) => matrix(new Float64Array(n * d), [n, d]);

test("a black box answers labels and counts each row", async () => {
  const box = ruledBox(firstAboveHalf, 2, 10);
  assert.deepEqual([...(await box.query(fromRows([[0.2, 0], [0.9, 0], [0.5, 0]])))], [0, 1, 0]);
  assert.deepEqual([box.used, box.budget, box.remaining], [3, 10, 7]);
});

test("a black box refuses what the budget does not cover, names it, and spends nothing", async () => {
  const box = ruledBox(firstAboveHalf, 2, 10);
  await box.query(rows(8));
  await assert.rejects(box.query(rows(3)), (error: QueryBudgetError) => {
    assert.ok(error instanceof QueryBudgetError);
    assert.deepEqual([error.budget, error.used, error.asked], [10, 8, 3]);
    assert.match(error.message, /the budget is 10, 8 are used, 2 remain; asked for 3/);
    return true;
  });
  assert.equal(box.used, 8);
  assert.equal((await box.query(rows(2))).length, 2);
});

test("a black box never answers more rows than its budget, however it is asked", async () => {
  const numbers = fc.array(fc.integer({ min: 0, max: 30 }));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 50 }), numbers, async (budget, asks) => {
      let answered = 0;
      const box = blackBox(({ shape }) => ((answered += shape[0]), new Int32Array(shape[0])), { budget });
      for (const n of asks) await box.query(rows(n)).catch(() => undefined);
      assert.equal(answered, box.used);
      assert.ok(answered <= budget);
    }),
  );
});

test("two questions at once can't spend the same budget twice", async () => {
  const box = blackBox(async ({ shape }) => new Int32Array(shape[0]), { budget: 5 });
  const outcomes = await Promise.allSettled([box.query(rows(3)), box.query(rows(3))]);
  assert.deepEqual(outcomes.map(({ status }) => status), ["fulfilled", "rejected"]);
  assert.equal(box.used, 3);
});

test("a black box refuses a wrong width as a real model does, at no cost", async () => {
  const box = ruledBox(firstAboveHalf, 2, 10);
  await assert.rejects(box.query(rows(1, 3)), (error: Error) => {
    assert.ok(error instanceof WidthError);
    assert.match(error.message, /X has 3 features, but the model expects 2 features/);
    return true;
  });
  assert.equal(box.used, 0);
});

test("a black box refuses numbers that are not finite, at no cost", async () => {
  const box = ruledBox(firstAboveHalf, 2, 10);
  for (const bad of [NaN, Infinity, -Infinity])
    await assert.rejects(box.query(fromRows([[0, bad]])), /X must be finite, got (NaN|-?Infinity) at position 1/);
  assert.equal(box.used, 0);
});

test("an answer that never came is not counted", async () => {
  const box = blackBox(() => Promise.reject(new Error("down")), { budget: 3 });
  await assert.rejects(box.query(rows(2)), /down/);
  assert.equal(box.used, 0);
});

test("a black box that gives too few labels is found out", async () => {
  await assert.rejects(blackBox(() => new Int32Array(1)).query(rows(2)), /asked for 2 labels, the model gave 1/);
  const forgetful = blackBox((() => undefined) as unknown as () => Int32Array);
  await assert.rejects(forgetful.query(rows(2)), /TypeError: query: the model must give 2 labels, got undefined/);
});

test("probabilities stay inside unless they are let out, and cost as much", async () => {
  const model: Classifier = {
    ...nearest.fit(fromRows([[0], [1]]), Int32Array.of(3, 5)),
    predictProba: (X) => matrix(new Float64Array(X.shape[0] * 2).fill(0.5), [X.shape[0], 2]),
  };
  assert.equal(blackBox(model).queryProba, undefined);
  const open = blackBox(model, { budget: 4, probabilities: true });
  const answer = await open.queryProba!(fromRows([[0], [1]]));
  assert.deepEqual([[...answer.classes], [...answer.probabilities.data], open.used], [[3, 5], [0.5, 0.5, 0.5, 0.5], 2]);
  await assert.rejects(open.queryProba!(rows(3, 1)), QueryBudgetError);
  await assert.rejects(open.queryProba!(rows(1, 2)), WidthError);
});

test("blackBox names a wrong budget and a model without probabilities", () => {
  assert.throws(() => blackBox(ruled(firstAboveHalf), { budget: 0 }), /budget must be an integer of at least 1, got 0/);
  assert.throws(() => blackBox(ruled(firstAboveHalf), { budget: 1.5 }), /blackBox: budget .* got 1\.5/);
  const model = nearest.fit(fromRows([[0]]), Int32Array.of(0));
  assert.throws(() => blackBox(model, { probabilities: true }), /probabilities must be false for nearest/);
});

test("a black-box function that changes its rows or its labels later changes no stored query", async () => {
  const labels = new Int32Array(2);
  const meddler = blackBox((X) => {
    labels.fill(labels[0] + 1);
    X.data.fill(9);
    (X.shape as unknown as number[])[0] = 1;
    return labels;
  });
  const X = fromRows([[1, 2], [3, 4]]);
  const sampler = { name: "fixed", numFeatures: 2, sample: () => X };
  const { queries } = await copy(meddler, { sampler, estimator: nearest, budget: 2, rng: seededRng(1) });
  await meddler.query(X);
  assert.deepEqual([queries.X, [...queries.y]], [fromRows([[1, 2], [3, 4]]), [1, 1]]);
});

test("labels that a function gives as text, fractions or beyond 32 bits are named", async () => {
  const answering = (...labels: unknown[]) =>
    blackBox(() => labels as unknown as Int32Array).query(rows(labels.length));
  await assert.rejects(answering(0, "1"), /labels must be integers of 32 bits, got "1" for row 1/);
  await assert.rejects(answering(0.5), /got 0\.5 for row 0/);
  await assert.rejects(answering(2 ** 31), /got 2147483648 for row 0/);
  assert.deepEqual(await answering(2, -1), Int32Array.of(2, -1));
});

test("a model's probabilities and scores are its own number of finite ones, and can't change later", async () => {
  const shared = new Float64Array(4);
  type Deciding = Classifier & { decisionFunction(X: Matrix): Matrix<Float64Array> };
  const model = (answer: (n: number) => unknown): Deciding => ({
    family: "mine", classes: Int32Array.of(0, 1), numFeatures: 2, predict: (X) => new Int32Array(X.shape[0]),
    predictProba: (X) => answer(X.shape[0]) as Matrix<Float64Array>,
    decisionFunction: (X) => answer(X.shape[0]) as Matrix<Float64Array>, serialize: () => ({ family: "mine" }),
  });
  const box = (answer: (n: number) => unknown) => blackBox(model(answer), { probabilities: true, scores: true });
  let asked = 0;
  const reuses = box((n) => ({ data: shared.fill(++asked / 4), shape: [n, 2] }));
  const first = (await reuses.queryProba!(rows(2))).probabilities.data;
  const scores = (await reuses.queryScores!(rows(2))).data;
  await reuses.queryProba!(rows(2));
  assert.deepEqual([first[0], scores[0]], [0.25, 0.5]);
  const wrong: [(n: number) => unknown, RegExp][] = [
    [() => undefined, /the model must give 2 rows of .*, got undefined/],
    [() => ({ data: new Float64Array(2), shape: [1, 2] }), /must give 2 rows of .*, got 1 of 2/],
    [() => ({ data: new Float64Array(3), shape: [2, 2] }), /must give 2 rows of .*, got 2 of 2/],
    [async (n) => ({ data: new Float64Array(2 * n), shape: [n, 2] }), /must give 2 rows of .*, got \[object Promise\]/],
    [(n) => ({ data: new Float64Array(2 * n).fill(NaN), shape: [n, 2] }), /of the model must be finite, got NaN/],
  ];
  for (const [answer, message] of wrong) {
    const bad = box(answer);
    await assert.rejects(bad.queryProba!(rows(2)), message);
    await assert.rejects(bad.queryScores!(rows(2)), message);
    assert.equal(bad.used, 0);
  }
  await assert.rejects(box((n) => ({ data: new Float64Array(3 * n), shape: [n, 3] })).queryProba!(rows(2)),
    /must give 2 rows of 2 probabilities, got 2 of 3/);
});
