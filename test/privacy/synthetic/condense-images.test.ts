import assert from "node:assert/strict";
import { test } from "node:test";
import { condenseImages, initializeNetwork, layer, matrix, networkOf, seededRng, type Network } from "../../../lib";
import { loadTensorflow } from "../../../lib/tensorflow";

/** Sees two sums of two pixels each, as they are. */
const plain = networkOf({ inputShape: [4], inputScale: 1 / 255, layers: [layer.dense(2), layer.dense(2)] }, [
  Float32Array.of(1, 0, 1, 0, 0, 1, 0, 1), Float32Array.of(0, 0), Float32Array.of(1, 0, 0, 1), Float32Array.of(0, 0),
]);
const X = matrix(Uint8Array.of(255, 255, 0, 0, 255, 51, 0, 0, 0, 0, 102, 0), [3, 4]);
const groups = Int32Array.of(0, 0, 1);
const black = matrix(new Uint8Array(8), [2, 4]);
/** At black the networks' ReLUs have no slope. */
const gray = matrix(new Uint8Array(8).fill(90), [2, 4]);
const settings = { networks: [plain] as Network[], layer: 1, iterations: 400, learningRate: 0.02, rng: seededRng(1) };

test("each image comes to be seen as the mean of its group, and pixels that nothing asks for stay", () => {
  const { data } = condenseImages(black, X, groups, { ...settings, rng: seededRng(1) });
  // Group 0 is seen as (2 + 1.2) / 2 = 1.6 in the first sum, group 1 as 0.4 in the second.
  const sums = [data[0] + data[1], data[2] + data[3], data[4] + data[5], data[6] + data[7]].map((sum) => sum / 255);
  [1.6, 0, 0, 0.4].forEach((sum, k) => assert.ok(Math.abs(sums[k] - sum) < 0.05, `${sums}`));
  assert.deepEqual([...black.data], new Array(8).fill(0));
});

test("the same seed gives the same images, another seed others, and no tensor is left", () => {
  const networks = [1, 2, 3].map((seed) => initializeNetwork({
    inputShape: [4], inputScale: 1 / 255, layers: [layer.dense(5, { activation: "relu" }), layer.dense(2)],
  }, { rng: seededRng(seed) }));
  const condense = (seed: number) =>
    [...condenseImages(gray, X, groups, { ...settings, networks, iterations: 20, rng: seededRng(seed) }).data];
  const first = condense(1);
  const before = loadTensorflow().memory().numTensors;
  assert.deepEqual(condense(1), first);
  assert.notDeepEqual(condense(2), first);
  assert.equal(loadTensorflow().memory().numTensors, before);
});

test("a signal ends it, and bad settings are refused", () => {
  const controller = new AbortController();
  const onProgress = (step: number) => { if (step === 3) controller.abort(new Error("enough")); };
  const stopped = { ...settings, onProgress, signal: controller.signal };
  assert.throws(() => condenseImages(black, X, groups, stopped), /enough/);
  const condense = (bad: object, labels = groups) => () => condenseImages(black, X, labels, { ...settings, ...bad });
  assert.throws(condense({}, Int32Array.of(0, 0, 2)), /groups must be/);
  assert.throws(condense({}, Int32Array.of(0)), /same length/);
  assert.throws(condense({ networks: [] }), /number of networks/);
  for (const bad of [NaN, 0, Infinity]) {
    assert.throws(condense({ iterations: bad }), /iterations must be/);
    assert.throws(condense({ learningRate: bad }), /learningRate must be/);
    assert.throws(condense({ layer: bad }), RangeError);
  }
  assert.throws(() => condenseImages(matrix(new Uint8Array(3), [1, 3]), X, groups, settings), /columns of X/);
});
