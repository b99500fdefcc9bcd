import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decisionTree, fromRows, matrix, seededRng, selectRows, svc, toRows, type TreeClassifier } from "../../lib";
import { kdTreeSearch } from "../../lib/classifiers/neighbors/kd-tree";
import { matrixProductSearch } from "../../lib/classifiers/neighbors/matrix-product";
import { mlKnnSearch } from "../../lib/classifiers/neighbors/ml-knn";
import { plainSearch } from "../../lib/classifiers/neighbors/search";
import { FastKernelRows } from "../../lib/classifiers/svm/fast-kernel-rows";
import type { Kernel } from "../../lib/classifiers/svm/kernel";
import { PlainKernelRows } from "../../lib/classifiers/svm/plain-kernel-rows";
import { TILE } from "../../lib/classifiers/svm/kernel-tile";
import { findLeaves, packTree, plainLeaves } from "../../lib/classifiers/trees/packed-tree";

/* Each fast path beside the plain code that it must equal. */

const tableOf = (number: fc.Arbitrary<number>, d: number, minLength = 1) =>
  fc.array(fc.array(number, { minLength: d, maxLength: d }), { minLength, maxLength: 60 });
const pixel = fc.integer({ min: 0, max: 255 });
const real = fc.double({ min: -3, max: 3, noNaN: true });

test("the fast kernel equals the plain one, for whole numbers and others, from any row on", () => {
  const kernels: Kernel[] = [{ type: "linear" }, { type: "rbf", gamma: 1e-4 }, { type: "rbf", gamma: 2 }];
  fc.assert(fc.property(
    fc.oneof(tableOf(pixel, 5), tableOf(real, 5)), fc.oneof(tableOf(pixel, 5), tableOf(real, 5)),
    fc.constantFrom(...kernels), fc.nat(59),
    (fixedRows, newRows, kernel, skip) => {
      const fixed = fromRows(fixedRows);
      const X = fromRows(newRows.slice(0, TILE));
      const from = Math.min(skip, fixedRows.length - 1);
      const [fast, plain] = [new FastKernelRows(fixed, kernel, TILE), new PlainKernelRows(fixed, kernel)];
      const outs = [fast, plain].map(({ width }) => new Float64Array(TILE * width));
      fast.fill(X, 0, X.shape[0], outs[0], from);
      plain.fill(X, 0, X.shape[0], outs[1], from);
      for (let i = 0; i < X.shape[0]; i++)
        for (let j = from; j < fixedRows.length; j++) {
          const [a, b] = [outs[0][i * fast.width + j], outs[1][i * plain.width + j]];
          assert.ok(Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(b)), `${a}, not ${b}`);
        }
    },
  ), { numRuns: 200, seed: 1 });
});

test("leaves found in packed memory are those that the tree's own questions lead to", () => {
  fc.assert(fc.property(tableOf(fc.oneof(pixel, real), 3, 2), tableOf(real, 3), fc.nat(), (rows, queries, seed) => {
    const rng = seededRng(seed);
    const y = Int32Array.from(rows, () => rng.integer(3));
    const { tree } = decisionTree().fit(fromRows(rows), y) as TreeClassifier;
    for (const X of [fromRows(rows), fromRows(queries)]) {
      const leaves = new Int32Array(X.shape[0]);
      findLeaves(packTree(tree), X, 0, X.shape[0], leaves);
      assert.deepEqual(leaves, plainLeaves(tree, X));
    }
  }), { numRuns: 100, seed: 1 });
});

test("every neighbour search equals the plain one, at every scale that squares bear", () => {
  const scale = fc.constantFrom(1, 1e-22, 1e19, 1e-100, 1e100);
  const offset = fc.constantFrom(0, 1e6);
  fc.assert(fc.property(tableOf(real, 3, 5), tableOf(real, 3), scale, offset, (rows, queries, by, far) => {
    const place = (table: number[][]) => fromRows(table.map((row) => row.map((value) => (value + far) * by)));
    const [T, X] = [place(rows), place(queries)];
    const expected = plainSearch(T).nearest(X, 5);
    for (const search of [kdTreeSearch, matrixProductSearch, mlKnnSearch])
      assert.deepEqual(search(T).nearest(X, 5), expected, search.name);
  }), { numRuns: 60, seed: 1 });
});

interface Svm {
  train(rows: number[][], labels: number[]): void;
  predict(rows: number[][]): number[];
}

test("svc answers as libsvm-js does through its own loader and its own prediction", () => {
  const SVM = require("libsvm-js/asm") as new (options: Record<string, unknown>) => Svm;
  const rng = seededRng(8);
  const n = 150;
  const X = matrix(Float64Array.from({ length: 2 * n }, () => rng.uniform()), [n, 2]);
  const y = Int32Array.from(toRows(X), ([a, b]) => (a + b > 1.2 ? 2 : a > 0.5 ? 1 : 0));
  const sorted = Int32Array.from(y.keys()).sort((i, j) => y[i] - y[j] || i - j);
  const fresh = matrix(Float64Array.from({ length: 400 }, () => rng.uniform()), [200, 2]);
  for (const gamma of [0.5, 3]) {
    const theirs = new SVM({ kernel: 2, type: 0, gamma, cost: 10, epsilon: 0.001, quiet: true });
    theirs.train(toRows(selectRows(X, sorted)), [...sorted].map((i) => y[i]));
    const ours = svc({ C: 10, gamma }).fit(X, y);
    assert.deepEqual([...ours.predict(fresh)], theirs.predict(toRows(fresh)));
  }
});
