import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bernoulliNaiveBayes, binarizeImages, blackBox, classMeansFromReports, deserialize, fitLabeledBits, fromRows, matrix,
  mlp, privateMarginals, reportLabeledBits, reportRandomBits, seededRng, trainPrivateLinear, trainPrivateNetwork,
  type Classifier,
} from "../../lib";

const n = 3000;
const rng = seededRng(1);
const y = Int32Array.from({ length: n }, () => rng.integer(2));
const X = matrix(Float64Array.from({ length: 4 * n }, (_, p) => (y[p >> 2] === p % 2 ? 1 : 0) + 0.3 * rng.normal()),
  [n, 4]);
const bits = binarizeImages(X, { cutoff: 0.5 });
const budget = { pixelEpsilon: 4, labelEpsilon: 4, numClasses: 2 };
const priced = { epsilon: 4, delta: 1e-5, numClasses: 2 };

const models: Record<string, { model: Classifier; rows: typeof X | typeof bits }> = {
  "private linear model": { rows: X, model: trainPrivateLinear(X, y, {
    ...priced, steps: 20, center: true, clipNorm: 1, learningRate: 2, rng: seededRng(1) }) },
  "private network": { rows: X, model: trainPrivateNetwork(mlp({ numFeatures: 4, hidden: [4], numClasses: 2 }), X, y, {
    ...priced, steps: 40, samplingRate: 1, clipNorm: 1, rng: seededRng(1) }) },
  "naive Bayes from random bits": { rows: bits, model: classMeansFromReports(
    reportRandomBits(bits, y, { ...budget, rng: seededRng(2) }), budget) },
  "naive Bayes from marginals": { rows: bits, model: privateMarginals(bits, y, {
    ...priced, mostOnes: 3, rng: seededRng(3) }) },
  "nearest mean from labelled bits": { rows: bits, model: fitLabeledBits(
    reportLabeledBits(bits, y, { ...priced, rng: seededRng(4) })) },
};

for (const [name, { model, rows }] of Object.entries(models))
  test(`the ${name} predicts, is saved and is asked as any classifier`, async () => {
    const predicted = model.predict(rows);
    assert.ok(predicted.reduce((right, label, i) => right + (label === y[i] ? 1 : 0), 0) / n > 0.85);
    assert.deepEqual(model.classes, Int32Array.of(0, 1));
    assert.equal(model.numFeatures, 4);
    const again = deserialize(JSON.parse(JSON.stringify(model.serialize())));
    assert.deepEqual(again.predict(rows), predicted);
    assert.deepEqual(await blackBox(model).query(rows), predicted);
    assert.throws(() => model.predict(fromRows([[1]])), /must have 4 columns/);
    if (!model.predictProba) return;
    const { data, shape } = model.predictProba(rows);
    assert.deepEqual(shape, [n, 2]);
    predicted.forEach((label, i) => assert.ok(data[2 * i + label] >= 0.5 - 1e-9));
    assert.deepEqual(again.predictProba?.(rows).data, data);
  });

test("naive Bayes on bits gives the chances that a hand computation gives", () => {
  const model = bernoulliNaiveBayes({ means: fromRows([[0.9, 0.5], [0.1, 0.5]]), shares: Float64Array.of(0.25, 0.75) });
  // For the bits (1, 0): .25 · .9 · .5 against .75 · .1 · .5.
  const { data } = model.predictProba(fromRows([[1, 0]]));
  assert.ok(Math.abs(data[0] - 0.75) < 1e-12 && Math.abs(data[1] - 0.25) < 1e-12);
  assert.deepEqual([...model.predict(fromRows([[1, 0], [0, 1]]))], [0, 1]);
});

test("tables that are none are refused, and so is anything but bits", () => {
  const shares = Float64Array.of(0.5, 0.5);
  const means = fromRows([[0.9], [0.1]]);
  const sure = fromRows([[1], [0.1]]);
  assert.throws(() => bernoulliNaiveBayes({ means: sure, shares }), /means must be in \(0, 1\), got 1/);
  assert.throws(() => bernoulliNaiveBayes({ means, shares: Float64Array.of(1) }), /must have the same length/);
  assert.throws(() => bernoulliNaiveBayes({ means, shares: Float64Array.of(NaN, 1) }), /shares must be in/);
  assert.throws(() => bernoulliNaiveBayes({ means, shares }).predict(fromRows([[0.5]])), /X must hold bits/);
});
