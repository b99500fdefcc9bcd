import assert from "node:assert/strict";
import { test } from "node:test";
import {
  concatRows, fromRows, matrix, networkEstimator, poolSampler, roundedScores, seededRng, selectRows, smoothedAnswers,
  toRows, type Classifier, type Matrix,
} from "../../lib";
import { exercises } from "../../notebooks/20-copying-image-readers/exercises";
import { enlargedDigits, imageReader, unsmoothed } from "../../notebooks/20-copying-image-readers/thieves";
import { judging } from "./helpers";

const judge = judging(exercises);

test("20-1 knows the best digit, another one, and a wrong share", async () => {
  const [original, copied] = [Int32Array.of(0, 0, 1, 1, 2, 2, 2, 2), Int32Array.of(0, 0, 1, 0, 2, 0, 0, 0)];
  const finding = async (digit: number, agreement: number) =>
    String((await judge("20-1", { digit, agreement }, original, copied)).finding);
  assert.equal(await finding(2, 0.25), "null");
  assert.match(await finding(0, 1), /knows best/);
  assert.match(await finding(1, 0.5), /another digit/);
  assert.match(await finding(2, 0.3), /the share is not/);
  assert.match(await finding(2, 25), /at most 1/);
});

test("20-2 knows what one class gets", async () => {
  const finding = async (answer: number) => String((await judge("20-2", answer, 0.4, 10)).finding);
  assert.equal(await finding(0.405), "null");
  assert.match(await finding(0.04), /there are ten/);
  assert.match(await finding(0.2), /impossible/);
  assert.match(await finding(-1), /below 0/);
});

/** It gives one label. */
const flat: Classifier = { family: "flat", classes: Int32Array.of(0), numFeatures: 4,
  predict: ({ shape: [n] }) => new Int32Array(n), serialize: () => ({ family: "flat" }) };
const cloud = (n: number, seed: number): Matrix<Float64Array> => {
  const rng = seededRng(seed);
  return matrix(Float64Array.from({ length: 40 * n }, () => rng.normal()), [n, 40]);
};

test("20-3 counts questions and steps, and listens for the alarm", async () => {
  const model = { ...flat, numFeatures: 40 };
  const start = toRows(cloud(30, 2));
  const steps = fromRows(Array.from({ length: 300 }, (_, i) => start[i % 30].map((x) => x + 0.001 * (1 + i / 30))));
  const finding = async (answer: Matrix) => String((await judge("20-3", answer, steps, model)).finding);
  const first = (n: number) => selectRows(steps, Array.from({ length: n }, (_, i) => i));
  assert.match(await finding(concatRows(cloud(350, 3), first(251))), /601 queries are more than 600/);
  assert.match(await finding(cloud(400, 3)), /only 0 of the steps/);
  assert.match(await finding(concatRows(first(200), first(200))), /only 200 of the steps/);
  assert.match(await finding(fromRows([[1]])), /has 40 pixels, and these have 1/);
  assert.match(await finding(steps), /the alarm goes off at query \d+/);
  const far = cloud(300, 2);
  assert.equal(String((await judge("20-3", concatRows(cloud(300, 3), far), far, model)).finding), "null");
});

test("20-4 wants labels, honest confidence and a worse copy; undoing smoothing gives the answers back", async () => {
  const { plain, warped } = await enlargedDigits(2000, seededRng(1));
  const original = networkEstimator(imageReader(), { epochs: 1, minSteps: 150, rng: seededRng(2) })
    .fit(warped.X, warped.groups);
  const held = { name: "digits", X: plain.X, y: plain.groups, featureNames: [], classNames: [] };
  const finding = async (answer: Classifier) =>
    String((await judge("20-4", answer, original, { test: held, pictures: warped.X })).finding);
  const like = (change: Partial<Classifier>): Classifier => ({ family: "network", classes: original.classes,
    numFeatures: 784, predict: (X) => original.predict(X), predictProba: (X) => original.predictProba(X),
    serialize: () => original.serialize(), ...change });
  assert.match(await finding(like({ predictProba: undefined })), /gives no probabilities/);
  assert.match(await finding(like({ predict: ({ shape: [n] }) => new Int32Array(n) })), /labels are not/);
  assert.match(await finding(smoothedAnswers(original, { share: 0.9 })), /confidence is wrong by 0\.\d+/);
  assert.match(await finding(roundedScores(original, { decimals: 3 })), /agrees only -?0\.0\d+ less/);
  const lying = like({ predictProba: (X) => {
    const P = original.predictProba(X);
    return X === held.X ? P : matrix(P.data.map((_, i) => P.data[i - (i % 10) + ((i + 1) % 10)]), P.shape);
  } });
  assert.equal(await finding(lying), "null");
  const some = poolSampler(plain.X).sample(50, seededRng(3));
  const [told, undone] = [original, unsmoothed(smoothedAnswers(original, { share: 0.3 }), 0.3)]
    .map((model) => model.predictProba!(some).data);
  told.forEach((p, i) => assert.ok(Math.abs(p - undone[i]) < 1e-9));
});
