import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accuracy, composedEpsilon, digitsPlan, fitPrivateDigits, matrix, type PrivateDigitsPlan,
  planReleases, seededRng,
} from "../../../lib";
import { type DigitReleases, digitReleases } from "../../../lib/privacy/synthetic/digit-releases";
import { releaseShares } from "../../../lib/privacy/synthetic/digits-plan";
import { learnDigits } from "../../../lib/privacy/synthetic/private-digits";
import { loadTensorflow } from "../../../lib/tensorflow";
import { bars } from "./bars";

const plan: PrivateDigitsPlan = {
  centersPerClass: 2, kMeansRounds: 1, imagesShare: 0.2, modesPerClass: false, modesShare: 0.1, poseShare: 0.1,
  rounds: [
    { images: 64, epochs: 1, share: 0.2, steps: 5, learningRate: 20 },
    { images: 64, epochs: 1, share: 0.4, steps: 10, learningRate: 20 },
  ],
  style: { ...digitsPlan.style, rotation: 0.05, shear: 0.05, elastic: 0.3, elasticGrid: 4 },
};
const guarantee = { epsilon: 20, delta: 1e-5 };
const { X, y } = bars(200, { side: 16 });
const settings = { ...guarantee, numClasses: 2, plan };

const releasesOf = (images: typeof X, labels: Int32Array): DigitReleases => digitReleases(images, labels, {
  ...settings, planned: planReleases(releaseShares(plan), guarantee), rng: seededRng(5),
});

test("drawn images have their classes, the private model tells real records apart, and all is counted", async () => {
  const { memory } = loadTensorflow();
  const stages = new Map<string, number>();
  const fit = () => fitPrivateDigits(X, y, {
    ...settings, rng: seededRng(1), onProgress: (stage, done) => {
      assert.ok(done >= 0 && done <= 1);
      stages.set(stage, done);
    },
  });
  const digits = await fit();
  const before = memory().numTensors;
  await fit();
  assert.equal(memory().numTensors, before);
  assert.deepEqual([...stages], [
    ["central images", 0], ["network, round 1", 0.5], ["labels, round 1", 0.5], ["network, round 2", 1],
    ["labels, round 2", 1],
  ]);
  const drawn = digits.sample({ size: 30, rng: seededRng(2) });
  assert.deepEqual(drawn.X.shape, [30, 256]);
  assert.ok(drawn.X.data instanceof Uint8Array && drawn.X.data.some((value) => value > 200));
  assert.deepEqual(digits.label(drawn.X), drawn.y);
  const turns = Int32Array.from({ length: 30 }, (_, i) => i % 2);
  assert.ok(accuracy(turns, drawn.y) >= 0.8, `${accuracy(turns, drawn.y)}`);
  assert.ok(accuracy(y, digits.label(X)) > 0.95);
  const events = digits.releases.map(({ noiseMultiplier, count }) =>
    ({ kind: "gaussian", noiseMultiplier, count }) as const);
  assert.deepEqual(digits.releases.map(({ name, count }) => [name, count]),
    [["central images", 2], ["modes", 1], ["ink and slant", 1], ["labels, round 1", 5], ["labels, round 2", 10]]);
  const total = composedEpsilon(events, { delta: 1e-5 });
  assert.ok(total <= 20 && total > 19.99);
});

test("with one record other and every release replayed, all that comes after is equal", async () => {
  const other = matrix(X.data.slice(), X.shape);
  for (let p = 0; p < 256; p++) other.data[5 * 256 + p] = (29 * p) % 256;
  const labels = y.map((label, i) => (i === 5 ? 1 - label : label));
  const [here, there] = [releasesOf(X, y), releasesOf(other, labels)];
  const learn = async (releases: DigitReleases) => {
    const model = await learnDigits(releases, { numClasses: 2, plan, rng: seededRng(8) });
    return { central: model.central, pose: model.pose, drawn: model.sample({ size: 40, rng: seededRng(9) }) };
  };
  const said: { central?: unknown; pose?: unknown; heads: unknown[] } = { heads: [] };
  const first = await learn({
    central: () => (said.central = here.central()) as never,
    pose: () => (said.pose = here.pose()) as never,
    head: (round, features) => (said.heads[round] = here.head(round, features)) as never,
  });
  let changed = 0;
  // The neighbour's own releases are made, and are others; what is learned from is what was said before.
  const replayed = <T>(own: unknown, before: T): never => {
    if (JSON.stringify(own) !== JSON.stringify(before)) changed++;
    return before as never;
  };
  const second = await learn({
    central: () => replayed(there.central(), said.central),
    pose: () => replayed(there.pose(), said.pose),
    head: (round, features) => replayed(there.head(round, features), said.heads[round]),
  });
  assert.equal(changed, 4);
  assert.deepEqual(second, first);
  const never = () => assert.fail("records are read");
  assert.throws(() => here.central(), { name: "BudgetExceededError" });
  assert.throws(() => there.head(0, never), { name: "BudgetExceededError" });
});

test("heads get the noise that was planned", () => {
  const planned = planReleases(releaseShares(plan), guarantee);
  const releases = releasesOf(X, y);
  for (const round of [0, 1]) {
    const { noiseMultiplier, count } = planned[3 + round];
    const head = releases.head(round, ({ data, shape }) => matrix(Float32Array.from(data, (v) => v / 4080), shape));
    assert.ok(Math.abs(head.noiseMultiplier / noiseMultiplier - 1) < 1e-7, `${count} steps`);
  }
});

test("the same seed gives the same digits; another seed and a second fit from one generator give others", async () => {
  const one = { ...plan, rounds: [{ ...plan.rounds[0], images: 16, share: 0.6, steps: 2 }] };
  const rng = seededRng(1);
  const digits = async (source = rng) => {
    const model = await fitPrivateDigits(X, y, { ...settings, plan: one, rng: source });
    return [...model.sample({ size: 4, rng: seededRng(2) }).X.data];
  };
  const first = await digits();
  assert.deepEqual(await digits(seededRng(1)), first);
  assert.notDeepEqual(await digits(seededRng(3)), first);
  assert.notDeepEqual(await digits(), first);
});

test("the first plan's shares sum to 1 and its releases cost what they may", () => {
  for (const epsilon of [0.2, 1, 10])
    assert.equal(planReleases(releaseShares(digitsPlan), { epsilon, delta: 1e-5 }).length, 5);
});

test("a signal ends the fit", async () => {
  const controller = new AbortController();
  const stopped = fitPrivateDigits(X, y, {
    ...settings, rng: seededRng(1), signal: controller.signal, onProgress: () => controller.abort(new Error("enough")),
  });
  await assert.rejects(stopped, /enough/);
});

test("bad records and settings are refused before anything is read", async () => {
  const fit = (options: object, images: Parameters<typeof fitPrivateDigits>[0] = X, labels = y) =>
    fitPrivateDigits(images, labels, { ...settings, rng: seededRng(1), ...options });
  const round = plan.rounds[0];
  const rounds = (bad: object) => ({ plan: { ...plan, rounds: [{ ...round, ...bad }, plan.rounds[1]] } });
  for (const bad of [NaN, Infinity, -1, 0]) {
    await assert.rejects(fit({ epsilon: bad }), RangeError);
    await assert.rejects(fit({ delta: bad }), RangeError);
    await assert.rejects(fit({ numClasses: bad }), /numClasses must be/);
    await assert.rejects(fit({ plan: { ...plan, centersPerClass: bad } }), /centersPerClass must be/);
    await assert.rejects(fit({ plan: { ...plan, imagesShare: bad } }), /share of central images must be/);
    await assert.rejects(fit({ plan: { ...plan, modesShare: bad } }), /share of modes must be/);
    await assert.rejects(fit({ plan: { ...plan, poseShare: bad } }), /share of ink and slant must be/);
    for (const name of ["images", "epochs", "learningRate"])
      await assert.rejects(fit(rounds({ [name]: bad })), new RegExp(`${name} must be`));
    await assert.rejects(fit(rounds({ steps: bad })), /count of labels, round 1 must be/);
    await assert.rejects(fit(rounds({ share: bad })), /share of labels, round 1 must be/);
    await assert.rejects(fit({ plan: { ...plan, style: { ...plan.style, box: bad } } }), /box must be/);
  }
  for (const bad of [NaN, Infinity, 0.5, 0])
    await assert.rejects(fit({ plan: { ...plan, kMeansRounds: bad } }), RangeError);
  await assert.rejects(fit({ plan: { ...plan, rounds: [] } }), /number of rounds/);
  await assert.rejects(fit({}, X, y.slice(1)), /same length/);
  await assert.rejects(fit({}, matrix(new Uint8Array(400), [2, 200]), Int32Array.of(0, 1)), /side of the images/);
  await assert.rejects(fit({}, matrix(new Float32Array(256).fill(NaN), [1, 256]), Int32Array.of(0)), /finite/);
  await assert.rejects(fit({}, matrix(new Uint8Array(256), [1, 256]), Int32Array.of(0)), /pixel/);
});
