import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accuracy, composedEpsilon, digitsPlan, drawnFeatures, fitPrivateDigits, gaussianRho, matrix, planReleases,
  type PrivateDigitsPlan, secureRng, seededRng, selectLabels, selectRows,
} from "../../../lib";
import { type DigitReleases, digitReleases } from "../../../lib/privacy/synthetic/digit-releases";
import { releaseShares } from "../../../lib/privacy/synthetic/digits-plan";
import { learnDigits } from "../../../lib/privacy/synthetic/private-digits";
import type { NoiseKind } from "../../../lib/privacy/mechanisms/whole-vectors";
import { loadTensorflow } from "../../../lib/tensorflow";
import { bars } from "./bars";

const jitter = { ...digitsPlan.style.jitter, rotation: 0.05, shear: 0.05, elastic: 0.3, elasticGrid: 4 };
const plan: PrivateDigitsPlan = {
  centersPerClass: 2, kMeansRounds: 1, imagesShare: 0.1, modesPerClass: false, modesShare: 0.1, poseShare: 0.1,
  templatesShare: 0.1, bendsShare: 0.1, looksShare: 0.1,
  teacher: { images: 64, features: 20, share: 0.4, steps: 10, learningRate: 20 },
  style: { ...digitsPlan.style, rotation: 0.05, shear: 0.05, elastic: 0.3, elasticGrid: 4, jitter },
};
const guarantee = { epsilon: 20, delta: 1e-5 };
const { X, y } = bars(200, { side: 16 });
const settings = { ...guarantee, numClasses: 2, plan };

const releasesOf = (images: typeof X, labels: Int32Array, noise: NoiseKind = "normal"): DigitReleases =>
  digitReleases(images, labels, {
    ...settings, planned: planReleases(releaseShares(plan), { ...guarantee, noise }), noise, rng: seededRng(5),
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
    ["features", 0], ["central images", 0.2], ["ink and slant", 0.4], ["templates and bends", 0.6], ["labels", 1],
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
    [
    ["central images", 2], ["modes", 1], ["ink and slant", 1], ["templates", 1], ["bends", 2], ["looks", 1],
    ["labels", 10],
  ]);
  const total = composedEpsilon(events, { delta: 1e-5 });
  assert.ok(total <= 20 && total > 19.99);
});

test("with one record other and every release replayed, all that comes after is equal", async () => {
  const other = matrix(X.data.slice(), X.shape);
  for (let p = 0; p < 256; p++) other.data[5 * 256 + p] = (29 * p) % 256;
  const labels = y.map((label, i) => (i === 5 ? 1 - label : label));
  const [here, there] = [releasesOf(X, y), releasesOf(other, labels)];
  const learn = (releases: DigitReleases) => {
    const model = learnDigits(releases, { plan, side: 16, rng: seededRng(8) });
    return { central: model.central, pose: model.pose, drawn: model.sample({ size: 40, rng: seededRng(9) }) };
  };
  const said: { central?: unknown; pose?: unknown; bends?: unknown; head?: unknown } = {};
  const first = learn({
    central: () => (said.central = here.central()) as never,
    pose: () => (said.pose = here.pose()) as never,
    bends: (central, pose) => (said.bends = here.bends(central, pose)) as never,
    head: (features) => (said.head = here.head(features)) as never,
  });
  let changed = 0;
  // The neighbour's own releases are made, and are others; what is learned from is what was said before.
  const replayed = <T>(own: unknown, before: T): never => {
    if (JSON.stringify(own) !== JSON.stringify(before)) changed++;
    return before as never;
  };
  const second = learn({
    central: () => replayed(there.central(), said.central),
    pose: () => replayed(there.pose(), said.pose),
    bends: (central, pose) => replayed(there.bends(central, pose), said.bends),
    head: (features) => replayed(there.head(features), said.head),
  });
  assert.equal(changed, 4);
  assert.deepEqual(second, first);
  const never = () => assert.fail("records are read");
  assert.throws(() => here.central(), { name: "BudgetExceededError" });
  assert.throws(() => there.head(never), { name: "BudgetExceededError" });
});

test("the head gets the noise that was planned", () => {
  const planned = planReleases(releaseShares(plan), guarantee);
  const head = releasesOf(X, y).head(({ data, shape }) => matrix(Float32Array.from(data, (v) => v / 4080), shape));
  assert.ok(Math.abs(head.noiseMultiplier / planned[6].noiseMultiplier - 1) < 1e-7);
});

test("the same seed gives the same digits; another seed and a second fit from one generator give others", async () => {
  const one = { ...plan, teacher: { ...plan.teacher, images: 20, steps: 2 } };
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
    assert.equal(planReleases(releaseShares(digitsPlan), { epsilon, delta: 1e-5 }).length, 7);
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
  const teacher = (bad: object) => ({ plan: { ...plan, teacher: { ...plan.teacher, ...bad } } });
  for (const bad of [NaN, Infinity, -1, 0]) {
    await assert.rejects(fit({ epsilon: bad }), RangeError);
    await assert.rejects(fit({ delta: bad }), RangeError);
    await assert.rejects(fit({ numClasses: bad }), /numClasses must be/);
    await assert.rejects(fit({ plan: { ...plan, centersPerClass: bad } }), /centersPerClass must be/);
    await assert.rejects(fit({ plan: { ...plan, imagesShare: bad } }), /share of central images must be/);
    await assert.rejects(fit({ plan: { ...plan, modesShare: bad } }), /share of modes must be/);
    await assert.rejects(fit({ plan: { ...plan, poseShare: bad } }), /share of ink and slant must be/);
    for (const name of ["templatesShare", "bendsShare", "looksShare"])
      await assert.rejects(fit({ plan: { ...plan, [name]: bad } }),
        new RegExp(`share of ${name.slice(0, -5)} must be`));
    for (const name of ["images", "features", "learningRate"])
      await assert.rejects(fit(teacher({ [name]: bad })), new RegExp(`${name} must be`));
    await assert.rejects(fit(teacher({ steps: bad })), /count of labels must be/);
    await assert.rejects(fit(teacher({ share: bad })), /share of labels must be/);
    await assert.rejects(fit({ plan: { ...plan, style: { ...plan.style, box: bad } } }), /box must be/);
  }
  for (const bad of [NaN, Infinity, 0.5, 0])
    await assert.rejects(fit({ plan: { ...plan, kMeansRounds: bad } }), RangeError);
  await assert.rejects(fit({ plan: { ...plan, style: { ...plan.style, jitter: undefined } } }),
    /style\.jitter must be an object of deviations/);
  await assert.rejects(fit({ plan: { ...plan, style: { ...plan.style, jitter: { ...jitter, shear: -1 } } } }),
    /style\.jitter\.shear must be/);
  await assert.rejects(fit({ plan: { ...plan, kMeansRounds: 0 } }), /fitPrivateDigits: kMeansRounds must be/);
  await assert.rejects(fit({}, X, y.slice(1)), /same length/);
  await assert.rejects(fit({}, matrix(new Uint8Array(400), [2, 200]), Int32Array.of(0, 1)), /side of the images/);
  await assert.rejects(fit({}, matrix(new Float32Array(256).fill(NaN), [1, 256]), Int32Array.of(0)), /finite/);
  await assert.rejects(fit({}, matrix(new Uint8Array(256), [1, 256]), Int32Array.of(0)), /pixel/);
});

test("discrete noise reads the same digits, costs no more than it may, and takes a secure source", async () => {
  const { memory } = loadTensorflow();
  const exact = { ...settings, noise: "discrete" } as const;
  const digits = await fitPrivateDigits(X, y, { ...exact, rng: seededRng(1) });
  const before = memory().numTensors;
  assert.ok(accuracy(y, digits.label(X)) > 0.95);
  const drawn = digits.sample({ size: 30, rng: seededRng(2) });
  assert.ok(accuracy(Int32Array.from({ length: 30 }, (_, i) => i % 2), drawn.y) >= 0.8);
  const events = digits.releases.map(({ noiseMultiplier, count }) =>
    ({ kind: "zcdp", rho: gaussianRho({ sigma: noiseMultiplier, sensitivity: 1 }), count }) as const);
  const total = composedEpsilon(events, { delta: 1e-5 });
  assert.ok(total <= 20 && total > 19.99, `${total}`);
  const short = { ...plan, teacher: { ...plan.teacher, images: 20, steps: 2 } };
  await fitPrivateDigits(X, y, { ...exact, plan: short, rng: secureRng() });
  assert.equal(memory().numTensors, before);
  await assert.rejects(fitPrivateDigits(X, y, { ...exact, noise: "exact" as never, rng: seededRng(1) }),
    { name: "RangeError", message: /noise must be one of .*normal.*discrete.* got/ });
});

test("with discrete noise what is released of the others is the same to the last bit, wherever they stand", () => {
  const turned = Int32Array.from({ length: 200 }, (_, i) => 199 - i);
  const said = (images: typeof X, labels: Int32Array) => {
    const releases = releasesOf(images, labels, "discrete");
    const first = releases.central();
    const pose = releases.pose();
    const { central, bends } = releases.bends(first, pose);
    const features = drawnFeatures(bars(40, { side: 16 }).X, { size: 10, power: 0.5, rng: seededRng(1) });
    const { weights, bias } = releases.head(features);
    return { first, pose, central, bends, weights, bias };
  };
  assert.deepEqual(said(selectRows(X, turned), selectLabels(y, turned)), said(X, y));
});
