import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  demographicParityDifference, demographicParityRatio, encodeGroups, equalizedOddsDifference,
  equalOpportunityDifference, groupRates, loadCompas, seededRng,
} from "../../lib";

const drawn = (seed: number, numGroups: number) => {
  const rng = seededRng(seed);
  const draw = (k: number) => Int32Array.from({ length: 400 }, () => rng.integer(k));
  return { truth: draw(2), predicted: draw(2), groups: draw(numGroups) };
};

const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}, fairlearn ${expected}`);

// fairlearn 0.15.0 on labels and groups drawn by NumPy's RandomState(seed): seed, groups, demographic parity difference
// and ratio, equal opportunity and equalized odds difference.
const references = [
  [0, 2, 0.07048822688633122, 0.867205215419501, 0.16096256684491983, 0.16096256684491983],
  [1, 3, 0.09361221028829847, 0.8140579384684482, 0.06721639180409794, 0.2549719530851607],
  [2, 5, 0.12574639971900248, 0.7770859277708593, 0.10193871169480928, 0.16447876447876447],
];

for (const [seed, numGroups, parity, ratio, opportunity, odds] of references)
  test(`the fairness measures of ${numGroups} groups are fairlearn's`, () => {
    const { truth, predicted, groups } = drawn(seed, numGroups);
    close(demographicParityDifference(predicted, groups), parity);
    close(demographicParityRatio(predicted, groups), ratio);
    close(equalOpportunityDifference(truth, predicted, groups), opportunity);
    close(equalizedOddsDifference(truth, predicted, groups), odds);
  });

test("COMPAS's own score, cut at 5, has fairlearn's gaps between black and white defendants", async () => {
  const { rows, y } = await loadCompas();
  const isOne = rows.map(({ race }) => race === "African-American" || race === "Caucasian");
  const { groups, groupNames } = encodeGroups(rows.filter((_, i) => isOne[i]).map(({ race }) => race));
  const predicted = Int32Array.from(rows.filter((_, i) => isOne[i]), (row) => Number(row.decile_score >= 5));
  const truth = y.filter((_, i) => isOne[i]);
  assert.deepEqual(groupNames, ["African-American", "Caucasian"]);
  assert.equal(truth.length, 5278);
  close(demographicParityDifference(predicted, groups), 0.2451072146652139);
  close(equalizedOddsDifference(truth, predicted, groups), 0.2115821530429738);
  const [black, white] = groupRates(truth, predicted, groups);
  assert.ok(Math.abs(black.falsePositiveRate - 0.423382) < 1e-6 && Math.abs(white.falsePositiveRate - 0.220141) < 1e-6);
});

test("groupRates counts by hand: three women, two men", () => {
  const truth = Int32Array.of(1, 1, 0, 1, 0);
  const predicted = Int32Array.of(1, 0, 1, 1, 0);
  assert.deepEqual(groupRates(truth, predicted, Int32Array.of(0, 0, 0, 1, 1)), [
    { group: 0, count: 3, selectionRate: 2 / 3, truePositiveRate: 1 / 2, falsePositiveRate: 1, accuracy: 1 / 3 },
    { group: 1, count: 2, selectionRate: 1 / 2, truePositiveRate: 1, falsePositiveRate: 0, accuracy: 1 },
  ]);
});

test("one group, one label, and a perfect classifier leave no gap; any gap is in [0, 1]", () => {
  const person = fc.tuple(fc.nat(1), fc.nat(1), fc.nat(2));
  fc.assert(fc.property(fc.array(person, { minLength: 1, maxLength: 40 }), (people) => {
    const [truth, predicted, groups] = [0, 1, 2].map((k) => Int32Array.from(people, (one) => one[k]));
    const parity = demographicParityDifference(predicted, groups);
    assert.ok(parity >= 0 && parity <= 1);
    assert.equal(demographicParityDifference(predicted, groups.map(() => 7)), 0);
    assert.equal(demographicParityDifference(predicted.map(() => 1), groups), 0);
    assert.equal(demographicParityRatio(predicted.map(() => 0), groups), 1);
    const full = groupRates(truth, truth, groups);
    for (const { truePositiveRate, falsePositiveRate } of full) {
      assert.ok(Number.isNaN(truePositiveRate) || truePositiveRate === 1);
      assert.ok(Number.isNaN(falsePositiveRate) || falsePositiveRate === 0);
    }
  }));
});

test("a gap does not depend on the order of people, nor on the numbers of the groups", () => {
  const { truth, predicted, groups } = drawn(5, 3);
  const order = seededRng(9).permutation(400);
  const shuffled = (values: Int32Array) => order.map((i) => values[i]);
  const again = equalizedOddsDifference(shuffled(truth), shuffled(predicted), shuffled(groups).map((g) => 10 - 3 * g));
  assert.ok(Math.abs(again - equalizedOddsDifference(truth, predicted, groups)) < 1e-15);
});

test("a group without positives has no true positive rate, and the measure says which group", () => {
  const truth = Int32Array.of(0, 0, 1, 0);
  const groups = Int32Array.of(4, 4, 5, 5);
  const message = /each group must have a row that is positive, group 4 has none/;
  assert.throws(() => equalizedOddsDifference(truth, truth, groups), { name: "RangeError", message });
  assert.throws(() => equalOpportunityDifference(truth, truth, groups), { name: "RangeError", message });
  assert.throws(() => demographicParityDifference(truth, groups.slice(1)), /predicted and groups must have the same/);
  assert.throws(() => demographicParityDifference(new Int32Array(0), new Int32Array(0)), /rows must be an integer/);
});
