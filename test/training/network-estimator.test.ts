import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  accuracy, initializeNetwork, layer, loadTable, matrix, mlp, networkEstimator, seededRng, standardScaler,
  type Architecture, type Matrix, type NetworkEstimatorOptions,
} from "../../lib";
import { loadTensorflow } from "../../lib/tensorflow";

const small = mlp({ numFeatures: 2, hidden: [8], numClasses: 3 });
const X = matrix(Float64Array.from({ length: 60 }, (_, i) => Math.sin(7 * i)), [30, 2]);
const y = Int32Array.from({ length: 30 }, (_, i) => (X.data[2 * i] > 0.3 ? 2 : X.data[2 * i] < -0.3 ? 0 : 1));
const make = (options: Partial<NetworkEstimatorOptions> = {}, seed = 1) =>
  networkEstimator(small, { epochs: 20, batchSize: 10, learningRate: 0.01, rng: seededRng(seed), ...options });
const oneHotOf = (labels: Int32Array): Matrix<Float64Array> =>
  matrix(Float64Array.from({ length: 3 * labels.length }, (_, p) => Number(labels[Math.floor(p / 3)] === p % 3)),
    [labels.length, 3]);

test("networkEstimator learns wine, as any family does", async () => {
  const { X: raw, y: wines } = await loadTable("wine");
  const scaled = standardScaler().fit(raw).transform(raw);
  const architecture = mlp({ numFeatures: 13, hidden: [16], numClasses: 3 });
  const estimator = networkEstimator(architecture, { epochs: 40, learningRate: 0.01, rng: seededRng(1) });
  const model = estimator.fit(scaled, wines);
  assert.ok(accuracy(wines, model.predict(scaled)) > 0.97);
});

test("probabilities of 1 and 0 teach what labels teach, in any order of the columns", () => {
  const P = oneHotOf(y);
  const byLabels = make().fit(X, y);
  const byChances = make().fitProbabilities(X, { classes: Int32Array.of(0, 1, 2), probabilities: P });
  assert.deepEqual(byChances.weights, byLabels.weights);
  const turned = matrix(P.data.map((_, p) => P.data[p - (p % 3) + (2 - (p % 3))]), P.shape);
  const back = make().fitProbabilities(X, { classes: Int32Array.of(2, 1, 0), probabilities: turned });
  assert.deepEqual(back.weights, byLabels.weights);
});

test("a network that is told .7 and .3 answers .7 and .3", () => {
  const same = matrix(new Float64Array(40).fill(1), [20, 2]);
  const probabilities = matrix(Float64Array.from({ length: 40 }, (_, p) => (p % 2 ? 0.3 : 0.7)), [20, 2]);
  const model = make({ epochs: 200 }).fitProbabilities(same, { classes: Int32Array.of(0, 2), probabilities });
  const [first, never, second] = model.predictProba(same).data;
  assert.ok(Math.abs(first - 0.7) < 0.02 && Math.abs(second - 0.3) < 0.02 && never < 0.02, `${first}, ${second}`);
});

test("each fit begins anew, one seed repeats, another differs, and few rows are gone through more often", () => {
  const estimator = make();
  assert.deepEqual(estimator.fit(X, y).weights, estimator.fit(X, y).weights);
  assert.notDeepEqual(make({}, 2).fit(X, y).weights, estimator.fit(X, y).weights);
  assert.deepEqual(make({ epochs: 1, minSteps: 58 }).fit(X, y).weights, make({ epochs: 20 }).fit(X, y).weights);
});

test("networkEstimator refuses bad options, labels and shapes by name", () => {
  for (const epochs of [NaN, 0, 1.5]) assert.throws(() => make({ epochs }), /networkEstimator: epochs must be/);
  for (const minSteps of [NaN, -1]) assert.throws(() => make({ minSteps }), /minSteps must be/);
  for (const batchSize of [NaN, 0]) assert.throws(() => make({ batchSize }), /batchSize must be/);
  for (const learningRate of [NaN, 0]) assert.throws(() => make({ learningRate }), /learningRate must be/);
  assert.throws(() => make().fit(X, y.map(() => 3)), /classes must be in \[0, 3\), got 3/);
  assert.throws(() => make().fit(matrix(X.data, [20, 3]), y.subarray(0, 20)), /X must have 2 columns/);
  const P = oneHotOf(y);
  const told = (classes: number[], probabilities: Matrix<Float64Array>) => (): unknown =>
    make().fitProbabilities(X, { classes: Int32Array.from(classes), probabilities });
  assert.throws(told([0, 1], P), /columns of probabilities/);
  assert.throws(told([0, 1, 3], P), /classes must be in \[0, 3\), got 3/);
  assert.throws(told([0, 1, 2], matrix(P.data.subarray(3), [29, 3])), /probabilities/);
  assert.throws(told([0, 1, 2], matrix(P.data.map((p, i) => (i ? p : NaN)), P.shape)),
    /networkEstimator: probabilities must be in .* got NaN/);
});

const architectures: Record<string, Architecture> = {
  perceptron: mlp({ numFeatures: 4, hidden: [6], numClasses: 3, activation: "tanh" }),
  convolutions: { inputShape: [4, 4, 1], inputScale: 0.5, layers: [
    layer.conv2d(3, { kernelSize: 3, activation: "tanh" }), layer.batchNorm(), layer.maxPool(2), layer.flatten(),
    layer.dense(3)] },
};

for (const [name, architecture] of Object.entries(architectures))
  test(`labelSlopes of ${name} are the differences of log p, and leave no tensor`, () =>
    fc.assert(fc.property(fc.nat(1e6), (seed) => {
      const rng = seededRng(seed);
      const network = initializeNetwork(architecture, { rng });
      const d = network.numFeatures;
      const row = Float64Array.from({ length: d }, () => rng.normal());
      const label = rng.integer(3);
      const before = loadTensorflow().memory().numTensors;
      const { data: slopes } = network.labelSlopes(matrix(row, [1, d]), Int32Array.of(label));
      assert.equal(loadTensorflow().memory().numTensors, before);
      const logChance = (j: number, by: number): number => Math.log(network.predictProba(
        matrix(row.map((x, i) => (i === j ? x + by : x)), [1, d])).data[label]);
      let close = 0;
      for (let j = 0; j < d; j++)
        if (Math.abs((logChance(j, 1e-3) - logChance(j, -1e-3)) / 2e-3 - slopes[j]) < 2e-3) close++;
      assert.ok(close >= 0.7 * d, `${close} of ${d}`);
    }), { numRuns: 10, seed: 1 }));

test("numbers that are no probabilities, and columns of one name, are refused; rounded answers are not", () => {
  const n = 30;
  const fit = (value: number, classes = [0, 1, 2]) => make({ epochs: 1 }).fitProbabilities(X,
    { classes: Int32Array.from(classes), probabilities: matrix(new Float64Array(3 * n).fill(value), [n, 3]) });
  for (const value of [NaN, -0.5, 50, 1e39])
    assert.throws(() => fit(value), /networkEstimator: probabilities must be in \[0, 1\]/);
  assert.throws(() => fit(0.3, [0, 1, 1]), /networkEstimator: classes must differ, got 0, 1, 1/);
  for (const value of [0, 0.3, 1]) assert.ok(fit(value).predictProba(X).data.every(Number.isFinite));
});

test("columns that float32 can't hold are refused, as by every network", () => {
  const far = matrix(X.data.map((value) => value + 1e9), X.shape);
  assert.throws(() => make().fit(far, y), /networkEstimator: column \d of X must vary by more/);
});
