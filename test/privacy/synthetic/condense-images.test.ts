import assert from "node:assert/strict";
import { test } from "node:test";
import { condenseImages, layer, matrix, seededRng } from "../../../lib";
import { randomWarp, warpImage, warpMatrix } from "../../../lib/images/warp";
import { loadTensorflow } from "../../../lib/tensorflow";

/** Sees sums of pixels. */
const sums = { inputShape: [4], inputScale: 1 / 255, layers: [layer.dense(3), layer.dense(2)] };
const still = { rotation: 0, shear: 0, scale: 0, aspect: 0, elastic: 0, elasticGrid: 2 };
const seen = Uint8Array.of(255, 255, 0, 0, 255, 51, 0, 0, 0, 0, 102, 0);
const many = { X: matrix(seen, [3, 4]), y: Int32Array.of(0, 0, 1) };
const few = { X: matrix(new Uint8Array(12).fill(90), [3, 4]), y: Int32Array.of(1, 0, 0) };
const settings = { architecture: sums, layer: 1, spread: still, perClass: 20, iterations: 500, learningRate: 0.02 };

test("the mean of each class comes to look like that of the many, whatever sums a network sees", async () => {
  const { data, shape } = await condenseImages(few, many, { ...settings, rng: seededRng(1) });
  assert.deepEqual(shape, [3, 4]);
  const near = (values: number[], expected: number[]) =>
    values.forEach((value, k) => assert.ok(Math.abs(value - expected[k]) < 13, `${values} against ${expected}`));
  near([...data.subarray(0, 4)], [0, 0, 102, 0]);
  near([0, 1, 2, 3].map((p) => (data[4 + p] + data[8 + p]) / 2), [255, 153, 0, 0]);
  assert.deepEqual([...few.X.data], new Array(12).fill(90));
});

test("a matrix warps as warpImage does, also at the edge", () => {
  const spread = { rotation: 0.5, shear: 0.3, scale: 0.3, aspect: 0.2, elastic: 1, elasticGrid: 3 };
  const rng = seededRng(2);
  const image = Float64Array.from({ length: 49 }, () => rng.uniform());
  for (let round = 0; round < 20; round++) {
    const warp = randomWarp(7, spread, rng);
    const out = new Float64Array(49);
    warpImage(image, 7, warp, out);
    const { data } = warpMatrix(7, warp);
    out.forEach((value, p) => {
      const product = image.reduce((sum, pixel, q) => sum + pixel * data[q * 49 + p], 0);
      assert.ok(Math.abs(product - value) < 1e-6);
    });
  }
});

test("maps of several numbers a pixel are features as flat rows are", async () => {
  const layers = [layer.conv2d(2, { kernelSize: 1 }), layer.flatten(), layer.dense(2)];
  const architecture = { inputShape: [2, 2, 1], inputScale: 1 / 255, layers };
  for (const from of [1, 2]) {
    const pair = { X: matrix(new Uint8Array(8).fill(90), [2, 4]), y: Int32Array.of(1, 0) };
    const own = { ...settings, architecture, layer: from, perClass: 1, rng: seededRng(3) };
    const { data } = await condenseImages(pair, many, own);
    [0, 0, 102, 0].forEach((value, p) => assert.ok(Math.abs(data[p] - value) < 13, `${data}`));
  }
});

test("the same seed gives the same images, another seed others, and no tensor is left", async () => {
  const spread = { ...still, rotation: 0.2, elastic: 0.2 };
  const architecture = { ...sums, layers: [layer.dense(5, { activation: "relu" }), layer.dense(2)] };
  const own = { ...settings, architecture, spread, iterations: 20 };
  const condense = async (seed: number) =>
    [...(await condenseImages(few, many, { ...own, rng: seededRng(seed) })).data];
  const first = await condense(1);
  const before = loadTensorflow().memory().numTensors;
  assert.deepEqual(await condense(1), first);
  assert.notDeepEqual(await condense(2), first);
  assert.equal(loadTensorflow().memory().numTensors, before);
});

test("a signal ends it, and bad settings are refused", async () => {
  const controller = new AbortController();
  const onProgress = (step: number) => { if (step === 3) controller.abort(new Error("enough")); };
  const stopped = { ...settings, onProgress, signal: controller.signal, rng: seededRng(1) };
  await assert.rejects(() => condenseImages(few, many, stopped), /enough/);
  const condense = (bad: object, start: object = few, end: object = many) =>
    condenseImages({ ...few, ...start }, { ...many, ...end }, { ...settings, rng: seededRng(1), ...bad });
  await assert.rejects(condense({}, { y: Int32Array.of(0, 0) }), /same length/);
  await assert.rejects(condense({}, {}, { y: Int32Array.of(0, 0, 2) }), /many\.y must be/);
  await assert.rejects(condense({}, {}, { y: Int32Array.of(0, 0, 0) }), /number of many of class 1/);
  const gap = { y: Int32Array.of(2, 0, 0) };
  await assert.rejects(condense({}, gap, gap), /number of few of class 1/);
  await assert.rejects(condense({}, { X: matrix(new Uint8Array(9), [3, 3]) }), /side of the images/);
  await assert.rejects(condense({}, {}, { X: matrix(new Uint8Array(27), [3, 9]) }), /columns of many\.X/);
  const wide = { ...sums, inputShape: [9] };
  const flattened = [layer.conv2d(2, { kernelSize: 1 }), layer.flatten(), layer.dense(2)];
  await assert.rejects(condense({ architecture: { ...sums, layers: flattened, inputShape: [4, 1, 1] } }),
    /inputShape must be \[2, 2, 1\]/);
  await assert.rejects(condense({ architecture: { ...sums, inputScale: 1e30 } }), /overflows float32/);
  await assert.rejects(condense({ spread: undefined }), /spread must be an object/);
  await assert.rejects(condense({ architecture: wide }), /input of the networks must be/);
  await assert.rejects(condense({ spread: { ...still, elastic: -1 } }), /elastic must be/);
  for (const bad of [NaN, 0, Infinity]) {
    for (const name of ["iterations", "learningRate", "perClass"])
      await assert.rejects(condense({ [name]: bad }), new RegExp(`${name} must be`));
    await assert.rejects(condense({ layer: bad }), RangeError);
  }
});
