import assert from "node:assert/strict";
import test from "node:test";
import { classCounts, loadAdultTable } from "../../lib";

test("Adult has the published numbers of rows and classes, and one layout for both halves", async () => {
  const { train, test: held } = await loadAdultTable();
  assert.deepEqual([train.X.shape, held.X.shape], [[32561, 105], [16281, 105]]);
  // 24,720 and 7,841; 12,435 and 3,846: adult.names of the UCI repository.
  assert.deepEqual([[...classCounts(train.y, 2)], [...classCounts(held.y, 2)]], [[24720, 7841], [12435, 3846]]);
  assert.deepEqual([train.classNames, train.target], [["<=50K", ">50K"], "income"]);
  assert.deepEqual(train.featureNames, held.featureNames);
  assert.deepEqual([...train.X.data.subarray(0, 1)], [39]);
});

test("rows with missing values can be dropped: 30,162 and 15,060 are left", async () => {
  const { train, test: held } = await loadAdultTable({ missing: "drop" });
  assert.deepEqual([train.y.length, held.y.length], [30162, 15060]);
  assert.deepEqual([train.dropped.length, held.dropped.length, held.dropped[0] < 100], [2399, 1221, true]);
});
