import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {
  betaSampler, categoricalSampler, dynamicalRange, gridSampler, imageRandomSampler, latinHypercubeSampler,
  mixedSampler, normalSampler, oneHotSampler, rowSampler, seededRng, sobolSampler, sphericalSampler, toRows,
  uniformSampler, wholeNumbers, type FeatureRange, type NumericRange, type Rng, type Sampler,
} from "../../lib";
import { box01 } from "./helpers";

const numeric = (min: number, max: number, mean: number, deviation: number): NumericRange =>
  ({ kind: "numeric", min, max, mean, deviation });
const two = [numeric(-1, 3, 0, 0.5), numeric(10, 20, 12, 2)];
const categories: FeatureRange[] = [{ kind: "categorical", values: [2, 5, 7], shares: [0.25, 0, 0.75] }];

const random: Record<string, Sampler> = {
  uniform: uniformSampler(two),
  normal: normalSampler(two),
  clipped: normalSampler(two, { clip: true }),
  beta: betaSampler(two),
  latinHypercube: latinHypercubeSampler(two),
  sobol: sobolSampler(two),
  spherical: sphericalSampler({ numFeatures: 2 }),
  categorical: categoricalSampler(categories),
  mixed: mixedSampler([...two, ...categories], normalSampler),
  whole: wholeNumbers(uniformSampler(two), { min: 0, max: 15 }),
  oneHot: oneHotSampler(two.concat(numeric(0, 1, 0.3, 0.1), numeric(0, 1, 0.6, 0.1)), { columns: [
    { name: "a", kind: "numeric", missing: 0 }, { name: "b", kind: "numeric", missing: 0 },
    { name: "c", kind: "one-hot", categories: ["x", "y"], missing: 10 },
  ], numeric: normalSampler }),
  imageRandom: imageRandomSampler({ imageShape: [2, 2, 1] }),
};

for (const [name, sampler] of Object.entries(random))
  test(`the ${name} sampler gives the shape asked for, finite, and repeats under one seed only`, () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.nat(1000), (n, seed) => {
        const X = sampler.sample(n, seededRng(seed));
        assert.deepEqual(X.shape, [n, sampler.numFeatures]);
        assert.ok(X.data.every(Number.isFinite));
        assert.deepEqual(sampler.sample(n, seededRng(seed)), X);
      }),
      { numRuns: 30 },
    );
    assert.notDeepEqual(sampler.sample(50, seededRng(1)), sampler.sample(50, seededRng(2)));
    assert.throws(() => sampler.sample(-1, seededRng(1)), /n must be an integer of at least 0, got -1/);
  });

test("uniform, clipped, beta, Latin hypercube and Sobol points stay in range", () => {
  const names = ["uniform", "clipped", "beta", "latinHypercube", "sobol"];
  for (const name of names)
    for (const row of toRows(random[name].sample(500, seededRng(3))))
      row.forEach((value, j) => assert.ok(value >= two[j].min && value <= two[j].max, `${name}: ${value}`));
});

test("normal and beta points have the known mean and deviation", () => {
  for (const name of ["normal", "beta"]) {
    const found = dynamicalRange(random[name].sample(40_000, seededRng(4)));
    found.forEach(({ mean, deviation }, j) => {
      assert.ok(Math.abs(mean - two[j].mean) < 0.03 * two[j].deviation, `${name} mean ${mean}`);
      assert.ok(Math.abs(deviation - two[j].deviation) < 0.03 * two[j].deviation, `${name} deviation ${deviation}`);
    });
  }
});

test("uniform points follow NumPy's RandomState, row by row", () => {
  // numpy.random.RandomState(42).uniform([0, 0], [1, 2], (2, 2)), numpy 2
  const X = uniformSampler([numeric(0, 1, 0.5, 0.1), numeric(0, 2, 1, 0.1)]).sample(2, seededRng(42));
  assert.deepEqual([...X.data], [0.3745401188473625, 1.9014286128198323, 0.7319939418114051, 1.1973169683940732]);
});

test("a constant feature stays constant under every range sampler", () => {
  for (const make of [uniformSampler, normalSampler, betaSampler, gridSampler, latinHypercubeSampler, sobolSampler])
    assert.ok(make([numeric(7, 7, 7, 0)]).sample(9, seededRng(1)).data.every((value) => value === 7));
});

test("the beta sampler goes to both ends where the deviation is as large as it can be, and names a wrong mean", () => {
  const values = betaSampler([numeric(0, 1, 0.25, 0.9)]).sample(1000, seededRng(5)).data;
  assert.ok(values.filter((value) => value < 0.01 || value > 0.99).length > 980);
  assert.throws(() => betaSampler([numeric(0, 1, 2, 0.1)]), /ranges\[0\]\.mean must be in \[0, 1\], got 2/);
});

test("whole numbers are the other sampler's, rounded and moved into the range", () => {
  const given = rowSampler("given", 4, (row) => row.set([-3.2, 0.4, 2.6, 12]));
  assert.deepEqual([...wholeNumbers(given, { min: 1, max: 10 }).sample(1, seededRng(1)).data], [1, 1, 3, 10]);
  assert.deepEqual([...wholeNumbers(given, { min: -9, max: 99 }).sample(1, seededRng(1)).data], [-3, 0, 3, 12]);
  assert.throws(() => wholeNumbers(given, { min: 0.5, max: 2 }), /min must be an integer of at least -\d+, got 0\.5/);
  assert.throws(() => wholeNumbers(given, { min: 3, max: 2 }), /max must be an integer of at least 3, got 2/);
});

test("the grid has kᵈ points, ends included", () => {
  const grid = gridSampler([numeric(0, 1, 0, 1), numeric(0, 2, 0, 1)]);
  assert.deepEqual(toRows(grid.sample(5, seededRng(1))), [[0, 0], [0, 2], [1, 0], [1, 2]]);
  assert.deepEqual(toRows(grid.sample(3, seededRng(1))), [[0.5, 1]]);
  assert.equal(gridSampler(box01(3)).sample(1000, seededRng(1)).shape[0], 1000);
  assert.equal(grid.sample(0, seededRng(1)).shape[0], 0);
});

test("a Latin hypercube visits each slice of each feature once", () => {
  const X = latinHypercubeSampler(box01(3)).sample(20, seededRng(6));
  for (let j = 0; j < 3; j++)
    assert.equal(new Set(toRows(X).map((row) => Math.floor(row[j] * 20))).size, 20);
});

test("the Sobol sequence without its shift equals SciPy's", () => {
  // scipy.stats.qmc.Sobol(64, scramble=False, bits=32): point 5, features 1–8; point 999, features 1, 6, 32, 64
  const still: Rng = { ...seededRng(0), word: () => 0 };
  const [, , , , , fifth] = toRows(sobolSampler(box01(64)).sample(6, still));
  assert.deepEqual(fifth.slice(0, 8), [0.875, 0.875, 0.125, 0.375, 0.875, 0.625, 0.875, 0.375]);
  const last = toRows(sobolSampler(box01(64)).sample(1000, still))[999];
  assert.deepEqual([0, 5, 31, 63].map((j) => last[j]), [0.1572265625, 0.8447265625, 0.0830078125, 0.6337890625]);
});

test("a power of two of Sobol points is balanced in every feature, also when shifted", () => {
  const X = sobolSampler(box01(5)).sample(256, seededRng(8));
  for (let j = 0; j < 5; j++) assert.equal(new Set(toRows(X).map((row) => Math.floor(row[j] * 256))).size, 256);
  assert.throws(() => sobolSampler(box01(65)), /at most 64 features, got 65/);
});

test("spherical points lie between the two radii", () => {
  const X = sphericalSampler({ numFeatures: 5, radiusMin: 2, radiusMax: 3 }).sample(200, seededRng(9));
  for (const row of toRows(X)) {
    const radius = Math.hypot(...row);
    assert.ok(radius > 2 - 1e-9 && radius < 3 + 1e-9, String(radius));
  }
  assert.throws(() => sphericalSampler({ numFeatures: 5, radiusMin: 2, radiusMax: 1 }), /radiusMax must be in \[2, /);
});

test("categories come by their shares, and never a value of share 0", () => {
  const values = random.categorical.sample(20_000, seededRng(10)).data;
  assert.ok(Math.abs(values.filter((value) => value === 2).length / 20_000 - 0.25) < 0.015);
  assert.ok(!values.includes(5));
  assert.throws(() => categoricalSampler(two), /ranges\[0\] must be categorical, got numeric/);
  assert.throws(() => uniformSampler(categories), /ranges\[0\] must be numeric, got categorical/);
});

test("a mixed sampler keeps the order of the features, and names a sampler that gives fewer points", () => {
  const mixed = mixedSampler([categories[0], two[1], categories[0]], uniformSampler);
  for (const [a, b, c] of toRows(mixed.sample(100, seededRng(11)))) {
    assert.ok([2, 7].includes(a) && [2, 7].includes(c));
    assert.ok(b >= 10 && b <= 20);
  }
  const onGrid = mixedSampler([...two, ...categories], gridSampler);
  assert.throws(() => onGrid.sample(7, seededRng(1)), /must give 7 points, got 4/);
  assert.deepEqual(mixedSampler(categories, uniformSampler).sample(3, seededRng(1)).shape, [3, 1]);
});

test("image noise is made of integers of the whole range", () => {
  const values = new Set(imageRandomSampler({ imageShape: [4, 4, 1], min: 0, max: 3 }).sample(100, seededRng(12)).data);
  assert.deepEqual([...values].sort(), [0, 1, 2, 3]);
  assert.throws(() => imageRandomSampler({ imageShape: [0, 4, 1] }), /imageShape must be an integer .*, got 0/);
});

test("a one-hot sampler draws one category a column by its share, none as often as it is missing", () => {
  const X = toRows(random.oneHot.sample(20_000, seededRng(6)));
  const share = (is: (row: number[]) => boolean): number => X.filter(is).length / X.length;
  assert.ok(Math.abs(share(([, , x]) => x === 1) - 0.3) < 0.01);
  assert.ok(Math.abs(share(([, , , y]) => y === 1) - 0.6) < 0.01);
  assert.ok(Math.abs(share(([, , x, y]) => x === 0 && y === 0) - 0.1) < 0.01);
  assert.ok(X.every(([, , x, y]) => x + y <= 1));
});

test("a one-hot sampler of unknown shares draws each category equally often, and keeps to whole steps", () => {
  const ranges = [{ ...numeric(1, 9, 5, 3), step: 2 }, numeric(0, 1, 0.9, 0.1), numeric(0, 1, 0.1, 0.1)];
  const columns = [
    { name: "a", kind: "ordinal" as const, missing: 0 },
    { name: "b", kind: "one-hot" as const, categories: ["x", "y"], missing: 0 },
  ];
  const rows = toRows(oneHotSampler(ranges, { columns, numeric: uniformSampler, equalShares: true })
    .sample(10_000, seededRng(7)));
  assert.deepEqual([...new Set(rows.map(([a]) => a))].sort(), [1, 3, 5, 7, 9]);
  assert.ok(Math.abs(rows.filter(([, x]) => x === 1).length / rows.length - 0.5) < 0.02);
});

test("a one-hot sampler names columns that are not those of the ranges, and a grid that gives too few points", () => {
  const columns = [{ name: "a", kind: "numeric" as const, missing: 0 }];
  assert.throws(() => oneHotSampler(two, { columns, numeric: uniformSampler }),
    /columns must have the 2 features of ranges, got 1/);
  const both = [...columns, { name: "b", kind: "numeric" as const, missing: 0 }];
  assert.throws(() => oneHotSampler(two, { columns: both, numeric: gridSampler }).sample(5, seededRng(1)),
    /oneHotSampler: gridSampler must give 5 points, got 4/);
});
