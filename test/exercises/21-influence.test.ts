import assert from "node:assert/strict";
import { test } from "node:test";
import { matrix } from "../../lib";
import { exercises } from "../../notebooks/21-influence/exercises";
import { judging } from "./helpers";

const judge = judging(exercises);

test("21-1 wants the largest score of the first query", async () => {
  const scores = matrix(Float64Array.of(0.2, 0.9, -3, 5, 5, 5), [2, 3]);
  const says = async (answer: number): Promise<string | null> => (await judge("21-1", answer, { scores })).finding;
  assert.equal(await says(1), null);
  assert.match(String(await says(2)), /harmed it most/);
  assert.match(String(await says(0)), /larger score/);
  assert.match(String(await says(3)), /integers from 0 to 2/);
});

test("21-2 wants three times as many wrong labels as by chance, and not the truth itself", async () => {
  const flipped = Int32Array.from({ length: 10 }, (_, i) => i);
  const says = async (answer: number[]): Promise<string | null> =>
    (await judge("21-2", Int32Array.from(answer), { flipped, images: 100 })).finding;
  const others = [50, 51, 52, 53, 54, 55, 56, 57];
  assert.equal(await says([0, 1, 2, ...others.slice(0, 7)]), null);
  assert.match(String(await says([0, 1, ...others])), /20 % of yours are wrong, and 30 % are needed/);
  assert.match(String(await says(Array.from(flipped))), /wrong labels themselves/);
  assert.match(String(await says([0])), /accuse 10, not 1/);
  assert.match(String(await says([0, 0])), /twice/);
});

test("21-3 wants scores that foretell retraining better than gradients alone", async () => {
  const subsets = [[0, 1], [0, 2], [1, 2]];
  const retrained = { subsets, outputs: matrix(Float64Array.of(5, 4, 3), [3, 1]) };
  const right = matrix(Float64Array.of(3, 2, 1), [1, 3]);
  const alone = matrix(Float64Array.of(1, 2, 3), [1, 3]);
  const says = async (answer: typeof right): Promise<string | null> =>
    (await judge("21-3", answer, { retrained, alone })).finding;
  assert.equal(await says(right), null);
  assert.match(String(await says(alone)), /-1\.000, and -0\.980 is needed/);
  assert.match(String(await says(matrix(Float64Array.of(1, 2), [1, 2]))), /shape 1 × 3/);
});
