import assert from "node:assert/strict";
import { test } from "node:test";
import {
  adam, ekfacInfluence, gradientSimilarity, initializeNetwork, layer, linearDatamodelingScore, logOdds, lossDerivatives,
  matrix, mlp, networkOf, seededRng, selectLabels, selectRows, solvedInfluence, trainNetworkSync, trak,
  type Architecture, type Matrix, type Network,
} from "../../../lib";
import { dampedInverse } from "../../../lib/math/damped-inverse";
import { ranksOf, rankCorrelation } from "../../../lib/math/rank-correlation";
import { blockParameters, gradientRows } from "../../../lib/unlearning/influence/example-gradients";
import { loadTensorflow } from "../../../lib/tensorflow";

/** Three overlapping clouds in the plane. */
function clouds(n: number, seed: number): { X: Matrix<Float64Array>; y: Int32Array } {
  const rng = seededRng(seed);
  const y = Int32Array.from({ length: n }, (_, i) => i % 3);
  const place = [[0, 0], [2, 0], [0, 2]];
  const data = Float64Array.from({ length: 2 * n }, (_, j) => place[y[j >> 1]][j & 1] + rng.normal());
  return { X: matrix(data, [n, 2]), y };
}
const mlpOfOneClass: Architecture = { inputShape: [2], inputScale: 1, layers: [layer.dense(1)] };
const train = clouds(60, 1);
const queries = clouds(12, 2);
const learn = (rows: ArrayLike<number>, seed = 1): Network => trainNetworkSync(
  mlp({ numFeatures: 2, hidden: [8], numClasses: 3 }), selectRows(train.X, rows), selectLabels(train.y, rows),
  { epochs: 40, batchSize: 20, keep: "last", optimizer: adam({ learningRate: 1e-2 }), rng: seededRng(seed) }).network;
const all = Int32Array.from(train.y.keys());
const network = learn(all);
const byEkfac = (seed = 1) => ekfacInfluence(network, train, queries, { rng: seededRng(seed) });
const byTrak = (seed = 1) => trak([network], train, queries, { dimensions: 32, rng: seededRng(seed) });

test("one example's gradient is the network's own derivative, through dense and convolutional layers", () => {
  const architecture: Architecture = { inputShape: [6, 6, 2], inputScale: 0.5, layers: [
    layer.conv2d(3, { activation: "linear" }), layer.batchNorm(), layer.activation("softplus"), layer.maxPool(2),
    layer.conv2d(2, { padding: "valid" }), layer.flatten(), layer.dense(3)] };
  const convolutional = initializeNetwork(architecture, { rng: seededRng(1) });
  const X = matrix(Float64Array.from({ length: 3 * 72 }, (_, j) => Math.sin(j)), [3, 72]);
  const y = Int32Array.of(2, 0, 1);
  const rows = gradientRows("test", convolutional, { X, y }, "loss");
  rows.forEach((row, i) => {
    const derivatives = lossDerivatives(convolutional, selectRows(X, [i]), selectLabels(y, [i]),
      { parameters: blockParameters(convolutional) });
    const expected = derivatives.gradient();
    derivatives.dispose();
    assert.equal(row.length, expected.length);
    row.forEach((value, j) => assert.ok(Math.abs(value - expected[j]) < 1e-5, `${i}, ${j}: ${value}, ${expected[j]}`));
  });
});

test("log-odds and their gradient, worked by hand", () => {
  // One input, two classes: logits (a x, −a x), log-odds of class 0 are 2 a x.
  const line = networkOf({ inputShape: [1], inputScale: 1, layers: [layer.dense(2)] },
    [Float32Array.of(0.5, -0.5), new Float32Array(2)]);
  const one = { X: matrix(Float64Array.of(3), [1, 1]), y: Int32Array.of(0) };
  assert.ok(Math.abs(logOdds(line, one)[0] - 3) < 1e-6);
  assert.deepEqual([...gradientRows("test", line, one, "logOdds")[0]], [3, -3, 1, -1]);
  // The loss' gradient of an example at x = 1 of class 1 is p₀ (1, −1) a weight: it makes class 0 less likely.
  const other = { X: matrix(Float64Array.of(1), [1, 1]), y: Int32Array.of(1) };
  const p = 1 / (1 + Math.exp(-1));
  const [score] = gradientSimilarity([line], other, one).data;
  assert.ok(Math.abs(score + 2 * p * (3 + 1)) < 1e-5, `${score}`);
});

test("solved influence foretells what leaving one example out does to a convex model", () => {
  const linear = mlp({ numFeatures: 2, hidden: [], numClasses: 3 });
  const fit = (rows: Int32Array) => trainNetworkSync(linear, selectRows(train.X, rows), selectLabels(train.y, rows),
    { epochs: 300, batchSize: rows.length, keep: "last", optimizer: adam({ learningRate: 0.1 }), rng: seededRng(1) })
    .network;
  const whole = fit(all);
  const scores = solvedInfluence(whole, train, queries, { damping: 1e-4, tolerance: 1e-4 });
  const before = logOdds(whole, queries);
  const left = [0, 7, 13, 21, 34, 42, 55, 59];
  const after = left.map((i) => logOdds(fit(all.filter((j) => j !== i)), queries));
  queries.y.forEach((_, q) => {
    const real = after.map((odds) => before[q] - odds[q]);
    const said = left.map((i) => scores.data[q * 60 + i]);
    assert.ok(rankCorrelation(real, said) > 0.9, `query ${q}: ${real} and ${said}`);
  });
});

test("EK-FAC is the solved one where its directions are exact: one layer, two classes, no opinion yet", () => {
  // All chances are 1/2, so that a label drawn has a slope of (1, −1)/2 or its opposite: curvature is moments of inputs
  // times a constant, and its directions are those that EK-FAC takes.
  const blank = networkOf(mlp({ numFeatures: 2, hidden: [], numClasses: 2 }),
    [new Float32Array(4), new Float32Array(2)]);
  const halves = ({ X, y }: typeof train) => ({ X, y: y.map((label) => Math.min(label, 1)) });
  const [n, d] = [60, 2];
  const squares = train.X.data.reduce((sum, value) => sum + value ** 2, 0) / n + 1;
  const meanCurvature = squares / 2 / ((d + 1) * 2);
  const one = ekfacInfluence(blank, halves(train), halves(queries), { damping: 0.1, rng: seededRng(1) }).data;
  const other = solvedInfluence(blank, halves(train), halves(queries),
    { damping: 0.1 * meanCurvature, tolerance: 1e-6 }).data;
  const largest = Math.max(...other.map(Math.abs));
  one.forEach((score, j) => assert.ok(Math.abs(score - other[j]) < 1e-4 * largest, `${j}: ${score} and ${other[j]}`));
});

test("with damping beyond all curvature EK-FAC orders as gradient similarity does", () => {
  const blank = networkOf(mlp({ numFeatures: 2, hidden: [], numClasses: 3 }), [new Float32Array(6).fill(0.1),
    new Float32Array(3)]);
  const plain = gradientSimilarity([blank], train, queries).data;
  const damped = ekfacInfluence(blank, train, queries, { damping: 1e6, rng: seededRng(1) }).data;
  assert.ok(rankCorrelation(plain, damped) > 0.999, `${rankCorrelation(plain, damped)}`);
});

test("all methods foretell retraining on halves better than chance", () => {
  const rng = seededRng(5);
  const subsets = Array.from({ length: 40 }, () => rng.permutation(60).slice(0, 30));
  const outputs = matrix(Float64Array.from(subsets.flatMap((rows) => [...logOdds(learn(rows), queries)])), [40, 12]);
  const judge = (scores: Matrix) => linearDatamodelingScore(scores, { subsets, outputs }, { rng: seededRng(1) });
  const several = [1, 2, 3].map((seed) => learn(all, seed));
  const judged = { similarity: judge(gradientSimilarity([network], train, queries)), ekfac: judge(byEkfac()),
    solved: judge(solvedInfluence(network, train, queries)),
    trak: judge(trak(several, train, queries, { dimensions: 32, rng: seededRng(1) })) };
  for (const [method, { score, interval }] of Object.entries(judged))
    assert.ok(interval[0] > 0 && interval[0] <= score && score <= interval[1] + 0.05,
      `${method}: ${score}, ${interval}`);
});

test("the linear datamodelling score is 1 for sums that order alike, −1 turned round, and pairs its resamples", () => {
  const scores = matrix(Float64Array.of(3, 2, 1, 1, 2, 3), [2, 3]);
  const subsets = [[0, 1], [0, 2], [1, 2]];
  const outputs = matrix(Float64Array.of(5, 5, 4, 6, 3, 7), [3, 2]);
  const judge = (outputs: Matrix, seed = 1) =>
    linearDatamodelingScore(scores, { subsets, outputs }, { rng: seededRng(seed) });
  assert.equal(judge(outputs).score, 1);
  const turned = judge(matrix(outputs.data.map((value) => -value) as Float64Array, [3, 2]));
  assert.equal(turned.score, -1);
  assert.deepEqual([...turned.resampled], [...judge(outputs).resampled].map((value) => -value + 0));
  assert.notDeepEqual(judge(outputs).resampled, judge(outputs, 2).resampled);
});

test("ranks share places, and rank correlation is that of the ranks", () => {
  assert.deepEqual([...ranksOf([5, 1, 5, 9])], [2.5, 1, 2.5, 4]);
  assert.equal(rankCorrelation([1, 2, 3], [10, 100, 1000]), 1);
  assert.equal(rankCorrelation([1, 1, 1], [1, 2, 3]), 0);
  // Worked by hand: ranks 1 2 3 4 and 2 1 4 3, 1 − 6 · 4 / (4 · 15).
  assert.ok(Math.abs(rankCorrelation([1, 2, 3, 4], [2, 1, 4, 3]) - 0.6) < 1e-12);
});

test("the damped inverse is one", () => {
  const A = matrix(Float64Array.of(4, 1, 0, 1, 3, 1, 0, 1, 2), [3, 3]);
  const { data } = dampedInverse(A, 0.3);
  for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) {
    let entry = 0;
    for (let k = 0; k < 3; k++) entry += (A.data[i * 3 + k] + (i === k ? 0.3 : 0)) * data[k * 3 + j];
    assert.ok(Math.abs(entry - (i === j ? 1 : 0)) < 1e-12, `${i}, ${j}: ${entry}`);
  }
});

test("the same seed gives the same scores, another seed others; no tensor is left", () => {
  const { memory } = loadTensorflow();
  assert.deepEqual(byEkfac().data, byEkfac().data);
  assert.notDeepEqual(byEkfac().data, byEkfac(2).data);
  assert.deepEqual(byTrak().data, byTrak().data);
  assert.notDeepEqual(byTrak().data, byTrak(2).data);
  const tensors = memory().numTensors;
  byEkfac();
  byTrak();
  gradientSimilarity([network], train, queries);
  solvedInfluence(network, train, queries);
  assert.equal(memory().numTensors, tensors);
});

test("no networks, a bad damping and no examples are refused by name", () => {
  assert.throws(() => gradientSimilarity([], train, queries), /gradientSimilarity: number of networks .* got 0/);
  assert.throws(() => ekfacInfluence(network, train, queries, { damping: 0, rng: seededRng(1) }),
    { name: "RangeError", message: /ekfacInfluence: damping must be .* got 0/ });
  const none = { X: matrix(new Float64Array(0), [0, 2]), y: new Int32Array(0) };
  assert.throws(() => trak([network], none, queries, { rng: seededRng(1) }), /trak: needs at least one example/);
});

test("errors name the function that was called, whichever set does not fit", () => {
  const wide = { X: matrix(new Float64Array(30), [10, 3]), y: new Int32Array(10) };
  const methods = {
    gradientSimilarity: (a: typeof wide, b: typeof wide) => gradientSimilarity([network], a, b),
    ekfacInfluence: (a: typeof wide, b: typeof wide) => ekfacInfluence(network, a, b, { rng: seededRng(1) }),
    solvedInfluence: (a: typeof wide, b: typeof wide) => solvedInfluence(network, a, b),
    trak: (a: typeof wide, b: typeof wide) => trak([network], a, b, { rng: seededRng(1), dimensions: 8 }),
  };
  for (const [name, method] of Object.entries(methods)) {
    assert.throws(() => method(wide, queries), { name: "RangeError", message: new RegExp(`^${name}: X must have 2`) });
    assert.throws(() => method(train, wide), { name: "RangeError", message: new RegExp(`^${name}: X must have 2`) });
  }
});

test("a network of one class has no odds", () => {
  const only = networkOf(mlpOfOneClass, [Float64Array.of(1, 1), new Float64Array(1)].map((w) => Float32Array.from(w)));
  const data = { X: train.X, y: new Int32Array(60) };
  assert.throws(() => logOdds(only, data), /logOdds: number of classes must be an integer of at least 2, got 1/);
  assert.throws(() => gradientSimilarity([only], data, data), /gradientSimilarity: number of classes/);
  assert.throws(() => trak([only], data, data, { rng: seededRng(1) }), /trak: number of classes/);
});

test("scores are finite or refused: no curvature, and damping below what float32 can add", () => {
  const steep = { X: matrix(train.X.data.map((value) => 1e6 + 1e3 * value), [60, 2]), y: train.y };
  assert.throws(() => ekfacInfluence(network, steep, queries, { rng: seededRng(1) }), /its loss has no curvature/);
  for (const damping of [1e-20, 1e-300, 5e-324]) {
    assert.throws(() => trak([network], train, queries, { dimensions: 128, damping, rng: seededRng(1) }),
      /trak: damping must be larger/);
    try {
      const { data } = ekfacInfluence(network, train, queries, { damping, rng: seededRng(1) });
      assert.ok(data.every(Number.isFinite) && data.some((score) => score !== 0), `${damping}`);
    } catch (error) {
      assert.match(String(error), /ekfacInfluence: scores are too large for float32/);
    }
  }
});

test("a mask in the place of positions is refused, and so are sums that overflow", () => {
  const [scores, outputs] = [matrix(Float64Array.of(3, 2, 1), [1, 3]), matrix(Float64Array.of(5, 4, 3), [3, 1])];
  const masks = [[1, 1, 0], [1, 0, 1], [0, 1, 1]];
  assert.throws(() => linearDatamodelingScore(scores, { subsets: masks, outputs }, { rng: seededRng(1) }),
    /positions of a subset must differ/);
  const huge = matrix(Float64Array.of(1.7e308, 1.7e308, 1), [1, 3]);
  assert.throws(() => linearDatamodelingScore(huge, { subsets: [[0, 1], [0, 2], [1, 2]], outputs },
    { rng: seededRng(1) }), /sums of scores must be finite/);
});
