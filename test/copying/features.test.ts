import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {
  adaptCloud, discoverNumFeatures, discoverRanges, findContrast, findStep, fromRows, geneticSearch,
  NoContrastError, rowOf, seededRng, sweepFeatures, type BlackBox,
} from "../../lib";
import { labelEntropy } from "../../lib/copying/features/cloud";
import { ruled, ruledBox } from "./helpers";

/** Three features: a number near 500, an integer near 5, and one that does not matter. */
const mixed = ([a, b]: number[]): number => (a / (31 * Math.PI) + Math.floor(b) > 10 ? 1 : 0);
const mixedExamples = fromRows([[450, 3, 7], [600, 7, 2]]);
/** One label everywhere but in a small ball far from the origin. */
const middle = [3, -40, 0.5, 700, 20, -2, 90, 5];
const ball = (row: number[]): number => (Math.hypot(...row.map((value, j) => value - middle[j])) < 1 ? 1 : 0);

const labelOf = async (box: BlackBox, row: ArrayLike<number>): Promise<number> => (await box.query(fromRows([row])))[0];

test("a blind search finds two labels at any scale, and says which", async () => {
  for (const scale of [1e-4, 1, 1e4]) {
    const box = ruledBox(([a, b]) => (a + 2 * b > scale ? 4 : 2), 2);
    const { common, rare, labels, spent } = await findContrast(box, { numFeatures: 2, rng: seededRng(1) });
    assert.equal(box.used, spent);
    assert.deepEqual([await labelOf(box, common), await labelOf(box, rare)], [labels.common, labels.rare]);
    assert.notEqual(labels.common, labels.rare);
  }
});

test("a search next to an example finds what a blind one misses", async () => {
  const blind = ruledBox(ball, 8, 400);
  await assert.rejects(findContrast(blind, { numFeatures: 8, budget: 400, rng: seededRng(1) }), (error: unknown) => {
    assert.ok(error instanceof NoContrastError);
    assert.match(error.message, /all 400 queries were answered 0/);
    return error.spent === 400 && error.label === 0;
  });
  const examples = fromRows([middle.map((value) => value + 0.1)]);
  const { spent } = await findContrast(ruledBox(ball, 8), { numFeatures: 8, examples, rng: seededRng(1) });
  assert.ok(spent <= 100);
});

test("findContrast keeps to its budget and refuses bad options", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 300 }), fc.integer({ min: 0, max: 99 }), async (budget, seed) => {
      const box = ruledBox(([a]) => (a > 1e3 ? 1 : 0), 3, budget);
      await findContrast(box, { numFeatures: 3, budget, rng: seededRng(seed) }).catch((error: unknown) => {
        if (!(error instanceof NoContrastError)) throw error;
      });
      assert.ok(box.used <= budget);
    }),
    { numRuns: 20 },
  );
  const box = ruledBox(() => 0, 2);
  const rng = seededRng(1);
  const find = (options: object) => findContrast(box, { numFeatures: 2, rng, ...options });
  await assert.rejects(find({ numFeatures: 0 }), /findContrast: numFeatures must be an integer/);
  await assert.rejects(find({ budget: 1 }), /budget must be an integer of at least 2/);
  const wide = fromRows([[1, 2, 3]]);
  await assert.rejects(find({ examples: wide }), /examples must have 2 features, got 3/);
  const unknown = fromRows([[1, NaN]]);
  await assert.rejects(find({ examples: unknown }), /examples must be finite, got NaN/);
});

test("a sweep brackets the nearest change to each side", async () => {
  const box = ruledBox(([a]) => (a > 10 ? 2 : a < -3 ? 0 : 1), 2);
  const { changes, spent } = await sweepFeatures(box, { bases: fromRows([[0, 0]]), scale: [1, 1], halvings: 10 });
  assert.equal(spent, box.used);
  assert.equal(changes.length, 2);
  for (const { feature, inner, outer, innerLabel, outerLabel } of changes) {
    const edge = outer > 0 ? 10 : -3;
    assert.equal(feature, 0);
    assert.deepEqual([innerLabel, outerLabel], [1, outer > 0 ? 2 : 0]);
    assert.ok(Math.min(inner, outer) <= edge && edge <= Math.max(inner, outer), `${inner} … ${outer}`);
    assert.ok(Math.abs(inner - outer) < 0.02);
  }
  const bases = fromRows([[0, 0]]);
  await assert.rejects(sweepFeatures(box, { bases, scale: [1] }), /scale must have 2 values, got 1/);
});

test("a change within the first step is bracketed too, however far that goes", async () => {
  const box = ruledBox(([a]) => (a > 10 ? 1 : 0), 1);
  const { changes } = await sweepFeatures(box, { bases: fromRows([[0]]), scale: [1e6], down: 0 });
  const [{ inner, outer }] = changes;
  assert.ok(inner > 0 && inner <= 10 && outer >= 10 && outer <= 2.01 * inner, `${inner} … ${outer}`);
});

test("a step is found where changes lie half-way or on the values, and nowhere else", () => {
  assert.deepEqual(
    [[2.5, 7.5, 11.5], [2, 3, 9], [2.5, 3], [0.15, 0.25, 0.45], [2.5031, 7.118, 11.9], []].map((changes) => {
      const found = findStep(changes, 1e-5);
      return found && [found.step, found.edges];
    }),
    [[1, "between"], [1, "on"], [1, "both"], [0.1, "between"], undefined, undefined],
  );
  assert.equal(findStep([2.49, 7.51], 0.1), undefined);
  assert.ok(findStep([2.5, 7.5], 1e-3)!.chance < 1e-4);
  assert.throws(() => findStep([1], 0), /findStep: tolerance must be a finite number above 0, got 0/);
  assert.throws(() => findStep([NaN], 1), /findStep: changes must be finite, got NaN/);
});

test("changes at random places have no step", () => {
  const place = fc.double({ min: 1, max: 100, noNaN: true });
  let stepped = 0;
  fc.assert(
    fc.property(fc.array(place.map((value) => value * Math.PI), { minLength: 3, maxLength: 5 }), (changes) => {
      if (findStep(changes, 1e-3)) stepped++;
    }),
    { numRuns: 200, seed: 1 },
  );
  assert.ok(stepped <= 20, `${stepped}`);
});

test("ranges, an integer and an irrelevant feature are found from labels alone", async () => {
  const box = ruledBox(mixed, 3);
  const { ranges, features, classes, spent } = await discoverRanges(box, {
    numFeatures: 3, examples: mixedExamples, rng: seededRng(1),
  });
  assert.deepEqual(features.map(({ kind }) => kind), ["continuous", "stepped", "irrelevant"]);
  assert.equal(ranges[1].step, 1);
  assert.ok(ranges[0].min < 500 && ranges[0].max > 500 && ranges[0].max - ranges[0].min < 5000);
  assert.ok(ranges[1].min < 6 && ranges[1].max > 4 && ranges[1].max - ranges[1].min < 50);
  assert.ok(features[1].chance! < 1e-3);
  assert.deepEqual([features[2].changes, features[2].missedAtMost], [0, 3 / features[2].lines]);
  assert.ok(features[2].reach! > 1e6 && ranges[2].max - ranges[2].min < 100);
  for (const [j, { min, max }] of ranges.entries())
    for (const i of [0, 1]) assert.ok(min <= rowOf(mixedExamples, i)[j] && rowOf(mixedExamples, i)[j] <= max, `${j}`);
  assert.deepEqual([...classes], [0, 1]);
  assert.equal(spent.total, box.used);
  assert.equal(spent.total, spent.contrast + spent.cloud + spent.sweeps);
  assert.ok(features.reduce((sum, feature) => sum + feature.spent, 0) <= spent.sweeps);
});

test("a feature whose label comes, goes and comes back is categorical", async () => {
  const box = ruledBox(([a, b]) => ((Math.round(a) === 2 || Math.round(a) === 5) !== b > 1 ? 1 : 0), 2);
  const { features } = await discoverRanges(box, {
    numFeatures: 2, examples: fromRows([[2, 0.5], [4, 1.5]]), rng: seededRng(2),
  });
  assert.equal(features[0].kind, "categorical");
  assert.ok([2, 5].every((value) => features[0].values!.includes(value)), `${features[0].values}`);
});

test("blind discovery gets the scales of a linear model right, whatever their units", async () => {
  const units = [1e-3, 1, 1e3];
  const box = ruledBox((row) => (row.reduce((sum, value, j) => sum + value / units[j], 0) > 5 ? 1 : 0), 3);
  const { ranges } = await discoverRanges(box, { numFeatures: 3, rng: seededRng(3) });
  const relative = ranges.map(({ deviation }, j) => deviation / units[j]);
  assert.ok(Math.max(...relative) < 5 * Math.min(...relative), `${relative}`);
});

test("discovery and both searches repeat under one seed and differ under another", async () => {
  const cloud = { center: Float64Array.of(500, 5, 1), scale: Float64Array.of(50, 1, 1) };
  const runs = [
    (seed: number) =>
      discoverRanges(ruledBox(mixed, 3), { numFeatures: 3, examples: mixedExamples, rng: seededRng(seed) }),
    (seed: number) => adaptCloud(ruledBox(mixed, 3), { cloud, rng: seededRng(seed) }),
    (seed: number) => geneticSearch(ruledBox(mixed, 3), { numFeatures: 3, rng: seededRng(seed) }),
  ];
  for (const run of runs) {
    assert.deepEqual(await run(1), await run(1));
    assert.notDeepEqual(await run(1), await run(2));
  }
});

test("a cloud far too wide, too narrow or beside the point finds a small region and its scales", async () => {
  const scale = [1, 100];
  const blob = (row: number[]): number => (Math.hypot((row[0] - 5) / scale[0], (row[1] - 500) / scale[1]) < 2 ? 1 : 0);
  for (const [center, size] of [[[5, 500], 20], [[5, 500], 0.05], [[4, 620], 5]] as const) {
    const start = { center: Float64Array.from(center), scale: Float64Array.from(scale, (value) => value * size) };
    const { cloud, generations, spent } = await adaptCloud(ruledBox(blob, 2), {
      cloud: start, generations: 20, rng: seededRng(4),
    });
    assert.equal(spent, generations.reduce((sum, { y }) => sum + y.length, 0));
    assert.ok(generations[19].entropy > 0.5 * Math.log(2));
    cloud.scale.forEach((value, j) => assert.ok(value / scale[j] > 0.5 && value / scale[j] < 6, `${value}`));
    assert.equal(ruled(blob)(fromRows([cloud.center]))[0], 1);
  }
  const cloud = { center: Float64Array.of(0), scale: Float64Array.of(1) };
  const rng = seededRng(1);
  const constant = ruledBox(() => 0, 1);
  await assert.rejects(adaptCloud(constant, { cloud, population: 5, rng }), /population must be an integer/);
});

test("the plain genetic algorithm keeps to its counts and never leaves its scale", async () => {
  const box = ruledBox(([a]) => (a > 500 ? 1 : 0), 2);
  const { generations, spent } = await geneticSearch(box, { numFeatures: 2, population: 20, rng: seededRng(1) });
  assert.deepEqual([spent, box.used, generations.length], [200, 200, 10]);
  for (const { X, y } of generations) {
    assert.deepEqual(new Set(y), new Set([0]));
    for (let i = 0; i < X.shape[0]; i++) assert.ok(rowOf(X, i).every((value) => Math.abs(value) < 3));
  }
  const rng = seededRng(1);
  const search = (options: object) => geneticSearch(box, { numFeatures: 2, rng, ...options });
  await assert.rejects(search({ population: 3 }), /population must be an integer of at least 4/);
  await assert.rejects(search({ center: [1] }), /center and a row must have the same length, got 1 and 2/);
  await assert.rejects(search({ mutationRate: 2 }), /mutationRate must be in \[0, 1\], got 2/);
});

test("the fittest rows of the plain genetic algorithm are those of the rarest label", async () => {
  const box = ruledBox(([a]) => (a > 0.8 ? 1 : 0), 1);
  const { generations } = await geneticSearch(box, { numFeatures: 1, population: 100, rng: seededRng(1) });
  const share = ({ y }: { y: Int32Array }): number => y.filter((label) => label === 1).length / y.length;
  assert.ok(share(generations[0]) < 0.25);
  assert.ok(generations.slice(1).every((generation) => share(generation) > share(generations[0])));
});

test("the plain genetic algorithm starts around the centre it is given", async () => {
  const { generations } = await geneticSearch(ruledBox(() => 0, 2), {
    numFeatures: 2, center: [100, -5], size: 2, rng: seededRng(1),
  });
  const { X } = generations[0];
  for (let i = 0; i < X.shape[0]; i++)
    assert.ok(Math.abs(X.data[2 * i] - 100) <= 2 && Math.abs(X.data[2 * i + 1] + 5) <= 2);
});

test("entropy is 0 for one label and the logarithm of their number for even ones", () => {
  assert.equal(labelEntropy(Int32Array.of(3, 3, 3)), 0);
  assert.ok(Math.abs(labelEntropy(Int32Array.of(1, 2, 3)) - Math.log(3)) < 1e-12);
});

test("discovery refuses bad options, and a model of one label ends in its own error", async () => {
  const rng = seededRng(1);
  await assert.rejects(
    discoverRanges(ruledBox(() => 7, 2), { numFeatures: 2, searchBudget: 60, rng }),
    /all 60 queries were answered 7/,
  );
  const bad = [[{ rounds: 0 }, /rounds must/], [{ bases: 1 }, /bases must/], [{ starts: 0 }, /starts must/]] as const;
  for (const [options, message] of bad)
    await assert.rejects(discoverRanges(ruledBox(mixed, 3), { numFeatures: 3, rng, ...options }), message);
});

test("the width found is the width discovery needs", async () => {
  const box = ruledBox(mixed, 3);
  const numFeatures = (await discoverNumFeatures(box))!;
  const { ranges } = await discoverRanges(box, { numFeatures, examples: mixedExamples, rng: seededRng(1) });
  assert.equal(ranges.length, 3);
});
