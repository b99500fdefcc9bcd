import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ExerciseId, type PoisoningSetting, type TourSetting, blackBox, copy, crossGram, decisionTree, dynamicalRange,
  exerciseIds, fidelityError, flipFirst, fromRows, gramMatrix, incorrectByPredicted, judgeAnswer, knn, loadTable,
  seededRng, selectColumns, stratifiedSplit, subset, svc, uniformSampler,
} from "../../lib";
import { notACount, notAShareOf, notLabels, same } from "../../lib/notebook/exercises/finding";

async function tour(seed = 42): Promise<TourSetting> {
  const iris = await loadTable("iris");
  return { iris, split: stratifiedSplit(iris.y, { testFraction: 0.5, rng: seededRng(seed) }), seed };
}

/** Ten overlapping clusters in a plane, in place of digits. */
function clusters(): PoisoningSetting {
  const draw = (rows: number, key: number) => {
    const rng = seededRng(1).spawn(key);
    const y = Int32Array.from({ length: rows }, (_, i) => i % 10);
    const X = fromRows(Array.from(y, (k) => [3 * (k % 4) + rng.normal(), 3 * Math.floor(k / 4) + rng.normal()]));
    return { name: "clusters", X, y, classNames: Array.from("0123456789"), featureNames: ["a", "b"] };
  };
  const [train, test] = [draw(2200, 0), draw(400, 1)];
  const gram = gramMatrix(train.X);
  return { train, test, gram, cross: crossGram(test.X, gram) };
}

test("an exercise without an answer is not answered, and not wrong", async () => {
  const setting = await tour();
  assert.deepEqual(await judgeAnswer("00-1", undefined, setting),
    { id: "00-1", verdict: "not answered", finding: null });
});

test("an unknown exercise is refused, with the known ones", async () => {
  await assert.rejects(judgeAnswer("00-99" as ExerciseId, undefined, {} as never),
    { name: "RangeError", message: /^check: id must be one of 00-1, .*got "00-99"/ });
});

test("every id is a notebook's number and the exercise's, counted from 1 without a gap", () => {
  const numbers = new Map<string, number[]>();
  for (const id of exerciseIds) {
    assert.match(id, /^\d\d-\d$/);
    const [notebook, number] = id.split("-");
    numbers.set(notebook, [...(numbers.get(notebook) ?? []), Number(number)]);
  }
  for (const [notebook, found] of numbers) {
    assert.deepEqual(found, Array.from(found, (_, i) => i + 1), notebook);
    assert.ok(found.length >= 3 && found.length <= 5, `${notebook} has ${found.length} exercises`);
  }
});

test("an error of the answer itself is its finding", async () => {
  const broken = { ...decisionTree().fit(fromRows([[0, 0], [1, 1]]), Int32Array.of(0, 1)), predict: () => {
    throw new Error("no such row");
  } };
  const { verdict, finding } = await judgeAnswer("00-2", broken, await tour());
  assert.equal(verdict, "not yet");
  assert.match(String(finding), /no such row/);
});

test("a count must be whole and no larger than there are things to count", () => {
  assert.equal(notACount(3, 10, "images"), null);
  assert.match(String(notACount(NaN, 10, "images")), /not a number/);
  assert.match(String(notACount(0.3, 10, "images")), /whole number/);
  assert.match(String(notACount(-1, 10, "images")), /below 0/);
  assert.match(String(notACount(11, 10, "images")), /only 10 images/);
});

test("a share of n rows is a multiple of 1/n, rounded or not", () => {
  assert.equal(notAShareOf(2 / 75, 75, "flowers"), null);
  assert.equal(notAShareOf(0.0267, 75, "flowers"), null);
  assert.match(String(notAShareOf(0.02, 75, "flowers")), /multiple of 1\/75/);
  assert.match(String(notAShareOf(2.67, 75, "flowers")), /at most 1/);
  assert.match(String(notAShareOf(-0.1, 75, "flowers")), /below 0/);
  assert.ok(same(0.1234, 0.12341) && !same(0.1234, 0.1236));
});

test("labels must be one a row and among the known", () => {
  assert.equal(notLabels([1, 2], [2, 1]), null);
  assert.match(String(notLabels([1], [2, 1])), /needs 2 labels.* has 1/);
  assert.match(String(notLabels([1, 5], [2, 1])), /5 is not one/);
});

test("00-1 accepts the error of 30 questions, and knows that of 1,000", async () => {
  for (const seed of [42, 7]) {
    const setting = await tour(seed);
    const data = { ...setting.iris, X: selectColumns(setting.iris.X, [2, 3]) };
    const [train, held] = [subset(data, setting.split.train), subset(data, setting.split.test)];
    const original = knn({ numNeighbors: 5 }).fit(train.X, train.y);
    const errorAt = async (budget: number): Promise<number> => fidelityError(original.predict(held.X), (await copy(
      blackBox(original), { sampler: uniformSampler(dynamicalRange(train.X)), estimator: knn({ numNeighbors: 5 }),
        budget, rng: seededRng(seed) })).classifier.predict(held.X));
    const [few, many] = [await errorAt(30), await errorAt(1000)];
    assert.equal((await judgeAnswer("00-1", few, setting)).verdict, "right");
    assert.notEqual(few, many);
    assert.match(String((await judgeAnswer("00-1", many, setting)).finding), /1,000 questions/);
    const neither = [1 / 3, 2 / 3].find((error) => !same(error, few))!;
    assert.match(String((await judgeAnswer("00-1", neither, setting)).finding), /not this copy's/);
  }
});

test("00-2 wants a tree that agrees with the original", async () => {
  const setting = await tour();
  const flowers = { ...setting.iris, X: selectColumns(setting.iris.X, [2, 3]) };
  const train = subset(flowers, setting.split.train);
  const original = knn({ numNeighbors: 5 }).fit(train.X, train.y);
  const cloud = uniformSampler(dynamicalRange(train.X)).sample(1000, seededRng(1));
  const good = decisionTree().fit(cloud, original.predict(cloud));
  assert.equal((await judgeAnswer("00-2", good, setting)).verdict, "right");
  assert.match(String((await judgeAnswer("00-2", original, setting)).finding), /family knn/);
  const stump = decisionTree({ maxDepth: 1 }).fit(cloud, original.predict(cloud));
  assert.match(String((await judgeAnswer("00-2", stump, setting)).finding), /disagrees with the original on \d+ %/);
});

test("07-1 to 07-4 tell the attack turned round, a linear machine, the tipping point and mended labels", async () => {
  const setting = clusters();
  const { train, test: held, gram, cross } = setting;
  const wrong = (digit: number, y: Int32Array): number =>
    incorrectByPredicted(held.y, svc().fitGram(gram, y).predictGram(cross), 10)[digit];
  const right = wrong(1, flipFirst(train.y, { from: 2, to: 1, count: 100 }).y);
  assert.equal((await judgeAnswer("07-1", right, setting)).verdict, "right");
  assert.equal((await judgeAnswer("07-1", right + 1, setting)).verdict, "not yet");
  assert.match(String((await judgeAnswer("07-1", wrong(1, train.y), setting)).finding), /clean model/);
  const linear = gramMatrix(train.X, { kernel: "linear" });
  const linear2 = (y: Int32Array): number => incorrectByPredicted(held.y,
    svc({ kernel: "linear" }).fitGram(linear, y).predictGram(crossGram(held.X, linear)), 10)[2];
  const hundred = flipFirst(train.y, { from: 1, to: 2, count: 100 }).y;
  assert.equal((await judgeAnswer("07-2", linear2(hundred), setting)).verdict, "right");
  assert.match(String((await judgeAnswer("07-2", wrong(2, hundred), setting)).finding), /curved kernel/);
  assert.match(String((await judgeAnswer("07-2", 0.5, setting)).finding), /whole number/);
  assert.match(String((await judgeAnswer("07-3", 0, setting)).finding), /nothing to tip/);
  assert.match(String((await judgeAnswer("07-3", 10, setting)).finding), /more than 20 are wanted/);
  assert.match(String((await judgeAnswer("07-3", 220, setting)).finding), /so do 219/);
  const poisoned = flipFirst(train.y, { from: 1, to: 2, count: 80 }).y;
  assert.match(String((await judgeAnswer("07-4", train.y, setting)).finding), /true labels/);
  assert.match(String((await judgeAnswer("07-4", poisoned, setting)).finding), /still the poisoned/);
  const nearly = Int32Array.from(train.y);
  nearly[0] = 3;
  assert.equal((await judgeAnswer("07-4", nearly, setting)).verdict, "right");
});
