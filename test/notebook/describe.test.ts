import assert from "node:assert/strict";
import { test } from "node:test";
import {
  blackBox, copy, displayOf, dynamicalRange, fromRows, initializeNetwork, kMeans, knn, loadCsv, loadTable, mlp,
  pipeline, privacyBudget, samplerStrategy, seededRng, standardScaler, stratifiedSplit, toDataFrame, trainNetworkSync,
  trainPrivateLinear, uniformSampler,
} from "../../lib";

const textOf = (value: unknown): string => String(displayOf(value)?.["text/plain"]);
const says = (value: unknown, ...patterns: RegExp[]): void => {
  for (const pattern of patterns) assert.match(textOf(value), pattern);
  assert.match(textOf(value), /\nnext: /);
  assert.match(String(displayOf(value)?.["text/html"]), /^<p><b>/);
};

test("a data set shows its sizes, classes and first rows, and what to do next", async () => {
  const iris = await loadTable("iris");
  says(iris, /^data set Iris: 150 rows of 4 features, 3 classes$/m, /classes: setosa 50, versicolor 50, virginica 50/,
    /sepal length \(cm\) .* class/, /0 +5\.1 +3\.5 +1\.4 +0\.2 +setosa/, /… 145 more/);
  says(await loadTable("digits"), /images: 8 × 8 × 1/, /\[7\]|pixel|…/);
  const filled = await loadCsv("x,class\n1,a\n,b\n5,a\n", { target: "class", missing: "median" });
  says(filled, /filled: 1 × x with 3/);
  says(iris.X, /^matrix: 150 rows of 4 numbers, float64$/m, /next: rowOf\(X, 0\) for one row/);
  says({ X: iris.X, y: iris.y }, /^150 labelled rows of 4 features$/m);
  says(stratifiedSplit(iris.y, { testFraction: 0.5, rng: seededRng(1) }), /^split: 75 rows to train, 75 to test$/m);
  says(toDataFrame(iris), /^DataFrame: 150 × 5$/m, /setosa/, /… 145 more/);
});

test("models, black boxes, copies, clouds and ranges say what they are and how large", async () => {
  const { X, y } = await loadTable("iris");
  const estimator = pipeline(standardScaler(), knn());
  const model = estimator.fit(X, y);
  const ranges = dynamicalRange(X);
  const sampler = uniformSampler(ranges);
  says(estimator, /^estimator pipeline\(standardScaler, knn\): has not learned yet$/m);
  says(model, /^classifier pipeline\(standardScaler, knn\): 4 features, 3 classes$/m, /probabilities: yes/);
  const box = blackBox(model, { budget: 50 });
  const stolen = await copy(box, { sampler, estimator: knn(), budget: 40, rng: seededRng(1) });
  says(box, /^black box: 40 rows answered, 10 of 50 rows left$/m, /answers: labels$/m);
  says(blackBox(model), /0 rows answered, no budget/);
  says(stolen, /^copy: knn from 40 queries, asked by uniformSampler$/m, /queries: 40 × 4/);
  says(ranges, /^ranges of 4 features$/m, /least +greatest/);
  says(sampler, /^uniformSampler: draws points of 4 features$/m);
  says(samplerStrategy(sampler), /^query strategy uniformSampler$/m);
  says(kMeans(X, { numClusters: 3, rng: seededRng(1) }), /^3 clusters of 150 rows in 4 dimensions$/m, /inertia: 78\.8/);
  says(seededRng(1), /^random generator$/m);
});

test("networks and their training are counted, not printed", () => {
  const X = fromRows(Array.from({ length: 8 }, (_, i) => Array.from({ length: 4 }, (_, j) => (i * j) % 3)));
  const y = Int32Array.from({ length: 8 }, (_, i) => i % 2);
  const architecture = mlp({ numFeatures: 4, hidden: [3], numClasses: 2 });
  says(initializeNetwork(architecture, { rng: seededRng(1) }), /^network: \d layers, 23 parameters$/m, /takes: 4/);
  const images = { data: Float32Array.from(X.data), shape: X.shape };
  const training = trainNetworkSync(architecture, images, y, { epochs: 2, rng: seededRng(1) });
  says(training, /^training: 2 epochs, /m, /epoch +loss/);
});

test("what has a price in privacy shows it", () => {
  const budget = privacyBudget({ epsilon: 1, delta: 1e-5, neighbors: "add-remove" });
  budget.spend({ kind: "gaussian", noiseMultiplier: 8 }, { neighbors: "add-remove" });
  says(budget, /^privacy budget: ε = 1 at δ = 0\.00001, add-remove neighbours$/m, /ε spent: 0\.43/);
  const X = fromRows([[0, 1], [1, 0], [1, 1], [0, 0.5]]);
  const model = trainPrivateLinear(X, Int32Array.of(0, 1, 1, 0), {
    numClasses: 2, epsilon: 1, delta: 1e-5, steps: 2, clipNorm: 1, learningRate: 0.1, rng: seededRng(1),
  });
  says(model, /ε = 1 at δ = 0\.00001/);
});

test("long lists of numbers are summed up, short ones left alone", () => {
  const halves = Float64Array.from({ length: 100 }, (_, i) => i / 2);
  assert.match(textOf(halves), /Float64Array of 100 numbers\n.*\n.*least: 0\n.*49\.5/);
  assert.match(textOf(new Float64Array(30).fill(NaN, 0, 2)), /not a number: 2/);
  assert.equal(displayOf(Int32Array.of(1, 2, 3)), undefined);
});

test("an object or a list with parts of the library names each part; any other is left to the kernel", async () => {
  const { X, y } = await loadTable("iris");
  const parts = textOf({ rows: X, labels: y, model: knn().fit(X, y), seed: 42, note: "hello" });
  assert.match(parts, /object of 5 fields/);
  assert.match(parts, /rows +matrix: 150 rows of 4 numbers, float64/);
  assert.match(parts, /model +classifier knn: 4 features, 3 classes/);
  assert.match(parts, /seed +42/);
  assert.match(textOf([knn(), pipeline(standardScaler(), knn())]), /list of 2/);
  const others = [1, "a", null, undefined, [1, 2], { a: 1 }, { shape: [1, 2], data: [1, 2] }, new Map(), new Date(0),
    { epsilon: 1 }, { epsilon: 1, delta: 1e-5 }, { train: X.shape, counts: Int32Array.of(1) }, [[1, 2], [3, 4]]];
  for (const value of others) assert.equal(displayOf(value), undefined, JSON.stringify(value));
});

test("a value that breaks when it is looked at is left to the kernel", () => {
  assert.equal(displayOf({ get family(): string { throw new Error("no"); } }), undefined);
});

test("a kernel finds the display without knowing the library, and values stay plain", async () => {
  const found = (globalThis as Record<symbol, unknown>)[Symbol.for("knowledge-hacking.display")];
  assert.equal(found, displayOf);
  assert.deepEqual(fromRows([[1]]), { data: Float64Array.of(1), shape: [1, 1] });
});
