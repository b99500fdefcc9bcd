import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accuracy, assignClusters, blackBox, copy, deserialize, dynamicalRange, fromRows, kMeans, knn,
  layer, matrix, nameClusters, seededRng, trainIic, uniformSampler, type Architecture,
} from "../../lib";

const X = fromRows([[0, 0], [0, 1], [1, 0], [20, 20], [20, 21], [21, 20], [40, 0], [40, 1]]);
const y = Int32Array.of(-7, -7, 1e9, 5, 5, 5, 1e9, 1e9);
const byCenters = () => kMeans(X, { numClusters: 3, rng: seededRng(1) });

test("named clusters answer the label most of their rows carry, and remember how many carried which", () => {
  const model = nameClusters(byCenters(), X, y);
  assert.deepEqual([...model.classes], [-7, 5, 1e9]);
  assert.deepEqual([...model.predict(fromRows([[0.5, 0.5], [20, 20], [39, 1]]))], [-7, 5, 1e9]);
  const [first, second, third] = assignClusters(model.clustering, fromRows([[0, 0], [20, 20], [40, 0]]));
  const rowOfCounts = (c: number): number[] => [...model.counts.data.subarray(3 * c, 3 * c + 3)];
  assert.deepEqual([first, second, third].map(rowOfCounts), [[2, 0, 1], [0, 3, 0], [0, 0, 2]]);
  assert.deepEqual([first, second, third].map((c) => model.names[c]), [-7, 5, 1e9]);
});

test("named clusters are classifiers: written down and read, copied, and strict about widths", async () => {
  const model = nameClusters(byCenters(), X, y, { method: "hungarian" });
  const again = deserialize(JSON.parse(JSON.stringify(model.serialize())));
  assert.deepEqual(again.predict(X), model.predict(X));
  assert.throws(() => model.predict(fromRows([[1, 2, 3]])), { name: "RangeError", message: /2 columns, .* got 3/ });
  const stolen = await copy(blackBox(model, { budget: 200 }), {
    sampler: uniformSampler(dynamicalRange(X)), estimator: knn({ numNeighbors: 1 }), budget: 200, rng: seededRng(2),
  });
  assert.equal(accuracy(model.predict(X), stolen.classifier.predict(X)), 1);
  assert.throws(() => nameClusters(byCenters(), X, y.slice(1)),
    { name: "RangeError", message: /same length, got 8 and 7/ });
  assert.throws(() => nameClusters(byCenters(), matrix(new Float64Array(0), [0, 2]), new Int32Array(0)),
    { name: "RangeError", message: /at least one row, got 0/ });
});

test("a cluster without rows answers the lowest label", () => {
  const model = nameClusters({ centers: fromRows([[0, 0], [500, 500]]) }, X, y);
  assert.deepEqual([...model.predict(fromRows([[490, 490]]))], [-7]);
  assert.deepEqual([...model.counts.data], [2, 3, 3, 0, 0, 0]);
});

test("clusters of a network are named and predict as well", () => {
  const trunk: Architecture = { inputShape: [4, 4, 1], inputScale: 1, layers: [layer.flatten()] };
  const rng = seededRng(3);
  const labels = Int32Array.from({ length: 60 }, (_, i) => (i % 2 ? 9 : -9));
  // Bright on the left, or on the right.
  const isBright = (i: number, column: number): boolean => (i % 2 ? column > 2 : column < 2);
  const images = matrix(Float64Array.from({ length: 60 * 25 }, (_, p) =>
    Number(isBright(Math.floor(p / 25), p % 5)) + 0.3 * rng.uniform()), [60, 25]);
  const views = { rotation: 5, zoom: 0.05, shear: 0, shift: 0.3 };
  const iic = trainIic(trunk, images,
    { numClusters: 2, heads: 3, overClusters: 0, epochs: 60, batchSize: 30, views, rng });
  const model = nameClusters(iic, images, labels);
  const again = deserialize(JSON.parse(JSON.stringify(model.serialize())));
  assert.deepEqual(again.predict(images), model.predict(images));
  assert.equal(model.numFeatures, 25);
  assert.equal(model.counts.data.reduce((sum, count) => sum + count, 0), 60);
  assert.ok(accuracy(labels, model.predict(images)) > 0.9);
  assert.throws(() => model.predict(fromRows([[1]])), { name: "RangeError", message: /25 columns, as fitted, got 1/ });
});
