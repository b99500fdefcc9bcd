import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { demographicParityDifference, massagedLabels } from "../../lib";

test("massaging by hand: the surest of the poor group rises, the least sure of the rich group falls", () => {
  const y = Int32Array.of(0, 0, 0, 1, 1, 1, 1, 0);
  const groups = Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1);
  const scores = [0.1, 0.4, 0.2, 0.9, 0.6, 0.9, 0.8, 0.1];
  const { y: after, changed } = massagedLabels(y, { groups, scores });
  assert.deepEqual([...changed], [1, 4]);
  assert.deepEqual([...after], [0, 1, 0, 1, 0, 1, 1, 0]);
  assert.equal(demographicParityDifference(after, groups), 0);
  assert.deepEqual([...y], [0, 0, 0, 1, 1, 1, 1, 0], "the labels given stay");
});

const person = fc.tuple(fc.nat(1), fc.nat(2), fc.double({ min: 0, max: 1, noNaN: true }));

test("strength 0 changes nothing, 1 leaves a gap of less than a person a group, any labels stay labels", () => {
  fc.assert(fc.property(fc.array(person, { minLength: 1, maxLength: 60 }), fc.double({ min: 0, max: 10, noNaN: true }),
    (people, strength) => {
      const [y, groups] = [0, 1].map((k) => Int32Array.from(people, (one) => one[k]));
      const scores = people.map(([, , score]) => score);
      assert.equal(massagedLabels(y, { groups, scores, strength: 0 }).changed.length, 0);
      const even = massagedLabels(y, { groups, scores }).y;
      const smallest = [0, 1, 2].map((g) => groups.filter((own) => own === g).length).filter((n) => n > 0);
      assert.ok(demographicParityDifference(even, groups) <= 1 / Math.min(...smallest) + 1e-12);
      assert.ok(massagedLabels(y, { groups, scores, strength }).y.every((label) => label === 0 || label === 1));
    }));
});

test("above strength 1 the gap turns round, as far as there are labels to change", () => {
  const y = Int32Array.from({ length: 100 }, (_, i) => Number(i % 10 < (i < 50 ? 2 : 8)));
  const groups = Int32Array.from({ length: 100 }, (_, i) => Number(i >= 50));
  const scores = Array.from({ length: 100 }, (_, i) => i / 100);
  const rate = (labels: Int32Array, g: number) =>
    labels.filter((label, i) => groups[i] === g && label === 1).length / 50;
  const turned = massagedLabels(y, { groups, scores, strength: 2 }).y;
  assert.deepEqual([rate(turned, 0), rate(turned, 1)], [0.8, 0.2]);
  const most = massagedLabels(y, { groups, scores, strength: 10 }).y;
  assert.deepEqual([rate(most, 0), rate(most, 1)], [1, 0]);
});

test("massaging names other labels and strengths, and numbers that are not", () => {
  const y = Int32Array.of(0, 1);
  const options = { groups: y, scores: [0, 1] };
  assert.throws(() => massagedLabels(Int32Array.of(0, 2), options), /labels must be 1 or 0, got 2/);
  assert.throws(() => massagedLabels(y, { ...options, strength: 11 }), /strength must be in \[0, 10\], got 11/);
  assert.throws(() => massagedLabels(y, { ...options, scores: [0, NaN] }), /scores must be finite, got NaN/);
  assert.throws(() => massagedLabels(y, { ...options, scores: [0] }), /y and scores must have the same length/);
  assert.throws(() => massagedLabels(new Int32Array(0), { groups: new Int32Array(0), scores: [] }), /rows must be/);
});
