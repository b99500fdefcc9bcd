import assert from "node:assert/strict";
import { test } from "node:test";
import { fromRows, knn, matrix, seededRng } from "../../lib";
import { exercises } from "../../notebooks/09-dp-noised-mnist/exercises";
import { judging } from "./helpers";

const judge = judging(exercises);

test("09-1 wants the norm that 100 images share, not 700, and not a hundredth", async () => {
  const X = matrix(new Uint8Array(700 * 784).fill(9), [700, 784]);
  const images = { name: "grey", X, y: new Int32Array(700), classNames: [], featureNames: [] };
  const says = async (answer: number): Promise<string | null> => (await judge("09-1", answer, images)).finding;
  assert.equal(await says(500), null);
  assert.match(String(await says(5000 / Math.sqrt(700))), /700 images/);
  assert.match(String(await says(50)), /√100/);
  assert.match(String(await says(900)), /too large/);
  assert.match(String(await says(300)), /too small/);
  assert.match(String(await says(NaN)), /not a number/);
});

test("09-2 wants a model that reads the dark images, whatever it is", async () => {
  const X = fromRows([[0, 0.001], [0.001, 0], [0, 0.002], [0.002, 0]]);
  const y = Int32Array.of(0, 1, 0, 1);
  const says = async (labels: Int32Array): Promise<string | null> =>
    (await judge("09-2", knn({ numNeighbors: 1 }).fit(X, labels), { X, y })).finding;
  assert.equal(await says(y), null);
  assert.match(String(await says(Int32Array.of(0, 1, 0, 0))), /reads 75 %/);
});

test("09-3 wants the fewest clusters that are named rightly", async () => {
  // Thirty points apart from each other, each of a digit: ten clusters of neighbours mix them, thirty do not.
  const rng = seededRng(3);
  const X = fromRows(Array.from({ length: 600 }, (_, i) => [10 * (i % 30) + 0.01 * rng.uniform(), 0]));
  const images = { X, y: Int32Array.from({ length: 600 }, (_, i) => (i % 30) % 10) };
  const says = async (answer: number): Promise<string | null> => (await judge("09-3", answer, images, 42)).finding;
  assert.match(String(await says(15)), /one of 10, 20/);
  assert.match(String(await says(10)), /not enough/);
  assert.match(String(await says(50)), /fewer/);
});
