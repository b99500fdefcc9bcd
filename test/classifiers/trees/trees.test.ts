import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  accuracy, decisionTree, fromRows, matrix, randomForest, seededRng, type ForestClassifier, type Tree,
  type TreeClassifier,
} from "../../../lib";
import { clouds, fitPredict, throughJson } from "../helpers";

const grow = (rows: number[][], y: number[], options = {}) =>
  (decisionTree(options).fit(fromRows(rows), Int32Array.from(y)) as TreeClassifier).tree;

function leafOf({ feature, threshold, left, right }: Tree, row: number[]): number {
  let node = 0;
  while (feature[node] >= 0) node = row[feature[node]] <= threshold[node] ? left[node] : right[node];
  return node;
}

test("decisionTree asks the two questions that a hand finds", () => {
  const tree = grow([[0, 5], [1, 9], [2, 1], [3, 8], [4, 2]], [0, 0, 1, 2, 1]);
  assert.deepEqual([...tree.feature], [0, -1, 1, -1, -1]);
  assert.deepEqual([...tree.threshold], [1.5, 0, 5, 0, 0]);
  assert.deepEqual([...tree.left], [1, -1, 3, -1, -1]);
  assert.deepEqual([...tree.right], [2, -1, 4, -1, -1]);
  assert.deepEqual([...tree.value.subarray(0, 6)], [2 / 5, 2 / 5, 1 / 5, 1, 0, 0]);
});

test("decisionTree gives equal gains to the first feature, or as its rng decides", () => {
  const rows = [[0, 0, 0], [1, 1, 1]];
  assert.equal(grow(rows, [0, 1]).feature[0], 0);
  const drawn = Array.from({ length: 40 }, (_, seed) => grow(rows, [0, 1], { rng: seededRng(seed) }).feature[0]);
  assert.deepEqual([...new Set(drawn)].sort(), [0, 1, 2]);
  assert.deepEqual(grow(rows, [0, 1], { rng: seededRng(3) }), grow(rows, [0, 1], { rng: seededRng(3) }));
});

/** The lowest weighted Gini impurity of any cut, by trying them all. */
function bestImpurity(rows: number[][], y: number[]): number {
  const gini = (labels: number[]): number => {
    const counts = [...new Set(labels)].map((c) => labels.filter((label) => label === c).length);
    return labels.length - counts.reduce((sum, count) => sum + count ** 2, 0) / labels.length;
  };
  let best = Infinity;
  for (let f = 0; f < rows[0].length; f++)
    for (const cut of new Set(rows.map((row) => row[f]))) {
      const left = y.filter((_, i) => rows[i][f] <= cut);
      const right = y.filter((_, i) => rows[i][f] > cut);
      if (right.length) best = Math.min(best, gini(left) + gini(right));
    }
  return best;
}

test("decisionTree's first question is the best of all, with repeated values and without", () => {
  const cell = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.double({ min: -1, max: 1, noNaN: true }));
  const row = fc.tuple(cell, cell, cell);
  fc.assert(fc.property(
    fc.array(fc.tuple(row, fc.integer({ min: 0, max: 3 })), { minLength: 2, maxLength: 40 }),
    fc.option(fc.integer({ min: 0, max: 1000 })),
    (cases, seed) => {
      const rows = cases.map(([r]) => [...r]);
      const y = cases.map(([, label]) => label);
      fc.pre(new Set(y).size > 1);
      const best = bestImpurity(rows, y);
      fc.pre(best < Infinity);
      const tree = grow(rows, y, { maxDepth: 1, ...(seed !== null && { rng: seededRng(seed) }) });
      const [f, cut] = [tree.feature[0], tree.threshold[0]];
      const found = bestImpurity(rows.map((r) => [r[f] <= cut ? 0 : 1]), y);
      assert.ok(Math.abs(found - best) < 1e-9, `${found} is not ${best}`);
    },
  ), { numRuns: 300, seed: 4 });
});

test("decisionTree knows its training rows by heart where no row has two labels", () => {
  const row = fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(5));
  fc.assert(fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (cases) => {
    const labelOf = new Map(cases.map(([x, label]) => [x + 0, label]));
    const X = fromRows(cases.map(([x]) => [x]));
    const y = Int32Array.from(cases, ([x]) => labelOf.get(x + 0)!);
    assert.deepEqual(fitPredict(decisionTree(), X, y, X), y);
  }), { numRuns: 200, seed: 5 });
});

test("decisionTree stops at the depth, and at the numbers of rows, it is told", () => {
  const rng = seededRng(1);
  const rows = Array.from({ length: 200 }, () => [rng.uniform(), rng.uniform()]);
  const y = rows.map(() => rng.integer(3));
  const depth = (tree: ReturnType<typeof grow>, node = 0): number =>
    tree.feature[node] < 0 ? 0 : 1 + Math.max(depth(tree, tree.left[node]), depth(tree, tree.right[node]));
  assert.equal(depth(grow(rows, y, { maxDepth: 4 })), 4);
  const X = fromRows(rows);
  const reached = new Map<string, number>();
  const P = decisionTree({ minSamplesLeaf: 7 }).fit(X, Int32Array.from(y)).predictProba!(X);
  const { tree } = decisionTree({ minSamplesLeaf: 7 }).fit(X, Int32Array.from(y)) as TreeClassifier;
  rows.forEach((row) => {
    const node = leafOf(tree, row);
    reached.set(String(node), (reached.get(String(node)) ?? 0) + 1);
  });
  assert.ok(Math.min(...reached.values()) >= 7);
  assert.ok(P.data.some((share) => share > 0 && share < 1));
  assert.equal(grow(rows, y, { minSamplesSplit: 201 }).feature.length, 1);
});

test("decisionTree tells apart numbers that float32 does not", () => {
  const X = fromRows([[1], [1 + 1e-12], [1 + 2e-12], [1 + 2 ** -52 + 2e-12]]);
  const y = Int32Array.of(0, 1, 0, 1);
  assert.deepEqual(fitPredict(decisionTree(), X, y, X), y);
});

const forest = (options = {}, seed = 7) => randomForest({ numTrees: 12, rng: seededRng(seed), ...options });

test("randomForest is the same on one thread and on three, under one seed, and differs under another", () => {
  const rng = seededRng(3);
  const X = matrix(Float64Array.from({ length: 4 * 22_000 }, () => rng.uniform()), [22_000, 4]);
  const y = Int32Array.from({ length: 22_000 }, (_, i) => (X.data[4 * i] + X.data[4 * i + 1] > 1 ? 1 : 0));
  const one = forest({ numThreads: 1 }).fit(X, y) as ForestClassifier;
  const three = forest({ numThreads: 3 }).fit(X, y) as ForestClassifier;
  const other = forest({ numThreads: 3 }, 8).fit(X, y) as ForestClassifier;
  assert.deepEqual(three.trees, one.trees);
  assert.notDeepEqual(other.trees, one.trees);
  assert.ok(accuracy(y, one.predict(X)) > 0.99);
});

test("randomForest answers the mean of its trees' shares", () => {
  const classifier = forest().fit(clouds.X, clouds.y) as ForestClassifier;
  const P = classifier.predictProba!(clouds.queries);
  const mean = [0, 0, 0];
  for (const tree of classifier.trees) {
    const node = leafOf(tree, [0.4, 0.4]);
    mean.forEach((_, c) => (mean[c] += tree.value[node * 3 + c] / 12));
  }
  mean.forEach((share, c) => assert.ok(Math.abs(P.data[c] - share) < 1e-12));
  assert.ok(throughJson(classifier));
});

test("trees and forests refuse options out of range", () => {
  assert.throws(() => decisionTree({ maxDepth: 0 }), {
    name: "RangeError", message: /maxDepth must be an integer of at least 1, got 0/,
  });
  assert.throws(() => decisionTree({ minSamplesSplit: 1 }), /minSamplesSplit must be an integer of at least 2, got 1/);
  assert.throws(() => decisionTree({ minSamplesLeaf: 0.5 }), /minSamplesLeaf must be an integer .* got 0.5/);
  assert.throws(() => forest({ numTrees: 0 }), /numTrees must be an integer of at least 1, got 0/);
  assert.throws(() => forest({ numThreads: 0 }), /numThreads must be an integer of at least 1, got 0/);
  const wide = forest({ maxFeatures: 3 });
  assert.throws(() => wide.fit(clouds.X, clouds.y), /maxFeatures must be an integer in \[1, 2\], got 3/);
});
