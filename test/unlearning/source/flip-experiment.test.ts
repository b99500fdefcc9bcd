import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  classCounts,
  flipExperiment,
  matrix,
  mlp,
  seededRng,
  type Dataset,
  type FlipExperimentOptions,
} from "../../../lib";

const directory = mkdtempSync(join(tmpdir(), "kh-flips-"));
after(() => rmSync(directory, { recursive: true, force: true }));

/** Rows whose first number is their own position, so that one can see where they went. */
function half(n: number, offset: number): Dataset<Float64Array> {
  const rng = seededRng(offset + 1);
  const y = Int32Array.from({ length: n }, (_, i) => i % 4);
  const data = Float64Array.from({ length: n * 5 }, (_, k) => {
    const i = Math.floor(k / 5);
    if (k % 5 === 4) return (offset + i) / 1000;
    return (k % 5 === y[i] ? 2 : 0) + 0.5 * rng.normal();
  });
  const featureNames = ["p", "q", "r", "s", "at"];
  return { name: "places", X: matrix(data, [n, 5]), y, classNames: ["a", "b", "c", "d"], featureNames };
}

const data = { train: half(300, 0), test: half(200, 500) };
const options = (changes: Partial<FlipExperimentOptions> = {}): FlipExperimentOptions => ({
  architecture: mlp({ numFeatures: 5, hidden: [32], numClasses: 4 }),
  images: 200,
  validation: 60,
  budget: 40,
  epochs: 8,
  seed: 3,
  directory,
  ...changes,
});
const places = (X: { data: ArrayLike<number>; shape: readonly [number, number] }): number[] =>
  Array.from({ length: X.shape[0] }, (_, i) => Math.round(1000 * X.data[5 * i + 4]));

test("training, validation and test examples are disjoint, wherever the validation comes from", async () => {
  for (const validationFrom of ["train", "test"] as const) {
    const { train, validation, test: unseen } = await flipExperiment(data, options({ validationFrom }));
    const all = [train, validation, unseen].flatMap(({ X }) => places(X));
    assert.equal(new Set(all).size, all.length);
    assert.equal(validation.y.length, 60);
    assert.equal(places(validation.X).every((place) => place >= 500), validationFrom === "test");
    assert.equal(unseen.y.length, validationFrom === "test" ? 140 : 200);
  }
});

test("the poisoned network learns the flips, the clean one does not", async () => {
  const experiment = await flipExperiment(data, options({ epochs: 40 }));
  const { poisoned, clean, scores, train, given, flipped, trainingGradients } = experiment;
  const counts = classCounts(Int32Array.from(flipped, (i) => train.y[i]), 4);
  assert.deepEqual([...counts], [10, 10, 10, 10]);
  assert.deepEqual([...train.y.keys()].filter((i) => given[i] !== train.y[i]), [...flipped]);
  assert.equal(trainingGradients, 200 * 40);
  assert.ok(scores(clean, "test").accuracy >= scores(poisoned, "test").accuracy);
  assert.ok(scores(poisoned, "validation").memorized > scores(clean, "validation").memorized);
  assert.ok(scores(poisoned, "test").membership > scores(clean, "test").membership);
});

test("the same call again gives the same networks, another seed others", async () => {
  const a = await flipExperiment(data, options());
  const b = await flipExperiment(data, options());
  const c = await flipExperiment(data, options({ seed: 4 }));
  assert.deepEqual(a.poisoned.weights, b.poisoned.weights);
  assert.notDeepEqual(a.poisoned.weights, c.poisoned.weights);
});

test("flipExperiment refuses more images than there are, and too many for validation", async () => {
  await assert.rejects(flipExperiment(data, options({ images: 400 })), /flipExperiment/);
  await assert.rejects(flipExperiment(data, options({ validation: 200 })), /flipExperiment: validation must be .*200/);
  await assert.rejects(flipExperiment(data, options({ budget: 42 })), /multiple of 4/);
});
