import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { clusterClassCounts, fromRows, hungarian, labelsOfClusters, matchClusters, matrix, seededRng } from "../../lib";

const costOf = (cost: { data: Float64Array; shape: readonly [number, number] }, columns: ArrayLike<number>) =>
  Array.from(columns).reduce((sum, column, row) => sum + cost.data[row * cost.shape[1] + column], 0);

function* permutations(n: number, kept: number[] = []): Generator<number[]> {
  if (kept.length === n) yield kept;
  for (let j = 0; j < n; j++) if (!kept.includes(j)) yield* permutations(n, [...kept, j]);
}

test("hungarian equals scipy's linear_sum_assignment", () => {
  // SciPy 1.17, numpy.random.RandomState(3).random_sample((12, 15)).
  const rng = seededRng(3);
  const cost = matrix(Float64Array.from({ length: 180 }, () => rng.uniform()), [12, 15]);
  assert.deepEqual([...hungarian(cost)], [10, 1, 5, 8, 6, 0, 7, 14, 9, 4, 3, 2]);
});

test("hungarian is never beaten by any permutation, costs below zero included", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 25, maxLength: 25 }), (costs) => {
      const cost = matrix(Float64Array.from(costs), [5, 5]);
      const assigned = hungarian(cost);
      assert.equal(new Set(assigned).size, 5);
      const best = Math.min(...[...permutations(5)].map((columns) => costOf(cost, columns)));
      assert.equal(costOf(cost, assigned), best);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test("majority lets clusters share a class, Hungarian does not", () => {
  const clusters = Int32Array.of(0, 0, 0, 1, 1, 1);
  const y = Int32Array.of(0, 0, 0, 0, 0, 1);
  const options = { numClusters: 2, numClasses: 2 };
  assert.deepEqual(clusterClassCounts(clusters, y, options).data, Float64Array.of(3, 0, 2, 1));
  assert.deepEqual([...matchClusters(clusters, y, { ...options, method: "majority" })], [0, 0]);
  assert.deepEqual([...matchClusters(clusters, y, { ...options, method: "hungarian" })], [0, 1]);
  assert.deepEqual([...labelsOfClusters(clusters, Int32Array.of(7, 4))], [7, 7, 7, 4, 4, 4]);
});

test("a renaming of the clusters changes nothing after matching", () => {
  const y = Int32Array.from({ length: 60 }, (_, i) => i % 3);
  const renamed = y.map((label) => (label + 1) % 3);
  const classes = matchClusters(renamed, y, { numClusters: 3, numClasses: 3, method: "hungarian" });
  assert.deepEqual(labelsOfClusters(renamed, classes), y);
});

test("matching names what it refuses", () => {
  assert.throws(() => hungarian(fromRows([[1], [2]])), /hungarian: rows must be an integer in \[0, 1\], got 2/);
  assert.throws(() => hungarian(fromRows([[NaN]])), /cost must be finite/);
  const options = { numClusters: 3, numClasses: 2, method: "hungarian" } as const;
  assert.throws(
    () => matchClusters(Int32Array.of(0), Int32Array.of(0), options),
    /numClusters \(for hungarian\) must be/,
  );
  assert.throws(() => clusterClassCounts(Int32Array.of(5), Int32Array.of(0), options), /cluster must be .*, got 5/);
});
