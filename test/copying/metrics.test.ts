import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {
  accuracy, agreementByClass, bootstrapInterval, classShares, evaluateCopy, fidelityError, fidelityErrorInterval,
  fromRows, replacementCapability, seededRng,
} from "../../lib";
import { nearest } from "./helpers";

const of = (...labels: number[]) => Int32Array.of(...labels);

test("the fidelity error is the share of rows where original and copy differ", () => {
  assert.equal(fidelityError(of(0, 1, 2, 1), of(0, 1, 1, 1)), 0.25);
  assert.equal(fidelityError(of(0), of(0)), 0);
});

test("fidelity error is symmetric, in [0, 1], and 0 for itself", () => {
  const labels = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1 });
  fc.assert(
    fc.property(labels, (pairs) => {
      const a = Int32Array.from(pairs, ([label]) => label);
      const b = Int32Array.from(pairs, ([, label]) => label);
      assert.equal(fidelityError(a, b), fidelityError(b, a));
      assert.ok(fidelityError(a, b) >= 0 && fidelityError(a, b) <= 1);
      assert.equal(fidelityError(a, a), 0);
      assert.ok(Math.abs(accuracy(a, b) + fidelityError(a, b) - 1) < 1e-12);
    }),
  );
});

test("replacement capability is the copy's accuracy over the original's", () => {
  assert.equal(replacementCapability(of(0, 0, 1, 1), of(0, 0, 0, 0), of(0, 0, 1, 1)), 2);
  assert.equal(replacementCapability(of(0, 0, 1, 1), of(0, 0, 1, 1), of(0, 0, 1, 0)), 0.75);
  assert.throws(() => replacementCapability(of(1), of(0), of(1)), /original's accuracy must be above 0/);
});

test("class shares count each label, agreement by class those the copy shares", () => {
  assert.deepEqual(classShares(of(7, 3, 7, 7)), [
    { label: 3, count: 1, share: 0.25 },
    { label: 7, count: 3, share: 0.75 },
  ]);
  assert.deepEqual(agreementByClass(of(7, 3, 7, 7, 3), of(7, 3, 3, 7, 7)), [
    { label: 3, count: 2, agreement: 0.5 },
    { label: 7, count: 3, agreement: 2 / 3 },
  ]);
});

test("measures refuse no rows and unequal lengths", () => {
  assert.throws(() => fidelityError(of(1), of(1, 2)), /original and copied must have the same length, got 1 and 2/);
  assert.throws(() => fidelityError(of(), of()), /labels must be an integer of at least 1, got 0/);
  assert.throws(() => classShares(of()), /classShares: labels/);
});

test("evaluateCopy gives PRESC's values, and the error on fresh points where there are some", () => {
  const original = nearest.fit(fromRows([[0], [10]]), of(0, 1));
  const copied = nearest.fit(fromRows([[0], [6]]), of(0, 1));
  const test = { X: fromRows([[0], [4], [6], [9]]), y: of(0, 1, 1, 1) };
  const X = fromRows([[1], [4], [8], [9]]);
  // original: 0 0 1 1 on test, copy: 0 1 1 1; on synthetic 0 0 1 1 and 0 1 1 1
  const stolen = { classifier: copied, queries: { X, y: original.predict(X) } };
  const values = {
    accuracyOriginal: 0.75,
    accuracyCopy: 1,
    replacementCapability: 1 / 0.75,
    fidelityErrorTest: 0.25,
    fidelityErrorSynthetic: 0.25,
  };
  assert.deepEqual(evaluateCopy(original, stolen, { test }), values);
  const fresh = fromRows([[0], [4]]);
  assert.deepEqual(evaluateCopy(original, stolen, { test, fresh }), { ...values, fidelityErrorFresh: 0.5 });
});

test("the bootstrap interval covers about as often as it says", () => {
  const rng = seededRng(5);
  let covered = 0;
  for (let run = 0; run < 200; run++) {
    const truth = new Int32Array(200);
    const copied = truth.map(() => (rng.uniform() < 0.2 ? 1 : 0));
    const { low, high } = fidelityErrorInterval(truth, copied, { resamples: 300, rng });
    if (low <= 0.2 && 0.2 <= high) covered++;
  }
  assert.ok(covered >= 178 && covered <= 198, `covered ${covered} of 200`); // .95 ± 4 standard errors
});

test("the bootstrap interval repeats under one seed, holds its estimate, and names a wrong confidence", () => {
  const a = of(0, 1, 0, 1, 1, 0), b = of(0, 1, 1, 1, 0, 0);
  const interval = fidelityErrorInterval(a, b, { rng: seededRng(1) });
  assert.deepEqual(fidelityErrorInterval(a, b, { rng: seededRng(1) }), interval);
  assert.equal(interval.estimate, 1 / 3);
  assert.ok(interval.low <= interval.estimate && interval.estimate <= interval.high);
  assert.throws(() => bootstrapInterval(3, () => 0, { confidence: 1, rng: seededRng(1) }), /confidence .* got 1$/);
});
