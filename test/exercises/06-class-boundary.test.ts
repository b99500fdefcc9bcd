import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Classifier, blackBox, boundaryPoints, decisionMap, dynamicalRange, fidelityError, pipeline,
  randomForest, seededRng, standardScaler, svc, uniformSampler,
} from "../../lib";
import { exercises } from "../../notebooks/06-class-boundary/exercises";
import { halvesOf, judging } from "./helpers";

const judge = judging(exercises);

test("06-1 knows the label across the boundary, 06-2 refuses equal means, 06-3 the original's own map", async () => {
  const iris = await halvesOf("iris");
  const original = pipeline(standardScaler(), svc()).fit(iris.train.X, iris.train.y);
  const ranges = dynamicalRange(iris.train.X);
  const known = { X: iris.train.X, y: original.predict(iris.train.X) };
  const found = await boundaryPoints(blackBox(original), known, { ranges, n: 1000, rng: seededRng(42) });
  const learned = (y: Int32Array) => fidelityError(original.predict(iris.test.X),
    randomForest({ numTrees: 100, rng: seededRng(42) }).fit(found.X, y).predict(iris.test.X));
  assert.equal((await judge("06-1", learned(original.predict(found.X)), iris, found, 42)).verdict, "right");
  assert.match(String((await judge("06-1", learned(found.otherLabels), iris, found, 42)).finding), /otherLabels/);
  assert.match(String((await judge("06-2", { few: 0.1, many: 0.1 }, iris, 1)).finding), /equal to the last/);
  const map = (features: [number, number], model: Classifier) =>
    decisionMap((X) => model.predict(X), { ranges, features, resolution: 40 });
  assert.match(String((await judge("06-3", await map([2, 3], original), iris)).finding), /own map/);
  assert.match(String((await judge("06-3", await map([0, 1], original), iris)).finding), /another plane/);
  const cloud = uniformSampler(ranges).sample(1000, seededRng(1));
  const copied = pipeline(standardScaler(), svc()).fit(cloud, original.predict(cloud));
  assert.equal((await judge("06-3", await map([2, 3], copied), iris)).verdict, "right");
});
