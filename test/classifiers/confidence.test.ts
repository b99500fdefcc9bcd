import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  calibrated, calibrationBins, calibrationError, confidences, decisionTree, deserialize, fromRows, gaussianNaiveBayes,
  loadTable, logLoss, rejecting, rejectionCurve, seededRng, stratifiedSplit, subset, svc,
} from "../../lib";
import { throughJson } from "./helpers";

async function overconfident() {
  const digits = await loadTable("digits");
  const { train, test: rest } = stratifiedSplit(digits.y, { testFraction: 0.5, rng: seededRng(1) });
  const held = subset(digits, rest);
  return { classifier: gaussianNaiveBayes().fit(subset(digits, train).X, subset(digits, train).y), held };
}

test("calibration keeps every label, lowers log loss and calibration error, and goes through JSON", async () => {
  const { classifier, held } = await overconfident();
  const honest = calibrated(classifier, held.X, held.y);
  assert.ok(honest.temperature > 2, `naive Bayes is too sure: ${honest.temperature}`);
  assert.deepEqual(honest.predict(held.X), classifier.predict(held.X));
  const loss = (c: typeof classifier) => logLoss(held.y, c.predictProba!(held.X), c.classes);
  assert.ok(loss(honest) < loss(classifier));
  const isRight = honest.predict(held.X).map((label, i) => Number(label === held.y[i]));
  const gap = (c: typeof classifier) => calibrationError(isRight, confidences(c.predictProba!(held.X)));
  assert.ok(gap(honest) < gap(classifier) / 2, `${gap(honest)} of ${gap(classifier)}`);
  const again = deserialize(throughJson(honest));
  assert.deepEqual(again.predictProba!(held.X), honest.predictProba(held.X));
});

test("calibration bins by hand: two of four right where .9 is claimed", () => {
  const bins = calibrationBins(Int32Array.of(1, 0, 1, 0, 1), Float64Array.of(0.9, 0.9, 0.9, 0.9, 0.1), { bins: 2 });
  assert.deepEqual(bins.map(({ count, accuracy }) => [count, accuracy]), [[1, 1], [4, 0.5]]);
  const error = calibrationError(Int32Array.of(1, 0, 1, 0, 1), Float64Array.of(0.9, 0.9, 0.9, 0.9, 0.1), { bins: 2 });
  assert.ok(Math.abs(error - (4 * 0.4 + 1 * 0.9) / 5) < 1e-12);
});

test("a careful classifier is silent where it is not sure, and its curve says what that gains", async () => {
  const { classifier, held } = await overconfident();
  const sure = confidences(classifier.predictProba!(held.X));
  const answers = classifier.predict(held.X);
  const isRight = answers.map((label, i) => Number(label === held.y[i]));
  const curve = rejectionCurve(isRight, sure);
  const { atLeast, coverage, accuracy: among } = curve[Math.floor(curve.length / 2)];
  const careful = rejecting(classifier, { atLeast });
  const said = careful.predict(held.X);
  const kept = [...said.keys()].filter((i) => said[i] !== -1);
  assert.ok(Math.abs(kept.length / said.length - coverage) < 1e-12);
  assert.ok(Math.abs(kept.filter((i) => isRight[i]).length / kept.length - among) < 1e-12);
  assert.deepEqual(deserialize(throughJson(careful)).predict(held.X), said);
});

test("a rejection curve by hand, equal confidences together", () => {
  assert.deepEqual(rejectionCurve(Int32Array.of(1, 0, 1), Float64Array.of(0.5, 0.5, 0.8)), [
    { atLeast: 0.8, coverage: 1 / 3, accuracy: 1 }, { atLeast: 0.5, coverage: 1, accuracy: 2 / 3 },
  ]);
});

test("whatever the confidences, the last point of the curve is all rows, and bins hold every row", () => {
  const one = fc.tuple(fc.nat(1), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(fc.property(fc.array(one, { minLength: 1, maxLength: 50 }), (rows) => {
    const isRight = Int32Array.from(rows, ([right]) => right);
    const confidence = Float64Array.from(rows, ([, value]) => value);
    const last = rejectionCurve(isRight, confidence).at(-1)!;
    assert.equal(last.coverage, 1);
    assert.ok(Math.abs(last.accuracy - isRight.reduce((a, b) => a + b, 0) / rows.length) < 1e-12);
    assert.equal(calibrationBins(isRight, confidence).reduce((sum, { count }) => sum + count, 0), rows.length);
    const error = calibrationError(isRight, confidence);
    assert.ok(error >= 0 && error <= 1);
  }));
});

test("one class, and a tree that is always sure, are calibrated too", () => {
  const X = fromRows([[1], [2], [3], [4]]);
  const one = calibrated(decisionTree().fit(X, Int32Array.of(5, 5, 5, 5)), X, Int32Array.of(5, 5, 5, 5));
  assert.deepEqual([...one.predictProba(X).data], [1, 1, 1, 1]);
  const sure = decisionTree().fit(X, Int32Array.of(0, 0, 1, 1));
  const doubted = calibrated(sure, X, Int32Array.of(0, 1, 1, 0)).predictProba(X);
  assert.ok(Math.max(...doubted.data) < 0.9, "half of its answers were wrong");
  const unseen = calibrated(sure, X, Int32Array.of(0, 0, 7, 7));
  assert.ok(unseen.predictProba(X).data.every(Number.isFinite), "a class that the classifier does not know");
});

test("calibration and rejection say what they can't take", () => {
  const X = fromRows([[1], [2], [3], [4]]);
  const y = Int32Array.of(0, 0, 1, 1);
  const silent = svc().fit(X, y);
  assert.throws(() => calibrated(silent, X, y), /classifier must give probabilities, svc does not/);
  assert.throws(() => rejecting(silent, { atLeast: 0.5 }), /classifier must give probabilities, svc does not/);
  const tree = decisionTree().fit(X, y);
  assert.throws(() => rejecting(tree, { atLeast: 1.1 }), /atLeast must be in \[0, 1\], got 1.1/);
  assert.throws(() => rejecting(tree, { atLeast: 0.5, rejected: 1 }), /rejected must be no class, got 1/);
  assert.throws(() => calibrationError(new Int32Array(0), []), /rows must be an integer of at least 1, got 0/);
  assert.throws(() => calibrationBins(Int32Array.of(1), [NaN]), /confidence must be in \[0, 1/);
});
