import assert from "node:assert/strict";
import { test } from "node:test";
import {
  blackBox, copy, decisionTree, dynamicalRange, equalRounded, fidelityError, knn, loadTable, seededRng,
  selectColumns, stratifiedSplit, subset, uniformSampler,
} from "../../lib";
import { type TourSetting, exercises } from "../../notebooks/00-start-here/exercises";
import { judging } from "./helpers";

const judge = judging(exercises);

async function tour(seed = 42): Promise<TourSetting> {
  const iris = await loadTable("iris");
  return { iris, split: stratifiedSplit(iris.y, { testFraction: 0.5, rng: seededRng(seed) }), seed };
}

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
    assert.equal((await judge("00-1", few, setting)).verdict, "right");
    assert.notEqual(few, many);
    assert.match(String((await judge("00-1", many, setting)).finding), /1,000 questions/);
    const neither = [1 / 3, 2 / 3].find((error) => !equalRounded(error, few))!;
    assert.match(String((await judge("00-1", neither, setting)).finding), /not this copy's/);
  }
});

test("00-2 wants a tree that agrees with the original", async () => {
  const setting = await tour();
  const flowers = { ...setting.iris, X: selectColumns(setting.iris.X, [2, 3]) };
  const train = subset(flowers, setting.split.train);
  const original = knn({ numNeighbors: 5 }).fit(train.X, train.y);
  const cloud = uniformSampler(dynamicalRange(train.X)).sample(1000, seededRng(1));
  const good = decisionTree().fit(cloud, original.predict(cloud));
  assert.equal((await judge("00-2", good, setting)).verdict, "right");
  assert.match(String((await judge("00-2", original, setting)).finding), /family knn/);
  const stump = decisionTree({ maxDepth: 1 }).fit(cloud, original.predict(cloud));
  assert.match(String((await judge("00-2", stump, setting)).finding), /disagrees with the original on \d+ %/);
});
