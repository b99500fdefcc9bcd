import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Classifier, composeGdp, type Dataset, gdpEpsilon, matrix, planReleases, releaseShares, seededRng, selectRows,
} from "../../lib";
import { exercises } from "../../notebooks/11-private-synthetic-data/exercises";
import { planFor, sizes } from "../../notebooks/11-private-synthetic-data/sizes";
import { suspectSets } from "../../notebooks/11-private-synthetic-data/suspects";
import { judging } from "./helpers";

const judge = judging(exercises);

test("every plan's shares sum to 1", () => {
  for (const epsilon of sizes.standard.epsilons)
    assert.equal(planReleases(releaseShares(planFor(epsilon)), { epsilon, delta: 1e-5 }).length, 7);
});

test("11-1 accepts the exact noise and knows the classical formula", async () => {
  const finding = async (answer: number) => (await judge("11-1", answer)).finding;
  assert.equal(await finding(3.73), null);
  assert.match(String(await finding(4.84)), /classical formula/);
  assert.match(String(await finding(9)), /less noise/);
  assert.match(String(await finding(1)), /too little/);
  assert.match(String(await finding(-1)), /above 0/);
});

test("11-2 accepts what two releases cost, and knows the sum and the root", async () => {
  const finding = async (answer: number) => (await judge("11-2", answer)).finding;
  const mu = 1 / 3.7304;
  const both = gdpEpsilon({ mu: composeGdp([mu, mu]), delta: 1e-5 });
  assert.equal(await finding(Math.round(100 * both) / 100), null);
  assert.match(String(await finding(2)), /add up to a bound/);
  assert.match(String(await finding(1.41)), /√2/);
  assert.match(String(await finding(1.2)), /cost more/);
  assert.match(String(await finding(1.9)), /cost less/);
  assert.match(String(await finding(NaN)), /above 0/);
});

const noisy = (n: number, seed: number) => {
  const rng = seededRng(seed);
  return matrix(Uint8Array.from({ length: n * 64 }, () => rng.integer(256)), [n, 64]);
};

test("11-3 names the set with noised copies", async () => {
  const real = noisy(200, 1);
  const suspects = suspectSets(real, noisy(900, 2), seededRng(3));
  const verdicts: unknown[] = [];
  for (const set of [0, 1, 2]) verdicts.push((await judge("11-3", set, { suspects, train: real })).finding);
  assert.equal(verdicts.filter((verdict) => verdict === null).length, 1);
  assert.match(verdicts.join(), /nearer to a training image/);
  assert.match(String((await judge("11-3", 3, { suspects, train: real })).finding), /0, 1 or 2/);
});

test("11-4 wants a hundred positions, ten of each label, from which enough is learnt", async () => {
  const X = noisy(300, 4);
  const source = { X, y: Int32Array.from({ length: 300 }, (_, i) => i % 10) };
  const known = selectRows(X, Int32Array.from({ length: 50 }, (_, i) => i));
  const set = { X: known, y: source.y.slice(0, 50) } as Dataset;
  const answering = (labels: Int32Array) => async () => ({ predict: () => labels }) as unknown as Classifier;
  const setting = { source, test: set, learn: answering(set.y) };
  const finding = async (answer: ArrayLike<number>, learn = setting.learn) =>
    (await judge("11-4", answer, { ...setting, learn })).finding;
  const hundred = Array.from({ length: 100 }, (_, i) => i);
  assert.equal(await finding(hundred), null);
  assert.match(String(await finding(hundred.slice(1))), /a hundred positions/);
  assert.match(String(await finding(hundred.map((i) => i + 0.5))), /whole numbers/);
  assert.match(String(await finding(hundred.map((i) => 10 * (i % 30)))), /ten of each label/);
  assert.match(String(await finding(hundred, answering(set.y.map(() => 0)))), /0\.100 of the test images/);
});
