import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  accuracy, deserialize, fromRows, loadTable, logisticRegression, onFeatures, decisionTree, scorecard,
  type ScorecardClassifier,
} from "../../lib";
import { throughJson } from "./helpers";

test("a scorecard's points are whole, at most maxPoints, and add up to its answer", async () => {
  const table = await loadTable("breast-cancer-wisc");
  const card = scorecard({ maxPoints: 5 }).fit(table.X, table.y) as ScorecardClassifier;
  assert.ok(card.points.some((points) => Math.abs(points) === 5));
  assert.ok(card.points.every((points) => Math.abs(points) <= 5));
  const sums = card.score(table.X);
  const answers = card.predict(table.X);
  for (let i = 0; i < sums.length; i++) assert.equal(answers[i], Number(sums[i] > card.threshold));
  const full = accuracy(table.y, logisticRegression().fit(table.X, table.y).predict(table.X));
  assert.ok(accuracy(table.y, answers) > full - 0.02, "whole points cost little");
});

test("one feature by hand: above 2 is the second class", () => {
  const card = scorecard({ maxPoints: 1 }).fit(fromRows([[1], [2], [3], [4]]), Int32Array.of(4, 4, 9, 9));
  assert.deepEqual([...(card as ScorecardClassifier).points], [1]);
  assert.equal((card as ScorecardClassifier).threshold, 2.5);
  assert.deepEqual([...card.predict(fromRows([[0], [2.4], [2.6]]))], [4, 4, 9]);
});

test("a scorecard and a blind classifier are the same after a trip through JSON", () => {
  const X = fromRows([[0, 1], [1, 1], [0, 0], [1, 0], [2, 5]]);
  const y = Int32Array.of(0, 1, 0, 1, 1);
  for (const classifier of [scorecard().fit(X, y), onFeatures(scorecard(), [0]).fit(X, y)]) {
    const again = deserialize(throughJson(classifier));
    assert.deepEqual(again.predict(X), classifier.predict(X));
    assert.deepEqual(again.predictProba!(X), classifier.predictProba!(X));
  }
});

test("whatever the rows, also constant ones, probabilities are largest at the label", () => {
  const row = fc.tuple(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 2, maxLength: 2 }), fc.nat(1));
  fc.assert(fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (data) => {
    const X = fromRows(data.map(([x]) => x));
    const y = Int32Array.from(data, ([, label]) => label);
    const card = scorecard({ maxPoints: 3 }).fit(X, y);
    const P = card.predictProba!(X);
    card.predict(X).forEach((label, i) => {
      const own = P.data[i * card.classes.length + card.classes.indexOf(label)];
      assert.ok(own >= 1 / card.classes.length - 1e-12);
    });
  }));
});

test("scorecard refuses three classes and no points", () => {
  const X = fromRows([[1], [2], [3]]);
  assert.throws(() => scorecard().fit(X, Int32Array.of(0, 1, 2)), /y must have two classes, got 3/);
  assert.throws(() => scorecard({ maxPoints: 0 }), /maxPoints must be an integer in \[1, 1000\], got 0/);
  assert.throws(() => scorecard({ C: 0 }), /C must be a finite number above 0, got 0/);
});

test("onFeatures learns and answers without the features it does not see", () => {
  const X = fromRows([[0, 5], [1, 6], [0, 7], [1, 8]]);
  const blind = onFeatures(decisionTree(), [1]).fit(X, Int32Array.of(0, 1, 0, 1));
  const changed = fromRows([[9, 5], [-3, 6], [9, 7], [4, 8]]);
  assert.deepEqual(blind.predict(changed), blind.predict(X));
  assert.equal(blind.numFeatures, 2);
  assert.throws(() => onFeatures(decisionTree(), []), /number of features must be an integer of at least 1, got 0/);
  assert.throws(() => onFeatures(decisionTree(), [1, 1]), /features must differ, got 1, 1/);
  assert.throws(() => onFeatures(decisionTree(), [2]).fit(X, Int32Array.of(0, 1, 0, 1)), /feature must be .*got 2/);
});
