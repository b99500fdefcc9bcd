import assert from "node:assert/strict";
import { test } from "node:test";
import {
  adam, correctLabels, cosineSimilarity, matrix, mlp, seededRng, trainNetworkSync, type AnswerOf, type CorrectionRule,
  type GivenOf,
} from "../../lib";
import { exercises, type UnlearningSetting } from "../../notebooks/08-cifar10-unlearning/exercises";
import { judging } from "./helpers";

type Asked = typeof exercises;
const judge = judging(exercises);

const N = 300;
const draw = (key: number) => {
  const rng = seededRng(1).spawn(key);
  const y = Int32Array.from({ length: N }, (_, i) => i % 10);
  const data = Float64Array.from({ length: 2 * N }, (_, k) => {
    const label = y[k >> 1];
    return (k % 2 ? Math.floor(label / 4) : label % 4) + 0.2 * rng.normal();
  });
  return { X: matrix(data, [N, 2]), y };
};
const train = draw(0);
const flipped = Int32Array.from({ length: 60 }, (_, i) => i);
const given = train.y.map((s, i) => (i < 60 ? 9 - s : s));
const architecture = mlp({ numFeatures: 2, hidden: [32, 32], numClasses: 10 });
const { network } = trainNetworkSync(architecture, train.X, given, {
  epochs: 40, batchSize: 16, optimizer: adam({ learningRate: 1e-2 }), rng: seededRng(2), keep: "last",
});
const setting: UnlearningSetting = {
  train, flipped, validation: draw(1), poisoned: network, trainingGradients: 40 * N, head: network, features: train.X,
  seed: 42,
};
const finding = async <Id extends "08-1" | "08-2" | "08-3">(id: Id, answer: AnswerOf<Asked, Id>): Promise<string> =>
  String((await judge(id, answer, ...([setting] as unknown as GivenOf<Asked, Id>))).finding);

test("08-1 accepts the cosine of the two steps, and knows the wrong sign, λ and range", async () => {
  const step = (rule: CorrectionRule): Float64Array => {
    let taken = new Float64Array(0);
    correctLabels(network, train.X, train.y, { rule, samples: 1024, steps: 1, rng: seededRng(42),
      onStep: ({ update }) => {
        taken = update;
      } });
    return taken;
  };
  const first = step({ kind: "firstOrder", stepSize: 2e-5 });
  const [truth, other] = [0.1, 1].map((damping) => cosineSimilarity(step({ kind: "gaussNewton", damping }), first));
  assert.equal((await judge("08-1", truth, setting)).verdict, "right");
  assert.ok(Math.abs(truth - other) > 0.02);
  assert.match(await finding("08-1", -truth), /sign is wrong/);
  assert.match(await finding("08-1", other), /λ = 1/);
  assert.match(await finding("08-1", 2), /between -1 and 1/);
  assert.match(await finding("08-1", NaN), /not a number/);
  assert.match(await finding("08-1", 1), /nearly one direction/);
  assert.match(await finding("08-1", truth - 0.3), /closer/);
});

test("08-2 wants random wrong labels, and guesses that are neither these nor all true", async () => {
  const rng = seededRng(3);
  const random = train.y.map((s, i) => (i < 60 ? (s + 1 + rng.integer(9)) % 10 : s));
  const truth = train.y.slice(0, 60);
  const mostly = truth.map((s, i) => (i % 4 ? s : (random[i] + 1) % 10));
  assert.equal((await judge("08-2", { given: random, inferred: mostly }, setting)).verdict, "right");
  const wrong = (labels: Int32Array, inferred: Int32Array): Promise<string> =>
    finding("08-2", { given: labels, inferred });
  assert.match(await wrong(random, truth), /true labels themselves/);
  assert.match(await wrong(given, mostly), /follow the pattern/);
  assert.match(await wrong(train.y, mostly), /needs a wrong label/);
  assert.match(await wrong(random, random.slice(0, 60)), /its wrong label itself/);
  assert.match(await wrong(random, mostly.slice(1)), /needs 60 labels/);
  assert.match(await wrong(random, random.slice(0, 60).map((s) => (s + 1) % 10)), /only \d+ % are right/);
});

test("08-3 wants at most 2 % of a training, and a network that reads well", async () => {
  const wrong = (gradients: number, learningRate: number): Promise<string> =>
    finding("08-3", { gradients, learningRate });
  assert.match(await wrong(1000, 1e-3), /2 % of a training are 240/);
  assert.match(await wrong(8, 1e-3), /less than one batch/);
  assert.match(await wrong(0.02, 1e-3), /whole number/);
  assert.match(await wrong(240, 3), /reads \d+\.\d % .* 91 % are wanted/);
  assert.equal((await judge("08-3", { gradients: 240, learningRate: 2e-2 }, setting)).verdict, "right");
});
