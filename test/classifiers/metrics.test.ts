import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { accuracy, classReport, confusionMatrix, fromRows, logLoss, rocAuc } from "../../lib";

const truth = Int32Array.of(0, 0, 1, 1, 2, 2);
const predicted = Int32Array.of(0, 1, 1, 1, 0, 0);

test("accuracy and confusionMatrix count by hand", () => {
  assert.equal(accuracy(truth, predicted), 0.5);
  assert.deepEqual(confusionMatrix(truth, predicted).counts, [[1, 1, 0], [0, 2, 0], [2, 0, 0]]);
  assert.deepEqual(confusionMatrix(truth, predicted, Int32Array.of(2, 1, 0, 5)).counts[0], [0, 0, 2, 0]);
});

test("classReport counts by hand, with 0 for a class that is never called", () => {
  assert.deepEqual(classReport(truth, predicted), [
    { label: 0, precision: 1 / 3, recall: 0.5, f1: 0.4, support: 2 },
    { label: 1, precision: 2 / 3, recall: 1, f1: 0.8, support: 2 },
    { label: 2, precision: 0, recall: 0, f1: 0, support: 2 },
  ]);
});

test("logLoss and rocAuc equal scikit-learn 1.9's log_loss and roc_auc_score", () => {
  const P = fromRows([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]);
  assert.ok(Math.abs(logLoss(Int32Array.of(0, 1, 1), P, Int32Array.of(0, 1)) - 0.414931599615397) < 1e-12);
  assert.ok(Math.abs(rocAuc(Int32Array.of(0, 0, 1, 1, 1), [0.1, 0.4, 0.4, 0.8, 0.2]) - 0.75) < 1e-12);
});

test("rocAuc is the share of pairs in the right order, ties counting half", () => {
  const row = fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 5 }));
  fc.assert(fc.property(fc.array(row, { minLength: 2 }), (rows) => {
    const positives = rows.filter(([label]) => label === 1).map(([, s]) => s);
    const negatives = rows.filter(([label]) => label === 0).map(([, s]) => s);
    fc.pre(positives.length > 0 && negatives.length > 0);
    const wins = positives.flatMap((p) => negatives.map((q) => (p > q ? 1 : p === q ? 0.5 : 0) as number));
    const area = rocAuc(Int32Array.from(rows, ([label]) => label), rows.map(([, s]) => s));
    assert.ok(Math.abs(area - wins.reduce((a, b) => a + b, 0) / wins.length) < 1e-12);
  }), { seed: 2 });
});

test("metrics refuse lengths that differ, nothing, and labels that can't be placed", () => {
  const none = new Int32Array(0);
  assert.throws(() => accuracy(truth, Int32Array.of(0)), { name: "RangeError", message: /same length, got 6 and 1/ });
  assert.throws(() => accuracy(none, none), /at least one label, got 0/);
  assert.throws(() => confusionMatrix(truth, predicted, Int32Array.of(0, 1)), /labels must be among 0, 1, got 2, 0/);
  const P = fromRows([[1, 0]]);
  assert.throws(() => logLoss(Int32Array.of(3), P, Int32Array.of(0, 1)), /labels must be among 0, 1, got 3/);
  assert.throws(() => rocAuc(Int32Array.of(1, 1), [0, 1]), /both labels must occur, got 2 positive and 0 negative/);
  assert.throws(() => rocAuc(Int32Array.of(1, 2), [0, 1]), /labels must be 0 or 1, got 2/);
});
