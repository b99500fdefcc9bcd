import assert from "node:assert/strict";
import { test } from "node:test";
import { assignClusters, fromRows, kMeans, matrix, seededRng } from "../../lib";

const uniform = seededRng(0);
const X = matrix(Float64Array.from({ length: 2000 }, () => uniform.uniform()), [400, 5]);
const cluster = (seed: number) => kMeans(X, { numClusters: 6, rng: seededRng(seed) });

test("kMeans finds three clusters anyone can see, with the inertia worked out by hand", () => {
  const points = fromRows([[0, 0], [0, 2], [10, 0], [10, 2], [0, 90], [0, 91]]);
  const { centers, clusters, inertia } = kMeans(points, { numClusters: 3, rng: seededRng(1) });
  assert.ok(Math.abs(inertia - 4.5) < 1e-9);
  assert.deepEqual(
    [clusters[0] === clusters[1], clusters[2] === clusters[3], clusters[4] === clusters[5]],
    [true, true, true],
  );
  assert.equal(new Set(clusters).size, 3);
  const center = centers.data.subarray(clusters[4] * 2, clusters[4] * 2 + 2);
  assert.ok(Math.abs(center[1] - 90.5) < 1e-4);
});

test("kMeans reaches scikit-learn's inertia", () => {
  // scikit-learn 1.9.1, the same uniform numbers: KMeans(6, n_init=200, tol=0).
  const best = 90.91819365158528;
  for (const seed of [1, 2, 3]) {
    const { inertia } = cluster(seed);
    assert.ok(inertia > best - 1e-6 && inertia < best * 1.01, `${inertia} against ${best}`);
  }
});

test("kMeans from given centres repeats scikit-learn's run", () => {
  const initialCenters = matrix(X.data.slice(0, 30), [6, 5]);
  const { inertia } = kMeans(X, { numClusters: 6, initialCenters, rng: seededRng(1) });
  // scikit-learn 1.9.1, KMeans(6, init=X[:6], n_init=1).
  assert.ok(Math.abs(inertia / 91.72122779115043 - 1) < 1e-6, `${inertia}`);
  assert.throws(
    () => kMeans(X, { numClusters: 5, initialCenters, rng: seededRng(1) }),
    /initialCenters and numClusters must have the same length, got 6 and 5/,
  );
});

test("each centre is the mean of its rows, and each row is with its nearest centre", () => {
  const { centers, clusters } = kMeans(X, { numClusters: 6, tolerance: 0, rng: seededRng(1) });
  assert.deepEqual(assignClusters({ centers }, X), clusters);
  const sums = new Float64Array(30);
  const counts = new Float64Array(6);
  clusters.forEach((c, i) => {
    counts[c]++;
    for (let j = 0; j < 5; j++) sums[c * 5 + j] += X.data[i * 5 + j];
  });
  centers.data.forEach((value, p) => assert.ok(Math.abs(value - sums[p] / counts[Math.floor(p / 5)]) < 1e-5));
});

test("kMeans ends where plain Lloyd's rounds end, which take every distance", () => {
  const k = 12;
  let centers = matrix(X.data.slice(0, 5 * k), [k, 5]);
  let clusters = assignClusters({ centers }, X);
  for (let settled = false; !settled; ) {
    const sums = new Float64Array(5 * k);
    const counts = new Float64Array(k);
    clusters.forEach((c, i) => {
      counts[c]++;
      for (let j = 0; j < 5; j++) sums[c * 5 + j] += X.data[i * 5 + j];
    });
    centers = matrix(sums.map((sum, p) => sum / counts[Math.floor(p / 5)]), [k, 5]);
    const next = assignClusters({ centers }, X);
    settled = next.every((c, i) => c === clusters[i]);
    clusters = next;
  }
  const initialCenters = matrix(X.data.slice(0, 5 * k), [k, 5]);
  const found = kMeans(X, { numClusters: k, initialCenters, tolerance: 0, rng: seededRng(1) });
  assert.deepEqual(found.clusters, clusters);
});

test("kMeans repeats under one seed and can differ under another", () => {
  assert.deepEqual(cluster(1), cluster(1));
  assert.notDeepEqual(cluster(1).centers, cluster(2).centers);
});

test("as many clusters as rows leave no inertia, and equal rows no empty-handed start", () => {
  assert.ok(kMeans(fromRows([[1], [5], [9]]), { numClusters: 3, rng: seededRng(1) }).inertia < 1e-9);
  assert.equal(kMeans(fromRows([[2], [2], [2]]), { numClusters: 2, rng: seededRng(1) }).inertia, 0);
});

test("kMeans frees its tensors and leaves its input as it was", () => {
  const tf = require("@tensorflow/tfjs-node") as typeof import("@tensorflow/tfjs-node");
  const before = tf.memory().numTensors;
  const kept = X.data.slice();
  cluster(4);
  assert.equal(tf.memory().numTensors, before);
  assert.deepEqual(X.data, kept);
});

test("kMeans names what it refuses", () => {
  const rng = seededRng(1);
  assert.throws(() => kMeans(X, { numClusters: 401, rng }), {
    name: "RangeError",
    message: /kMeans: numClusters must be an integer in \[1, 400\], got 401/,
  });
  assert.throws(() => kMeans(fromRows([[NaN]]), { numClusters: 1, rng }), /X must be finite, got NaN at position 0/);
  assert.throws(() => kMeans(X, { numClusters: 2, starts: 0, rng }), /starts must be an integer of at least 1, got 0/);
  assert.throws(() => assignClusters({ centers: fromRows([[1]]) }, X), /must have the same length, got 5 and 1/);
});

test("kMeans finds groups 10 apart beside an outlier of 1e7, and on every scale, as scikit-learn does", () => {
  const spread = (i: number): number => ((i % 2) * 2 - 1) * (((i >> 2) % 2) * -2 + 1) * 0.1;
  const rows = Array.from({ length: 40 }, (_, i) => [(i % 4) * 10 + spread(i), 0]);
  for (const scale of [1, 1e-22, 1e19, 1e-150, 1e140]) {
    const table = fromRows([...rows, [1e7, 0]].map((row) => row.map((value) => value * scale)));
    const { clusters, centers, inertia } = kMeans(table, { numClusters: 5, rng: seededRng(1) });
    // scikit-learn 1.9.1, KMeans(5, n_init=10, random_state=1), at 1, 1e-22 and 1e19.
    assert.ok(Math.abs(inertia / scale / scale - 0.4) < 1e-9, `${inertia} at ${scale}`);
    assert.deepEqual(clusters, assignClusters({ centers }, table));
    for (let i = 0; i < 40; i++) assert.equal(clusters[i], clusters[i % 4]);
  }
  assert.throws(() => kMeans(fromRows([[1e200], [-1e200]]), { numClusters: 1, rng: seededRng(1) }),
    { name: "RangeError", message: /inertia overflows/ });
  assert.throws(() => kMeans(fromRows([[1e308], [1e308], [-1e308]]), { numClusters: 1, rng: seededRng(1) }),
    { name: "RangeError", message: /differences are finite/ });
  assert.throws(() => assignClusters({ centers: fromRows([[-1e200]]) }, fromRows([[1e200]])), { name: "RangeError" });
});
