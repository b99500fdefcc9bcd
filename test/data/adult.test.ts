import assert from "node:assert/strict";
import test from "node:test";
import { classCounts, loadAdult } from "../../lib";
import { tableText } from "../../lib/data/table-text";

test("Adult has the published numbers of rows and classes, and one layout for both halves", async () => {
  const { train, test: held } = await loadAdult();
  assert.deepEqual([train.X.shape, held.X.shape], [[32561, 105], [16281, 105]]);
  // 24,720 and 7,841; 12,435 and 3,846: adult.names of the UCI repository.
  assert.deepEqual([[...classCounts(train.y, 2)], [...classCounts(held.y, 2)]], [[24720, 7841], [12435, 3846]]);
  assert.deepEqual([train.classNames, train.target], [["<=50K", ">50K"], "income"]);
  assert.deepEqual(train.featureNames, held.featureNames);
  assert.deepEqual([...train.X.data.subarray(0, 1)], [39]);
});

test("rows with missing values can be dropped: 30,162 and 15,060 are left", async () => {
  const { train, test: held } = await loadAdult({ missing: "drop" });
  assert.deepEqual([train.y.length, held.y.length], [30162, 15060]);
  assert.deepEqual([train.dropped.length, held.dropped.length, held.dropped[0] < 100], [2399, 1221, true]);
});

test("a remark at the head of the repository's file does not change its checksum", () => {
  assert.equal(tableText("|1x3 Cross validator\n1, a.\n2, b.\n", 2), "1,a.\n2,b.");
  assert.equal(tableText("1,a.\n2,b.", 2), "1,a.\n2,b.");
});
