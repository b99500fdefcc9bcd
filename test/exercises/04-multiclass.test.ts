import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type BlackBox, type Classifier, type Rng, balancedQueries, constantClassifier, copy, dynamicalRange, normalSampler,
  pipeline, randomForest, seededRng, standardScaler, svc, uniformSampler,
} from "../../lib";
import { exercises } from "../../notebooks/04-multiclass/exercises";
import { halvesOf, judging } from "./helpers";

const judge = judging(exercises);

test("04-1 and 04-3 tell the likely mistakes", async () => {
  const answers = Int32Array.of(0, 0, 0, 1);
  const copied = Int32Array.of(0, 0, 0, 0);
  assert.equal((await judge("04-1", 3, answers, 5)).verdict, "right");
  assert.match(String((await judge("04-1", 2, answers, 5)).finding), /does answer/);
  // By hand: class 0 agrees wholly, class 1 not at all: the mean is 1/2; one row of four differs. Then 1, 0 and 1.
  const three = [Int32Array.of(0, 0, 0, 1, 2), Int32Array.of(0, 0, 0, 0, 2)] as const;
  assert.equal((await judge("04-3", 0.5, answers, copied)).verdict, "right");
  assert.match(String((await judge("04-3", 0.25, answers, copied)).finding), /plain fidelity/);
  assert.match(String((await judge("04-3", 2 / 3, ...three)).finding), /mean agreement/);
});

test("04-2 wants a copy that finds the rare class and keeps the others", async () => {
  const ecoli = await halvesOf("ecoli");
  const original = randomForest({ rng: seededRng(42) }).fit(ecoli.train.X, ecoli.train.y);
  const cloud = normalSampler(dynamicalRange(ecoli.train.X));
  const setting = { original, cloud, test: ecoli.test, seed: 42 };
  const rare = ecoli.test.classNames.indexOf("imU");
  const verdict = (answer: (box: BlackBox, rng: Rng) => Promise<Classifier>) => judge("04-2", answer, setting, rare);
  const balanced = async (box: BlackBox, rng: Rng): Promise<Classifier> => {
    const { X, y } = await balancedQueries(box, cloud, { n: 500, batch: 500, maxTries: 4, rng });
    return randomForest({ rng }).fit(X, y);
  };
  assert.equal((await verdict(balanced)).verdict, "right");
  const plain = async (box: BlackBox, rng: Rng): Promise<Classifier> => (await copy(box, {
    sampler: cloud, estimator: randomForest({ rng: rng.spawn(0) }), budget: 2000, rng })).classifier;
  assert.match(String((await verdict(plain)).finding), /agrees on \d+\.\d % of the rows of the rare class/);
  const always = constantClassifier("always", rare, ecoli.test.X.shape[1]);
  assert.match(String((await verdict(() => Promise.resolve(always))).finding), /too often/);
  assert.match(String((await verdict(() => Promise.resolve(original))).finding), /is the original/);
});

test("04-4 wants a family that beats the forest", async () => {
  const wine = await halvesOf("wine");
  const original = pipeline(standardScaler(), svc()).fit(wine.train.X, wine.train.y);
  const setting = { original, cloud: uniformSampler(dynamicalRange(wine.train.X)), test: wine.test, seed: 1 };
  assert.equal((await judge("04-4", () => pipeline(standardScaler(), svc()), setting)).verdict, "right");
  assert.match(String((await judge("04-4", (rng) => randomForest({ rng }), setting)).finding), /is wanted/);
});
