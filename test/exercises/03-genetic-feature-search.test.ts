import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type BlackBox, type Classifier, type Matrix, type Rng, blackBox, copy, decisionTree, discoverRanges, dynamicalRange,
  fromRows, geneticSearch, normalSampler, rowOf, seededRng, svc,
} from "../../lib";
import { exercises } from "../../notebooks/03-genetic-feature-search/exercises";
import { halvesOf, judging, scaled } from "./helpers";

const judge = judging(exercises);

test("03-1 and 03-2 know used features, missing ones, and how many counts are others", async () => {
  const { train } = await halvesOf("iris");
  const tree = decisionTree({ rng: seededRng(42) }).fit(train.X, train.y);
  const firstOf = (label: number) => Array.from(train.y.keys()).filter((i) => train.y[i] === label).slice(0, 3);
  const examples = fromRows([0, 1, 2].flatMap(firstOf).map((i) => rowOf(train.X, i)));
  const { features } = await discoverRanges(blackBox(tree), { numFeatures: 4, examples, rng: seededRng(42) });
  const unused = features.filter(({ kind }) => kind === "irrelevant").map(({ feature }) => feature);
  const unusedIs = async (answer: number[]) => (await judge("03-1", answer, tree, examples, 42)).finding;
  assert.ok(unused.length > 0 && unused.length < 4);
  assert.equal(await unusedIs(unused), null);
  assert.match(String(await unusedIs([0, 1, 2, 3])), new RegExp(`^${4 - unused.length} of yours did change`));
  assert.match(String(await unusedIs([])), /there are more/);
  assert.match(String(await unusedIs([4])), /4 is no position/);

  const model = scaled(svc()).fit(train.X, train.y);
  const center = rowOf(train.X, 0);
  const labelsOf = async (size: number) => (await geneticSearch(blackBox(model),
    { numFeatures: 4, center, size, rng: seededRng(42) })).generations.map(({ y }) => y);
  const searches = await Promise.all([1, 10, 30, 100, 300, 1000].map(labelsOf));
  const met = searches.map((answers) => new Set(answers.flatMap((y) => [...y])).size);
  const metIs = async (answer: number[]) => (await judge("03-2", answer, model, center, 42)).finding;
  assert.equal(await metIs(met), null);
  assert.match(String(await metIs([0, 0, 0, 0, 0, 0])), /6 of the six are others/);
  assert.match(String(await metIs([1])), /needs 6 numbers/);
  assert.match(String(await metIs([4, 1, 1, 1, 1, 1])), /only 3 labels/);
});

test("03-3 wants enough lines, and not too many", async () => {
  const planted = (X: Matrix) =>
    Int32Array.from({ length: X.shape[0] }, (_, i) => (rowOf(X, i)[0] + rowOf(X, i)[1] > 10 ? 1 : 0));
  const examples = fromRows([[2, 3, 7], [8, 6, 2]]);
  const says = async (rounds: number, bases: number) =>
    (await judge("03-3", { rounds, bases }, planted, examples, 42)).finding;
  assert.equal(await says(3, 25), null);
  assert.match(String(await says(3, 6)), /`missedAtMost` is 0\.083/);
  assert.match(String(await says(10, 40)), /800 lines/);
  assert.match(String(await says(1, 1)), /it stops with “discoverRanges: bases must be/);
  const used = (X: Matrix) => Int32Array.from({ length: X.shape[0] }, (_, i) => (rowOf(X, i)[2] > 5 ? 1 : 0));
  const finding = (await judge("03-3", { rounds: 1, bases: 4 }, used, examples, 42)).finding;
  assert.match(String(finding), /the feature is (stepped|continuous|categorical) now/);
});

test("03-4 stops a theft beyond its budget, and wants questions and a good copy", async () => {
  const wine = await halvesOf("wine");
  const says = async (answer: (box: BlackBox, row: Matrix, rng: Rng) => Promise<Classifier>) =>
    (await judge("03-4", answer, wine, 42)).finding;
  const knows = scaled(svc()).fit(wine.train.X, wine.train.y);
  const ranges = dynamicalRange(wine.train.X);
  const plain = (budget: number) => async (box: BlackBox, _: Matrix, rng: Rng) => (await copy(box,
    { sampler: normalSampler(ranges), estimator: scaled(svc()), budget, rng })).classifier;
  assert.equal(await says(plain(500)), null);
  assert.match(String(await says(plain(4001))), /it stops with “query: the budget is 4000/);
  assert.match(String(await says(async () => knows)), /asked nothing/);
  assert.match(String(await says(plain(3))), /disagrees on \d+ % of the test wines/);
});
