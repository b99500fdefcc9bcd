import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {
  adaBoost, blackBox, constantClassifier, decisionTree, deserialize, dynamicalRange, extractRelu, extractTree, fromRows,
  gradientBoosting, linearAngle, loadTable, logisticRegression, matrix, mlpClassifier, proveTreesEqual, randomForest,
  reluDifferenceBound, reluNetwork, reluNetworkOf, roundedScores, seededRng, stratifiedSplit, subset, svc,
  type Classifier, type MlpClassifier, type NumericRange, type ReluNetwork,
} from "../../lib";
import { box01, ruledBox } from "./helpers";

/** A random network of one hidden layer. */
function randomNetwork(d: number, units: number, seed: number): ReluNetwork {
  const rng = seededRng(seed);
  const normals = (n: number): Float64Array => Float64Array.from({ length: n }, () => rng.normal());
  return reluNetwork([
    { weights: matrix(normals(units * d), [units, d]), biases: normals(units) },
    { weights: matrix(normals(units), [1, units]), biases: normals(1) },
  ]);
}

const uniformRows = (n: number, d: number, seed: number) => {
  const rng = seededRng(seed);
  return matrix(Float64Array.from({ length: n * d }, () => rng.uniform()), [n, d]);
};

const gapOf = (a: ReluNetwork, b: ReluNetwork, X = uniformRows(300, a.numFeatures, 9)): number => {
  const [p, q] = [a.decisionFunction(X).data, b.decisionFunction(X).data];
  return p.reduce((worst, value, i) => Math.max(worst, Math.abs(value - q[i])), 0);
};

/** Small tables: rows repeat, a column may be constant, one label may be all there is. */
const tablesOfAll = fc.integer({ min: 1, max: 3 }).chain((d) => fc.array(
  fc.tuple(fc.array(fc.integer({ min: -2, max: 2 }), { minLength: d, maxLength: d }), fc.integer({ min: 3, max: 5 })),
  { minLength: 2, maxLength: 10 },
)).map((rows) => ({ X: fromRows(rows.map(([row]) => row)), y: Int32Array.from(rows, ([, label]) => label) }));

async function half(name: "iris" | "wine") {
  const data = await loadTable(name);
  const { X, y } = subset(data, stratifiedSplit(data.y, { testFraction: 0.5, rng: seededRng(42) }).train);
  return { X, y, ranges: dynamicalRange(X) };
}

test("extractTree finds a threshold to the last digit", async () => {
  const box = ruledBox(([a]) => (a <= 1 / 3 ? 0 : 1), 2, 1000);
  const { classifier, thresholds, complete } = await extractTree(box, { ranges: box01(2), rng: seededRng(1) });
  assert.deepEqual([classifier.tree.feature[0], classifier.tree.threshold[0]], [0, 1 / 3]);
  assert.deepEqual([thresholds, complete], [1, true]);
});

for (const name of ["iris", "wine"] as const)
  test(`extractTree rebuilds ${name}'s tree, a forest and stumps, and proveTreesEqual proves it`, async () => {
    const { X, y, ranges } = await half(name);
    const originals: Classifier[] = [
      decisionTree().fit(X, y), adaBoost({ numRounds: 5, rng: seededRng(1) }).fit(X, y),
      gradientBoosting({ numRounds: 5, maxDepth: 1 }).fit(X, y),
      ...(name === "iris" ? [randomForest({ numTrees: 3, maxDepth: 2, rng: seededRng(1) }).fit(X, y)] : []),
    ];
    for (const original of originals) {
      const box = blackBox(original, { budget: 30_000 });
      const found = await extractTree(box, { ranges, tests: 300, rng: seededRng(1) });
      assert.equal(found.spent, box.used);
      const { equal, cells, differingShare } = proveTreesEqual(original, found.classifier, { ranges });
      assert.deepEqual([equal, differingShare], [true, 0], original.family);
      assert.ok(cells >= found.thresholds);
    }
  });

test("extractTree and proveTreesEqual hold on tables of every kind", () =>
  fc.assert(fc.asyncProperty(tablesOfAll, fc.nat(1e6), async ({ X, y }, seed) => {
    const original = decisionTree().fit(X, y);
    const ranges = dynamicalRange(X);
    const run = () => extractTree(blackBox(original), { ranges, tests: 400, rng: seededRng(seed) });
    const { classifier, complete } = await run();
    assert.ok(complete && proveTreesEqual(original, original).equal);
    const { differingShare } = proveTreesEqual(original, classifier, { ranges });
    assert.ok(differingShare < 0.1);
    assert.deepEqual((await run()).classifier.tree, classifier.tree);
  }), { numRuns: 40, seed: 1 }));

test("extractTree spends no more than the budget, and says that it is not complete", async () => {
  const { X, y, ranges } = await half("wine");
  const box = blackBox(decisionTree().fit(X, y), { budget: 100 });
  const { complete, spent, classifier } = await extractTree(box, { ranges, rng: seededRng(1) });
  assert.deepEqual([complete, spent <= 100, classifier.numFeatures], [false, true, 13]);
  const other = await extractTree(blackBox(decisionTree().fit(X, y)), { ranges, tests: 20, rng: seededRng(2) });
  const again = await extractTree(blackBox(decisionTree().fit(X, y)), { ranges, tests: 20, rng: seededRng(3) });
  assert.notDeepEqual(other.classifier.tree, again.classifier.tree);
});

test("a coarser precision costs fewer questions, and the proof sees the slice that is left", async () => {
  const original = decisionTree().fit(fromRows([[0], [0.7]]), Int32Array.of(0, 1));
  const run = (precision: number) =>
    extractTree(blackBox(original), { ranges: box01(1), precision, rng: seededRng(1) });
  const [fine, coarse] = [await run(0), await run(0.01)];
  assert.ok(coarse.spent < fine.spent - 30);
  const { equal, largestShare, example } = proveTreesEqual(original, coarse.classifier, { ranges: box01(1) });
  assert.ok(!equal && largestShare <= 0.01 && largestShare > 0);
  assert.notEqual(original.predict(fromRows([example!]))[0], coarse.classifier.predict(fromRows([example!]))[0]);
});

test("proveTreesEqual tells two thresholds apart that are neighbouring doubles", () => {
  const at = (threshold: number) => deserialize({ family: "decisionTree", classes: [0, 1], numFeatures: 1, tree: {
    feature: [0, -1, -1], threshold: [threshold, 0, 0], right: [2, -1, -1], value: [0, 0, 1, 0, 0, 1],
  } });
  const found = proveTreesEqual(at(0.5), at(0.5 + 2 ** -53), { ranges: box01(1) });
  assert.deepEqual([found.equal, found.cells, found.differingCells], [false, 3, 1]);
  assert.equal(found.example![0], 0.5 + 2 ** -53);
  assert.equal(proveTreesEqual(at(2), constantClassifier("constant", 0, 1), { ranges: box01(1) }).equal, true);
  assert.equal(proveTreesEqual(at(2), constantClassifier("constant", 0, 1)).equal, false);
});

test("what extraction can't take is named", async () => {
  const { X, y, ranges } = await half("iris");
  const tree = decisionTree().fit(X, y);
  assert.throws(() => proveTreesEqual(svc().fit(X, y), tree), /original must be a tree, .* got svc/);
  assert.throws(() => proveTreesEqual(tree, tree, { mostCells: 2 }), /more than mostCells = 2 cells/);
  const rng = seededRng(1);
  await assert.rejects(extractTree(blackBox(tree), { ranges, tests: 0, rng }), /tests must be .* got 0/);
  await assert.rejects(extractTree(blackBox(tree), { ranges, precision: NaN, rng }), /precision must be .* got NaN/);
  await assert.rejects(extractRelu(blackBox(tree), { ranges, rng }), /must give scores/);
  const open = blackBox(randomNetwork(2, 3, 1), { scores: true, budget: 50 });
  for (const bad of [{ reach: 0 }, { noise: NaN }, { idleLines: 0.5 }, { mostLines: 0 }])
    await assert.rejects(extractRelu(open, { ranges: box01(2), rng, ...bad }), RangeError);
  await assert.rejects(extractRelu(open, { ranges: box01(2), rng }), { name: "QueryBudgetError" });
  assert.ok(open.used <= 50);
  assert.throws(() => blackBox(tree, { scores: true }), /scores must be false for decisionTree/);
  assert.throws(() => linearAngle(tree, tree), /must be linear, got decisionTree/);
  assert.throws(() => roundedScores(randomNetwork(2, 3, 1), { decimals: 0.5 }), /decimals must be .* got 0.5/);
});

test("extractRelu reads a network by hand: |x| and a slope", async () => {
  const original = reluNetwork([
    { weights: fromRows([[2], [-2]]), biases: Float64Array.of(-1, 1) },
    { weights: fromRows([[0.5, 1]]), biases: Float64Array.of(3) },
  ]);
  assert.deepEqual([...original.decisionFunction(fromRows([[0], [1]])).data], [4, 3.5]);
  const { network } = await extractRelu(blackBox(original, { scores: true }), { ranges: box01(1), rng: seededRng(1) });
  assert.ok(gapOf(original, network) < 1e-10);
});

test("extractRelu rebuilds random networks within the proved bound, and counts what it asks", () =>
  fc.assert(fc.asyncProperty(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 6 }), fc.nat(1e6),
    async (d, units, seed) => {
      const original = randomNetwork(d, Math.min(units, d), seed);
      const box = blackBox(original, { scores: true });
      const { network, spent } = await extractRelu(box, { ranges: box01(d), rng: seededRng(seed) });
      assert.equal(spent, box.used);
      assert.ok(gapOf(original, network) < 1e-6, `${gapOf(original, network)} for ${d}, ${units}, ${seed}`);
    }), { numRuns: 30, seed: 1 }));

test("extractRelu repeats under one seed, and takes linear models and constant features", async () => {
  const original = randomNetwork(5, 4, 3);
  const run = (seed: number) =>
    extractRelu(blackBox(original, { scores: true }), { ranges: box01(5), rng: seededRng(seed) });
  const [one, again, other] = [await run(1), await run(1), await run(2)];
  assert.deepEqual(one.network.layers, again.network.layers);
  assert.notDeepEqual(one.network.layers, other.network.layers);
  const linear = reluNetwork([{ weights: fromRows([[2, -1]]), biases: Float64Array.of(1) }]);
  const fixed: NumericRange[] = [...box01(1), { kind: "numeric", min: 4, max: 4, mean: 4, deviation: 0 }];
  const found = await extractRelu(blackBox(linear, { scores: true }), { ranges: fixed, rng: seededRng(1) });
  assert.ok(Math.abs(found.network.decisionFunction(fromRows([[0.3, 4]])).data[0] + 2.4) < 1e-12);
});

test("reluDifferenceBound is never below a difference, and 0 for the same units in another order", () =>
  fc.assert(fc.property(fc.nat(3), fc.nat(4), fc.nat(1e6), (more, others, seed) => {
    const [d, units] = [more + 1, others + 1];
    const [a, b] = [randomNetwork(d, units, seed), randomNetwork(d, units, seed + 1)];
    const bound = reluDifferenceBound(a, b, { ranges: box01(d) });
    assert.ok(bound >= gapOf(a, b, uniformRows(50, d, seed)));
    const [hidden, output] = a.layers;
    const turned = reluNetwork([
      { weights: matrix(hidden.weights.data.slice().reverse(), [units, d]), biases: hidden.biases.slice().reverse() },
      { weights: matrix(output.weights.data.slice().reverse(), [1, units]), biases: output.biases },
    ]);
    if (d === 1) assert.ok(reluDifferenceBound(a, turned, { ranges: box01(1) }) < 1e-12);
  }), { numRuns: 60, seed: 1 }));

test("reluNetwork comes back from JSON, and reluNetworkOf has mlpClassifier's labels", () =>
  fc.assert(fc.property(tablesOfAll, ({ X, y }) => {
    const fitted = mlpClassifier({ hiddenLayers: [3], maxEpochs: 2, rng: seededRng(1) }).fit(X, y);
    if (fitted.family === "constant" || !("layers" in fitted)) return;
    const network = reluNetworkOf(fitted as MlpClassifier);
    const again = deserialize(JSON.parse(JSON.stringify(network.serialize()))) as ReluNetwork;
    assert.deepEqual(again.decisionFunction(X), network.decisionFunction(X));
    const [p, q] = [fitted, network].map((model) => model.predictProba!(X).data);
    assert.ok(p.every((value, i) => Math.abs(value - q[i]) < 1e-5));
    assert.deepEqual([...network.classes], [...fitted.classes]);
  }), { numRuns: 20, seed: 1 }));

test("reluNetwork names layers that do not fit", () => {
  const layer = { weights: fromRows([[1, 2]]), biases: Float64Array.of(0) };
  assert.throws(() => reluNetwork([]), /number of layers must be .* got 0/);
  assert.throws(() => reluNetwork([layer, layer]), /inputs of layers\[1\] must be .* got 2/);
  assert.throws(() => reluNetwork([layer], Int32Array.of(1)), /number of classes must be .* got 1/);
  assert.throws(() => reluNetwork([{ ...layer, biases: Float64Array.of(NaN) }]), /biases must be finite/);
  assert.throws(() => reluNetwork([layer]).predict(fromRows([[1]])), /X must have 2 columns/);
});

test("roundedScores rounds, and linearAngle ignores a common factor", () =>
  fc.assert(fc.property(fc.integer({ min: 0, max: 6 }), fc.nat(1e6), (decimals, seed) => {
    const network = randomNetwork(2, 3, seed);
    const X = uniformRows(10, 2, seed);
    const [p, q] = [network, roundedScores(network, { decimals })].map((model) => model.decisionFunction(X).data);
    assert.ok(p.every((value, i) => Math.abs(value - q[i]) <= 0.5 * 10 ** -decimals + 1e-12));
    const linear = (factor: number): Classifier => deserialize({ family: "logisticRegression", classes: [0, 1],
      coefficients: [factor * 1, factor * (decimals - 2)], intercepts: [factor * 0.3] });
    assert.ok(linearAngle(linear(1), linear(seed + 1)) < 1e-12);
    assert.ok(linearAngle(linear(1), linear(-1)) > 3.14);
  }), { numRuns: 40, seed: 1 }));

test("linearAngle is a right angle for crossing lines", () => {
  const of = (coefficients: number[]): Classifier =>
    deserialize({ family: "logisticRegression", classes: [0, 1], coefficients, intercepts: [0] });
  assert.ok(Math.abs(linearAngle(of([1, 0]), of([0, 2])) - Math.PI / 2) < 1e-12);
  const three = logisticRegression().fit(fromRows([[0], [1], [2]]), Int32Array.of(0, 1, 2));
  assert.throws(() => linearAngle(of([1, 0]), three), /must have as many weights, got 3 and 4/);
});

test("extractRelu ends where rounding bends everything, and says so: features far from 0", async () => {
  const network = randomNetwork(2, 3, 1);
  const { layers: [hidden, output] } = network;
  const far = 1e9;
  const { data } = hidden.weights;
  const biases = hidden.biases.map((bias, k) => bias - far * (data[2 * k] + data[2 * k + 1]));
  const moved = reluNetwork([{ weights: hidden.weights, biases }, output]);
  const box = blackBox(moved, { scores: true, budget: 100_000 });
  const ranges = box01(2).map((range) => ({ ...range, min: far, max: far + 1, mean: far + 0.5 }));
  await assert.rejects(extractRelu(box, { ranges, rng: seededRng(1) }),
    { name: "RangeError", message: /noise must be at least the answers' own error/ });
});

test("boosting that was fitted on one class is compared as the constant that it is", () => {
  const X = fromRows([[1], [2], [3]]);
  for (const estimator of [adaBoost({ rng: seededRng(1) }), gradientBoosting()]) {
    const [seven, eight] = [7, 8].map((label) => estimator.fit(X, new Int32Array(3).fill(label)));
    assert.equal(proveTreesEqual(seven, constantClassifier("adaBoost", 7, 1)).equal, true);
    assert.equal(proveTreesEqual(seven, eight).equal, false);
  }
  const perceptron = mlpClassifier({ rng: seededRng(1) }).fit(X, new Int32Array(3).fill(7));
  assert.throws(() => reluNetworkOf(perceptron as MlpClassifier), /reluNetworkOf: mlp must have layers/);
});
