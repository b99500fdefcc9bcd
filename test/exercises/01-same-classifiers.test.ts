import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Classifier, type Sampler, blackBox, copy, dynamicalRange, normalSampler, pipeline, seededRng,
  standardScaler, svc, uniformSampler,
} from "../../lib";
import { exercises } from "../../notebooks/01-same-classifiers/exercises";
import { halvesOf, judging } from "./helpers";

const judge = judging(exercises);

test("01-2 tells ranges twice as wide from known, thrice, shifted and missing ones", async () => {
  const iris = await halvesOf("iris");
  const known = dynamicalRange(iris.train.X);
  const widened = (below: number, above: number) => known.map((range) => ({
    ...range, min: range.min - below * (range.max - range.min), max: range.max + above * (range.max - range.min) }));
  const finding = async (answer: typeof known) => (await judge("01-2", answer, iris)).finding;
  assert.equal(await finding(widened(0.5, 0.5)), null);
  assert.match(String(await finding(known)), /as wide as the known/);
  assert.match(String(await finding(widened(1, 1))), /three times as wide/);
  assert.match(String(await finding(widened(0, 1))), /not around the same middle/);
  assert.match(String(await finding(widened(0.25, 0.25))), /feature 0 is 1\.50 times/);
  assert.match(String(await finding(known.slice(1))), /4 features, and you give 3/);
});

test("01-1 wants a copy better than uniform ones, and not the original", async () => {
  const wine = await halvesOf("wine");
  const family = pipeline(standardScaler(), svc());
  const model = family.fit(wine.train.X, wine.train.y);
  const ranges = dynamicalRange(wine.train.X);
  const copied = async (sampler: Sampler, budget: number) => (await copy(blackBox(model),
    { sampler, estimator: family, budget, rng: seededRng(42) })).classifier;
  const judged = async (answer: Classifier) => judge("01-1", answer, wine, 42);
  assert.equal((await judged(await copied(normalSampler(ranges), 200))).verdict, "right");
  assert.match(String((await judged(await copied(uniformSampler(ranges), 20))).finding), /it can do better/);
  assert.match(String((await judged(model)).finding), /is it the original/);
});

test("01-3 knows errors that stand in each other's place, 01-4 the budget and the steps before the last", async () => {
  const wine = await halvesOf("wine");
  const all = { balanced: 1.5, all: 0 };
  assert.match(String((await judge("01-3", all, wine, 42)).finding), /at most 1/);
  const iris = await halvesOf("iris");
  assert.match(String((await judge("01-4", 5000, iris, 42)).finding), /budget/);
  assert.match(String((await judge("01-4", 1, iris, 42)).finding), /no step/);
});
