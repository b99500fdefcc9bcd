import { test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { classCounts, kFold, loadTable, seededRng, shuffleSplit, stratifiedKFold, stratifiedSplit } from "../../lib";
import type { Split, TableName } from "../../lib";

interface SplitReference {
  table: TableName;
  n: number;
  seed: number;
  testFraction?: number;
  testSize: number;
  askTrain?: number;
  trainSize: number;
  train: number[];
  test: number[];
  sha256: string;
}
interface FoldReference {
  table: TableName;
  n: number;
  folds: number;
  seed: number | null;
  sha256: string[];
}
interface References {
  stratified: SplitReference[];
  shuffle: SplitReference[];
  kFold: FoldReference[];
  stratifiedKFold: FoldReference[];
}

// Indices from scikit-learn 1.9.1 (the file names the versions): the first eight of each half, and a hash of all.
const references = JSON.parse(readFileSync(join(__dirname, "scikit-learn-splits.json"), "utf8")) as References;

const hashOf = ({ train, test: tested }: Split): string =>
  createHash("sha256").update([...train, ...tested].join(",")).digest("hex");

function assertSame(split: Split, reference: SplitReference): void {
  assert.deepEqual([...split.train.slice(0, 8)], reference.train);
  assert.deepEqual([...split.test.slice(0, 8)], reference.test);
  assert.equal(hashOf(split), reference.sha256);
}

const optionsOf = ({ testFraction, testSize, askTrain, seed }: SplitReference) => ({
  ...(testFraction === undefined ? { testSize } : { testFraction }),
  ...(askTrain === undefined ? {} : { trainSize: askTrain }),
  rng: seededRng(seed),
});

for (const reference of references.stratified) {
  const { table, testFraction, testSize, seed } = reference;
  const title = `${table}, test ${testFraction ?? testSize}, seed ${seed}`;
  test(`stratifiedSplit gives scikit-learn's indices: ${title}`, async () => {
    const { y } = await loadTable(table);
    assertSame(stratifiedSplit(y, optionsOf(reference)), reference);
  });
}

test("shuffleSplit gives scikit-learn's indices", () => {
  for (const reference of references.shuffle) assertSame(shuffleSplit(reference.n, optionsOf(reference)), reference);
});

test("kFold gives scikit-learn's indices, with and without shuffling", () => {
  for (const { n, folds, seed, sha256 } of references.kFold)
    assert.deepEqual(kFold(n, { folds, ...(seed !== null && { rng: seededRng(seed) }) }).map(hashOf), sha256);
});

test("stratifiedKFold gives scikit-learn's indices, with and without shuffling", async () => {
  for (const { table, folds, seed, sha256 } of references.stratifiedKFold) {
    const { y } = await loadTable(table);
    assert.deepEqual(stratifiedKFold(y, { folds, ...(seed !== null && { rng: seededRng(seed) }) }).map(hashOf), sha256);
  }
});

test("kFold without a generator cuts the rows in order, the longer folds first", () => {
  assert.deepEqual(kFold(5, { folds: 2 }).map((split) => [...split.test]), [[0, 1, 2], [3, 4]]);
});

test("stratifiedSplit puts each row into one half only, with the classes in proportion to a row", () => {
  const labels = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 30, maxLength: 80 });
  fc.assert(
    fc.property(labels, fc.double({ min: 0.3, max: 0.7, noNaN: true }), fc.nat(1000), (list, testFraction, seed) => {
      const y = Int32Array.from([...list, 0, 0, 1, 1, 2, 2, 3, 3]);
      const split = stratifiedSplit(y, { testFraction, rng: seededRng(seed) });
      const all = [...split.train, ...split.test].sort((a, b) => a - b);
      assert.deepEqual(all, [...y.keys()]);
      const counts = classCounts(y, 4);
      const tested = classCounts(split.test.map((i) => y[i]), 4);
      const share = split.test.length / y.length;
      counts.forEach((count, k) => assert.ok(Math.abs(tested[k] - count * share) <= 1 + 1e-9));
    }),
    { numRuns: 50, seed: 1 },
  );
});

test("Splits repeat under one seed and differ under another", () => {
  const y = Int32Array.from({ length: 60 }, (_, i) => i % 3);
  const split = (seed: number) => stratifiedSplit(y, { testSize: 20, rng: seededRng(seed) });
  assert.deepEqual(split(1), split(1));
  assert.notDeepEqual(split(1), split(2));
  const folds = (seed: number) => stratifiedKFold(y, { folds: 4, rng: seededRng(seed) });
  assert.deepEqual(folds(1), folds(1));
  assert.notDeepEqual(folds(1), folds(2));
});

test("Splits name the size that can't be had", () => {
  const rng = seededRng(1);
  const y = Int32Array.of(0, 0, 0, 1, 1, 1);
  assert.throws(() => shuffleSplit(10, { testFraction: 1, rng }), /testFraction must be in \(0, 1\), got 1/);
  assert.throws(() => shuffleSplit(10, { rng }), /either testFraction or testSize/);
  assert.throws(() => shuffleSplit(10, { testSize: 10, rng }), /testSize must be an integer in \[1, 9\], got 10/);
  const tooLarge = () => shuffleSplit(10, { testSize: 4, trainSize: 7, rng });
  assert.throws(tooLarge, /trainSize must be an integer in \[1, 6\], got 7/);
  assert.throws(() => stratifiedSplit(y, { testSize: 1, rng }), /testSize must be an integer of at least 2, got 1/);
  assert.throws(() => stratifiedSplit(Int32Array.of(0, 0, 1), { testSize: 1, rng }), /at least 2 rows, one has 1/);
  assert.throws(() => kFold(3, { folds: 4 }), /kFold: folds must be an integer in \[2, 3\], got 4/);
  assert.throws(() => stratifiedKFold(y, { folds: 4 }), /largest class's size, 3, got 4/);
});
