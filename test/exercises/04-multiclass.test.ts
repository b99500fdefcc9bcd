import assert from "node:assert/strict";
import { test } from "node:test";
import { dynamicalRange, pipeline, randomForest, standardScaler, svc, uniformSampler } from "../../lib";
import { exercises } from "../../notebooks/04-multiclass/exercises";
import { halvesOf, judging } from "./helpers";

const judge = judging(exercises);

test("04-1 to 04-3 tell the likely mistakes", async () => {
  const answers = Int32Array.of(0, 0, 0, 1);
  const copied = Int32Array.of(0, 0, 0, 0);
  assert.equal((await judge("04-1", 3, answers, 5)).verdict, "right");
  assert.match(String((await judge("04-1", 2, answers, 5)).finding), /does answer/);
  const rows = [{ class: "a", agreement: 0.9 }, { class: "b", agreement: 0.2 }];
  assert.equal((await judge("04-2", "b", rows)).verdict, "right");
  assert.match(String((await judge("04-2", "a", rows)).finding), /0\.900, and one is lower/);
  assert.match(String((await judge("04-2", "c", rows)).finding), /not among a; b/);
  // By hand: class 0 agrees wholly, class 1 not at all: the mean is 1/2; one row of four differs. Then 1, 0 and 1.
  const three = [Int32Array.of(0, 0, 0, 1, 2), Int32Array.of(0, 0, 0, 0, 2)] as const;
  assert.equal((await judge("04-3", 0.5, answers, copied)).verdict, "right");
  assert.match(String((await judge("04-3", 0.25, answers, copied)).finding), /plain fidelity/);
  assert.match(String((await judge("04-3", 2 / 3, ...three)).finding), /mean agreement/);
});

test("04-4 wants a family that beats the forest", async () => {
  const wine = await halvesOf("wine");
  const original = pipeline(standardScaler(), svc()).fit(wine.train.X, wine.train.y);
  const setting = { original, cloud: uniformSampler(dynamicalRange(wine.train.X)), test: wine.test, seed: 1 };
  assert.equal((await judge("04-4", () => pipeline(standardScaler(), svc()), setting)).verdict, "right");
  assert.match(String((await judge("04-4", (rng) => randomForest({ rng }), setting)).finding), /is wanted/);
});
