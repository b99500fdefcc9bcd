import assert from "node:assert/strict";
import { test } from "node:test";
import { loadAdult, loadCompas, loadGermanCredit, rowOf, subsetPeople } from "../../lib";
import { tableText } from "../../lib/data/tables/table-text";

const sum = (values: Int32Array): number => values.reduce((total, value) => total + value, 0);

// Counts of people and of the positive class: pandas 3.1.1 on the same files.
test("loadAdult gives 30,162 and 15,060 people, 7,508 and 3,700 of them above 50,000 dollars", async () => {
  const { train, test: half } = await loadAdult();
  assert.deepEqual([train.X.shape, half.X.shape], [[30162, 87], [15060, 87]]);
  assert.deepEqual([sum(train.y), sum(half.y)], [7508, 3700]);
  assert.deepEqual(train.classNames, ["<=50K", ">50K"]);
  assert.deepEqual(half.featureNames, train.featureNames);
  assert.equal(train.rows[0].age, 39);
  assert.equal(train.rows[0].sex, "Male");
  assert.ok(!train.featureNames.some((name) => /fnlwgt|^education=/.test(name)));
});

test("loadAdult keeps people with a missing name where it is a category", async () => {
  const { train, test: half } = await loadAdult({ missing: "category" });
  assert.deepEqual([train.rows.length, half.rows.length], [32561, 16281]);
  assert.ok(train.featureNames.includes("workclass=?"));
  assert.equal(train.rows.filter(({ workclass }) => workclass === "?").length, 1836);
  await assert.rejects(loadAdult({ missing: "median" as "drop" }), /missing must be one of drop, category/);
});

test("a row's numbers are its features, and each category is one feature of its block", async () => {
  const { train } = await loadAdult();
  const at = (name: string): number => train.featureNames.indexOf(name);
  for (const i of [0, 1000, 30161]) {
    const features = rowOf(train.X, i);
    assert.equal(features[at("age")], train.rows[i].age);
    assert.equal(features[at(`occupation=${train.rows[i].occupation}`)], 1);
    const block = train.featureNames.flatMap((name, j) => (name.startsWith("occupation=") ? [features[j]] : []));
    assert.equal(block.reduce((a, b) => a + b, 0), 1);
  }
});

test("loadGermanCredit has 700 good credits of 1,000, 310 women, and words for codes", async () => {
  const credit = await loadGermanCredit();
  assert.equal(credit.X.shape[0], 1000);
  assert.equal(sum(credit.y), 700);
  assert.equal(credit.rows.filter(({ sex }) => sex === "female").length, 310);
  const { purpose, age, "personal status": status } = credit.rows[1];
  assert.deepEqual([purpose, age, status], ["radio or television", 22, "divorced, separated or married woman"]);
  assert.ok(credit.rows.every((row) => Object.values(row).every((value) => !/^A\d/.test(String(value)))));
  assert.deepEqual(credit.classNames, ["bad", "good"]);
});

test("loadCompas has the 6,172 defendants that ProPublica analysed, 2,809 of them arrested again", async () => {
  const compas = await loadCompas();
  assert.equal(compas.X.shape[0], 6172);
  assert.equal(sum(compas.y), 2809);
  assert.ok(!compas.featureNames.some((name) => /decile|score|is_recid/.test(name)), "the score is no feature");
  assert.ok(compas.rows.every(({ decile_score: score }) => score >= 1 && score <= 10));
});

test("subsetPeople takes rows, features and classes together, and refuses a position out of range", async () => {
  const credit = await loadGermanCredit();
  const few = subsetPeople(credit, [7, 3, 7]);
  assert.deepEqual(few.rows, [credit.rows[7], credit.rows[3], credit.rows[7]]);
  assert.deepEqual([...rowOf(few.X, 1)], [...rowOf(credit.X, 3)]);
  assert.deepEqual([...few.y], [credit.y[7], credit.y[3], credit.y[7]]);
  assert.throws(() => subsetPeople(credit, [1000]), /position must be an integer in \[0, 999\], got 1000/);
});

test("UCI's remark at the head of a table does not count", () => {
  assert.equal(tableText("|1x3 Cross validator\n25, Private\n\n", 2), "25,Private");
});
