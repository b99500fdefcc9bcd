import assert from "node:assert/strict";
import { test } from "node:test";
import {
  blackBox, decisionTree, dynamicalRange, extractRelu, extractReluFromLabels, extractTree, fromRows,
  logisticRegression, matrix, proveTreesEqual, reluNetwork, seededRng, type BlackBox, type LinearClassifier,
  type NumericRange,
} from "../../lib";
import { exercises } from "../../notebooks/13-exact-extraction/exercises";
import { halvesOf, judging } from "./helpers";

const judge = judging(exercises);

test("13-1 and 13-4 judge a linear copy by its angle and rounded answers by their errors", async () => {
  const { train, test: held } = await halvesOf("iris");
  const original = logisticRegression().fit(train.X, train.y) as LinearClassifier;
  const other = logisticRegression({ C: 0.1 }).fit(train.X, train.y);
  assert.equal((await judge("13-1", { classifier: original, spent: 390 }, original)).verdict, "right");
  const finding = async (answer: Parameters<typeof exercises["13-1"]>[0]) =>
    String((await judge("13-1", answer, original)).finding);
  assert.match(await finding({ classifier: original, spent: 401 }), /at most 400/);
  assert.match(await finding({ classifier: decisionTree().fit(train.X, train.y), spent: 10 }), /no coefficients/);
  assert.match(await finding({ classifier: other, spent: 10 }), /the angle is/);
  const errors = async (answer: Record<number, number>) => {
    const { verdict, finding: said } = await judge("13-4", answer, original, { X: held.X });
    return verdict === "right" ? "right" : String(said);
  };
  assert.equal(await errors({ 1: 0.2, 2: 0.1, 4: 0, 8: 0 }), "right");
  assert.match(await errors({ 1: 0.2, 2: 0.1, 8: 0 }), /for 4 decimals is missing/);
  assert.match(await errors({ 1: 2, 2: 0.1, 4: 0, 8: 0 }), /between 0 and 1/);
  assert.match(await errors({ 1: 0.2, 2: 0.1, 4: 0, 8: 0.1 }), /err nowhere/);
  assert.match(await errors({ 1: 0, 2: 0, 4: 0, 8: 0 }), /some row must differ/);
});

test("13-2 knows the search to the last digit and a share without ranges", async () => {
  const iris = await halvesOf("iris");
  const ranges = dynamicalRange(iris.train.X);
  const tree = decisionTree({ rng: seededRng(1) }).fit(iris.train.X, iris.train.y);
  const run = async (precision: number, seed = 0) => {
    const options = { ranges, tests: 50, precision, rng: seededRng(seed) };
    const { classifier, spent } = await extractTree(blackBox(tree), options);
    return { spent, share: proveTreesEqual(tree, classifier, { ranges }).differingShare };
  };
  const judged = async (answer: { spent: number; share: number }) => {
    const { verdict, finding } = await judge("13-2", answer, iris, ranges, 50);
    return verdict === "right" ? "right" : String(finding);
  };
  const coarse = await run(1e-3);
  assert.equal(await judged(coarse), "right");
  assert.match(await judged(await run(0)), /to the last digit/);
  assert.match(await judged({ spent: coarse.spent, share: 0.5 }), /the share is not/);
  assert.match(await judged({ spent: coarse.spent + 1, share: 0.5 }), /another number of questions/);
});

test("13-3 asks for a copy that is proved near", async () => {
  const small = reluNetwork([
    { weights: fromRows([[1, 2], [-1, 3]]), biases: Float64Array.of(0.5, -1) },
    { weights: fromRows([[1, -2]]), biases: Float64Array.of(0) },
  ]);
  const cube: NumericRange[] = [0, 1].map(() => ({ kind: "numeric", min: 0, max: 1, mean: 0.5, deviation: 0.3 }));
  const { network } = await extractRelu(blackBox(small, { scores: true }), { ranges: cube, rng: seededRng(1) });
  assert.equal((await judge("13-3", network, small, cube)).verdict, "right");
  assert.match(String((await judge("13-3", small, small, cube)).finding), /original itself/);
  const wide = reluNetwork([{ weights: matrix(new Float64Array(3), [1, 3]), biases: Float64Array.of(0) }]);
  assert.match(String((await judge("13-3", wide, small, cube)).finding), /takes 3 features/);
  const off = reluNetwork([small.layers[0], { weights: fromRows([[1, -2]]), biases: Float64Array.of(1) }]);
  assert.match(String((await judge("13-3", off, small, cube)).finding), /proved difference/);
});

test("13-5 runs the theft on labels alone, within its budget", async () => {
  const small = reluNetwork([
    { weights: fromRows([[1, 0], [0, 1]]), biases: Float64Array.of(-0.4, -0.6) },
    { weights: fromRows([[1, -2]]), biases: Float64Array.of(0.05) },
  ]);
  const cube: NumericRange[] = [0, 1].map(() => ({ kind: "numeric", min: 0, max: 1, mean: 0.5, deviation: 0.3 }));
  const finding = async (theft: Parameters<typeof exercises["13-5"]>[0]) =>
    (await judge("13-5", theft, small, cube)).finding;
  assert.equal(await finding(async (box, ranges, rng) =>
    (await extractReluFromLabels(box, { ranges: ranges as NumericRange[], rng })).network), null);
  const asking = (copied: typeof small) => async (box: BlackBox) => {
    await box.query(matrix(new Float64Array(160), [80, 2]));
    return copied;
  };
  assert.match(String(await finding(async () => ({ ...small }))), /asked 0 rows, .* line for each feature takes 80/);
  const other = reluNetwork([small.layers[0], { weights: fromRows([[1, -2]]), biases: Float64Array.of(0.051) }]);
  assert.match(String(await finding(asking(other))), /of \d+ rows near the boundary get another label/);
  assert.match(String(await finding(asking(undefined as never))), /must give a classifier/);
  assert.match(String(await finding(small as never)), /a function is wanted/);
  assert.match(String(await finding(async (box) => {
    await box.query(matrix(new Float64Array(2 * (2 ** 19 + 1)), [2 ** 19 + 1, 2]));
    return other;
  })), /budget/i);
});
