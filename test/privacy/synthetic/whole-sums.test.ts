import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromRows, matrix, seededRng, selectLabels, selectRows, trainPrivateLinear, zcdpEpsilon } from "../../../lib";
import { wholeGradientSums } from "../../../lib/privacy/learners/gradient-sums";
import { toWhole, unitsFor, wholeSigma } from "../../../lib/privacy/mechanisms/whole-vectors";
import { privateGroupSums } from "../../../lib/privacy/synthetic/group-sums";
import { privateGroupSquares } from "../../../lib/privacy/synthetic/modes";

const whole = (values: number[], units: number): number[] => {
  const rounded = Float64Array.from(values);
  toWhole(rounded, units);
  return [...rounded];
};
const squareOf = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value ** 2, 0);

test("a vector is rounded to whole units, a little shorter where it would be too long", () => {
  assert.deepEqual(whole([0.6, -0.8], 10), [6, -8]);
  // 8² + 7² = 113 is too long; shortened by 10 / √113 they are 7.15 and 6.21.
  assert.deepEqual(whole([0.76, 0.66], 10), [7, 6]);
  assert.deepEqual(whole([-0.76, 0.66], 10), [-7, 6]);
  assert.deepEqual(whole([5, 0], 10), [10, 0]);
  assert.deepEqual(whole([-1e-9, 0], 10), [0, 0]);
});

test("no number of a row is favoured: rows of equal numbers stay equal", () => {
  for (const d of [7, 100, 1024]) {
    const rounded = whole(new Array<number>(d).fill(1 / Math.sqrt(d)), Math.ceil(2.6 * Math.sqrt(d)));
    assert.ok(rounded.every((value) => value === rounded[0] && value > 0), `${d}`);
  }
});

test("a whole vector is never longer than its units, and hardly other than the vector", () => {
  fc.assert(fc.property(
    fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }),
    fc.integer({ min: 1, max: 65_536 }),
    (values, units) => {
      const length = Math.max(1e-300, Math.sqrt(squareOf(values)));
      const unit = values.map((value) => value / Math.max(1, length));
      const rounded = whole(unit, units);
      assert.ok(rounded.every(Number.isInteger));
      assert.ok(squareOf(rounded) <= units ** 2);
      rounded.forEach((value, j) => assert.ok(Math.abs(value - units * unit[j]) <= 2 + values.length / units));
    },
  ));
});

test("units leave the noise within what is drawn exactly, and a whole deviation is never too small", () => {
  for (const multiplier of [0.01, 1, 37.3, 400])
    for (const widths of [[196], [196, 196], [301, 10], [1, 2]] as const) {
      const units = unitsFor("f", multiplier, widths);
      const length = units.reduce((product, each) => product * each);
      const sigma = wholeSigma(multiplier, length ** 2);
      assert.ok(sigma >= multiplier * length && sigma <= 1e6 && Number.isInteger(sigma));
      units.forEach((each, k) => assert.ok(each >= Math.floor(Math.sqrt(widths[k]))));
    }
  assert.throws(() => unitsFor("f", 6e5, [1]), /f: epsilon must be larger, .* of 1 numbers .* multiplier of 600000/);
  assert.throws(() => unitsFor("f", 3000, [5000, 10]), /records of 5000 × 10 numbers would be lost/);
});

const rng = seededRng(4);
const n = 60;
const rows = Array.from({ length: n }, () => Array.from({ length: 6 }, () => rng.normal()));
const y = Int32Array.from({ length: n }, (_, i) => i % 3);
const [X, without] = [fromRows(rows), fromRows(rows.slice(1))];
const turned = Int32Array.from({ length: n }, (_, i) => n - 1 - i);

const releases = {
  "sums of groups": (Z: typeof X, labels: Int32Array) => {
    const { sums, counts } = privateGroupSums(Z, labels,
      { numGroups: 3, countWeight: 0.5, noiseMultiplier: 0, noise: "discrete", rng: seededRng(1) });
    return [...sums.data, ...counts.map((count) => count / 2)];
  },
  "squares of groups": (Z: typeof X, labels: Int32Array) => {
    const { squares } = privateGroupSquares(Z, labels,
      { numGroups: 3, reach: 1, noiseMultiplier: 0, noise: "discrete", rng: seededRng(1) });
    return [...squares.data];
  },
  "a step of a linear model": (Z: typeof X, labels: Int32Array) => [...wholeGradientSums(
    { X: Z, y: labels, numClasses: 3, center: null }, { clipNorm: 0.3, noiseMultiplier: 0, rng: seededRng(1) },
  ).noisy(Float64Array.from({ length: 21 }, (_, w) => Math.sin(w)))],
};
const longest = { "sums of groups": Math.sqrt(1.25), "squares of groups": 1, "a step of a linear model": 1 };

for (const [name, release] of Object.entries(releases))
  test(`${name} in whole units: one record moves them by its bound at most, and the order by nothing`, () => {
    const all = release(X, y);
    const rest = release(without, y.slice(1));
    const moved = Math.sqrt(squareOf(all.map((value, p) => value - rest[p])));
    assert.ok(moved > 0 && moved <= longest[name as keyof typeof longest], `${moved}`);
    assert.deepEqual(release(selectRows(X, turned), selectLabels(y, turned)), all);
  });

const spread = (values: number[]): { mean: number; deviation: number } => {
  const mean = values.reduce((sum, value) => sum + value) / values.length;
  return { mean, deviation: Math.sqrt(squareOf(values.map((value) => value - mean)) / values.length) };
};

test("normal and discrete noise agree in distribution: means and deviations of what is released", () => {
  const drawn = (noise: "normal" | "discrete") => {
    const source = seededRng(noise === "normal" ? 1 : 2);
    const once = () => {
      const options = { numGroups: 1, noiseMultiplier: 4, noise, rng: source };
      const none = new Int32Array(n);
      const { sums, sigma } = privateGroupSums(X, none, { ...options, countWeight: 0.5 });
      const { squares, sigma: ofSquares } = privateGroupSquares(X, none, { ...options, reach: 1 });
      return { sum: sums.data[0], diagonal: squares.data[0], beside: squares.data[1], sigma, ofSquares };
    };
    return Array.from({ length: 400 }, once);
  };
  const [normal, discrete] = [drawn("normal"), drawn("discrete")];
  for (const what of ["sum", "diagonal", "beside"] as const) {
    const [a, b] = [normal, discrete].map((runs) => spread(runs.map((run) => run[what])));
    assert.ok(Math.abs(a.mean - b.mean) < 4 * a.deviation * Math.sqrt(2 / 400), `${what}: ${a.mean}, ${b.mean}`);
    assert.ok(Math.abs(Math.log(a.deviation / b.deviation)) < 0.2, `${what}: ${a.deviation}, ${b.deviation}`);
    const sigma = what === "sum" ? discrete[0].sigma : discrete[0].ofSquares * (what === "beside" ? Math.SQRT1_2 : 1);
    assert.ok(Math.abs(Math.log(b.deviation / sigma)) < 0.15);
  }
  assert.ok(Math.abs(discrete[0].sigma / normal[0].sigma - 1) < 1e-4);
  assert.ok(Math.abs(discrete[0].ofSquares / normal[0].ofSquares - 1) < 1e-4);
});

const easy = fromRows(Array.from({ length: 600 }, (_, i) => [+(i % 3 === 0), +(i % 3 === 1), 0.2 * rng.normal()]));
const classes = Int32Array.from({ length: 600 }, (_, i) => i % 3);
const settings = { numClasses: 3, epsilon: 5, delta: 1e-5, steps: 20, clipNorm: 0.1, learningRate: 20 };

test("a linear model with discrete noise learns what one with normal noise learns, at the cost that it states", () => {
  const make = (noise: "normal" | "discrete", seed: number) =>
    trainPrivateLinear(easy, classes, { ...settings, noise, rng: seededRng(seed) });
  const exact = make("discrete", 1);
  const right = (model: typeof exact) => model.predict(easy).filter((label, i) => label === classes[i]).length / 600;
  assert.ok(right(exact) > 0.95 && right(make("normal", 1)) > 0.95);
  const cost = zcdpEpsilon({ rho: 20 / (2 * exact.noiseMultiplier ** 2), delta: 1e-5 });
  assert.ok(cost <= 5 && cost > 4.99, `${cost}`);
  assert.deepEqual(make("discrete", 1).weights, exact.weights);
  assert.notDeepEqual(make("discrete", 2).weights, exact.weights);
});

test("wide rows are learned from with discrete noise, or refused", () => {
  const [wide, count] = [1024, 1500];
  const signs = seededRng(9);
  const turn = Int32Array.from({ length: count }, () => signs.integer(2));
  const X = matrix(Float32Array.from({ length: count * wide }, (_, p) =>
    ((p % wide < 256 ? 2 * turn[Math.floor(p / wide)] - 1 : 2 * signs.integer(2) - 1)) / 32), [count, wide]);
  const make = (epsilon: number) => trainPrivateLinear(X, turn, { numClasses: 2, epsilon, delta: 1e-5, steps: 10,
    clipNorm: 0.01, learningRate: 20, bias: false, noise: "discrete", rng: seededRng(1) });
  const predicted = make(0.1).predict(X);
  assert.ok(predicted.filter((label, i) => label === turn[i]).length > 0.9 * count);
  assert.throws(() => make(1e-4),
    { name: "RangeError", message: /epsilon must be larger, or there must be fewer steps/ });
});

test("discrete noise is refused where batches are drawn or rows centred", () => {
  for (const other of [{ samplingRate: 0.5 }, { center: true }])
    assert.throws(() => trainPrivateLinear(easy, classes,
      { ...settings, ...other, noise: "discrete", rng: seededRng(1) }),
    { name: "RangeError", message: /noise must be normal with center or a samplingRate below 1, got discrete/ });
  assert.throws(() => trainPrivateLinear(easy, classes, { ...settings, noise: "exact" as never, rng: seededRng(1) }),
    { name: "RangeError", message: /noise must be one of/ });
  const huge = matrix(Float32Array.from({ length: 3 }, () => 3e38), [1, 3]);
  const sum = wholeGradientSums({ X: huge, y: Int32Array.of(0), numClasses: 2, center: null },
    { clipNorm: 1, noiseMultiplier: 0, rng: seededRng(1) }).noisy(new Float64Array(8).fill(1));
  assert.ok(sum.every(Number.isFinite) && squareOf(sum) <= 1);
});
