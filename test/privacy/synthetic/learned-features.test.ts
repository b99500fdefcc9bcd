import assert from "node:assert/strict";
import { test } from "node:test";
import { fromRows, initializeNetwork, layer, networkOf, seededRng } from "../../../lib";
import { networkFeatures } from "../../../lib/privacy/synthetic/learned-features";
import { loadTensorflow } from "../../../lib/tensorflow";

const architecture = {
  inputShape: [2], inputScale: 1, layers: [layer.dense(2, { activation: "relu" }), layer.dense(2), layer.dense(2)],
};
// x ↦ relu(x₁, 2x₂) ↦ (sum, difference) ↦ anything.
const network = networkOf(architecture, [
  Float32Array.of(1, 0, 0, 2), Float32Array.of(0, 0), Float32Array.of(1, 1, 1, -1), Float32Array.of(0, 0),
  Float32Array.of(1, 0, 0, 1), Float32Array.of(0, 0),
]);

test("features are the inputs of the layers asked for, each part of length 1, side by side", () => {
  const { data, shape } = networkFeatures(network, fromRows([[3, 2], [-1, -1]]), { layers: [1, 2] });
  assert.deepEqual(shape, [2, 4]);
  const expected = [3 / 5, 4 / 5, 7 / Math.sqrt(50), -1 / Math.sqrt(50), 0, 0, 0, 0];
  expected.forEach((value, p) => assert.ok(Math.abs(data[p] - value) < 1e-6, `${p}: ${data[p]}`));
});

test("an image's features depend on no other image", () => {
  const net = initializeNetwork(architecture, { rng: seededRng(3) });
  const rows = Array.from({ length: 300 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
  const all = networkFeatures(net, fromRows(rows), { layers: [1, 2] });
  const some = networkFeatures(net, fromRows(rows.slice(250)), { layers: [1, 2] });
  assert.deepEqual(all.data.slice(250 * 4), some.data);
});

test("no tensor is left; layers that don't exist and numbers that are none are refused", () => {
  const { memory } = loadTensorflow();
  const X = fromRows([[1, 2]]);
  networkFeatures(network, X, { layers: [1] });
  const before = memory().numTensors;
  networkFeatures(network, X, { layers: [2, 1] });
  assert.equal(memory().numTensors, before);
  for (const at of [NaN, 0, 3, 1.5]) assert.throws(() => networkFeatures(network, X, { layers: [at] }), RangeError);
  assert.throws(() => networkFeatures(network, X, { layers: [] }), /number of layers/);
  assert.throws(() => networkFeatures(network, fromRows([[1, NaN]]), { layers: [1] }), RangeError);
});
