import assert from "node:assert/strict";
import { test } from "node:test";
import {
  adam, layer, leaveOneOutProbabilities, matrix, sampleWithoutReplacement, seededRng, trainNetworkSync,
} from "../../lib";
import { exercises } from "../../notebooks/18-corrective-unlearning/exercises";
import { judging } from "./helpers";

const judge = judging(exercises);

test("18-1 wants the share of the unknown among the unknown", async () => {
  const given = new Int32Array(1000);
  const flipped = Int32Array.from({ length: 200 }, (_, i) => i);
  const says = async (answer: number): Promise<string | null> =>
    (await judge("18-1", answer, { given, flipped })).finding;
  assert.equal(await says(180 / 980), null);
  assert.match(String(await says(0.2)), /counts the known ones/);
  assert.match(String(await says(0.18)), /both counts/);
  assert.match(String(await says(0.5)), /divided by/);
  assert.notEqual(await says(2), null);
});

test("18-2 wants two thirds of the flips at twice the precision of chance", async () => {
  const given = new Int32Array(100);
  const flipped = Int32Array.from({ length: 20 }, (_, i) => i);
  const setting = { given, flipped, known: Int32Array.from([0, 1]) };
  const says = async (...answer: number[]): Promise<string | null> =>
    (await judge("18-2", Int32Array.from(answer), setting)).finding;
  const found = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];
  assert.equal(await says(...found, 50, 51), null);
  assert.match(String(await says(2, 3, 4)), /only 17 % of the unknown flips/);
  const many = Array.from({ length: 40 }, (_, k) => 50 + k);
  assert.match(String(await says(...found, ...many)), /blind accusation finds 18 %/);
  assert.match(String(await says(0, ...found)), /known before/);
  assert.match(String(await says(2, 2)), /twice/);
  assert.match(String(await says(100)), /integers from 0 to 99/);
  assert.match(String(await says(...Array.from({ length: 18 }, (_, k) => k + 2))), /flips themselves/);
});

test("18-3 wants flips that hide, and knows those that do not", async () => {
  const rng = seededRng(1);
  const y = Int32Array.from({ length: 1000 }, (_, i) => i % 10);
  const data = Float32Array.from({ length: 64_000 }, (_, j) =>
    (j % 10 === y[Math.floor(j / 64)] ? 1.5 : 0) + rng.normal());
  const X = matrix(data, [1000, 64]);
  const clean = trainNetworkSync({ inputShape: [8, 8, 1], inputScale: 1, layers: [layer.conv2d(8), layer.maxPool(2),
    layer.flatten(), layer.dense(10)] }, X, y, { epochs: 10, rng: seededRng(2),
    optimizer: adam({ learningRate: 5e-3 }) }).network;
  const setting = { train: { X, y }, clean, seed: 4 };
  const says = async (answer: Int32Array): Promise<string | null> => (await judge("18-3", answer, setting)).finding;
  const looks = leaveOneOutProbabilities(X, y, { imageShape: [8, 8, 1], numClasses: 10,
    patches: { filters: 128 }, rng: seededRng(1) }).data;
  const disguise = Array.from(y, (label, i) => Math.log(looks[10 * i + 9 - label] / looks[10 * i + label]));
  const order = Int32Array.from(y.keys()).sort((a, b) => disguise[b] - disguise[a]);
  assert.equal(await says(order.slice(0, 200)), null);
  assert.match(String(await says(order.slice(-200))), /the search finds \d+ % of yours/);
  assert.match(String(await says(sampleWithoutReplacement(1000, 20, rng))), /needs 200 positions, and has 20/);
  assert.match(String(await says(new Int32Array(200))), /twice/);
  assert.match(String(await says(Int32Array.from([-1]))), /integers/);
});
