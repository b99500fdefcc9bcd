import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { seededRng, shapiroWilk } from "../../lib";
import { normalCdf, normalQuantile } from "../../lib/math/normal";

const from = (n: number, value: (i: number) => number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => value(i));

/** W and p of SciPy 1.17.1, `scipy.stats.shapiro`. */
const peers: [string, ArrayLike<number>, number, number][] = [
  ["Shapiro and Wilk's eleven weights", [148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236],
    0.7888146948631716, 0.006703814061898823],
  ["three", [1, 2, 4], 0.9642857142857142, 0.6368868450289689],
  ["four", [1, 2, 4, 7], 0.9456304828556503, 0.6889364384881989],
  ["five", [0.1, -0.3, 2.5, 1.1, 0.7], 0.9428061558863221, 0.6858400422084383],
  ["seven", [3, 1, 4, 1, 5, 9, 2], 0.8798178822381644, 0.22564099563502105],
  ["twelve", [2.1, 3.3, 1.2, 4.8, 2.9, 3.1, 2.2, 5.0, 1.9, 2.8, 3.7, 4.1], 0.9720671521492817, 0.9312060108853536],
  ["a sine", from(50, Math.sin), 0.8976686211033666, 0.000402802714290267],
  ["exponentials", from(200, (i) => Math.exp((i % 37) / 7)), 0.7232110631267775, 5.606271731213626e-18],
  ["squares mod 1009", from(1000, (i) => (i * i) % 1009), 0.9530705239523626, 2.4437062644336652e-17],
  ["cubes", from(5000, (i) => ((i * 7919) % 5003) ** 3), 0.8240916367834652, 3.450686188915499e-59],
];

for (const [name, values, statistic, pValue] of peers)
  test(`shapiroWilk gives SciPy's W and p: ${name}`, () => {
    const ours = shapiroWilk(values);
    assert.ok(Math.abs(ours.statistic - statistic) < 1e-8, `${ours.statistic}`);
    assert.ok(Math.abs(ours.pValue - pValue) < 1e-6 * pValue + 1e-12, `${ours.pValue}`);
  });

test("three values by hand: W is (x₃ − x₁)² / 2 over the squares, here 27/28", () => {
  assert.ok(Math.abs(shapiroWilk([1, 2, 4]).statistic - 27 / 28) < 1e-12);
});

test("W is in (0, 1] and does not change with unit, origin or order", () =>
  fc.assert(fc.property(fc.integer({ min: 3, max: 60 }), fc.nat(1e6), (n, seed) => {
    const rng = seededRng(seed);
    const values = from(n, () => rng.normal());
    const { statistic, pValue } = shapiroWilk(values);
    assert.ok(statistic > 0 && statistic <= 1 && pValue >= 0 && pValue <= 1);
    const other = shapiroWilk(Array.from(rng.permutation(n), (i) => 7 - 3 * values[i]));
    assert.ok(Math.abs(other.statistic - statistic) < 1e-9);
  }), { numRuns: 100, seed: 1 }));

test("of normal samples, one in twenty has p below .05; of uniform ones of 200, all", () => {
  const rng = seededRng(3);
  const low = (draw: () => number): number =>
    from(400, () => Number(shapiroWilk(from(200, draw)).pValue < 0.05)).reduce((a, b) => a + b) / 400;
  assert.ok(Math.abs(low(() => rng.normal()) - 0.05) < 0.03);
  assert.ok(low(() => rng.uniform()) > 0.99);
});

test("shapiroWilk refuses what has no W", () => {
  assert.throws(() => shapiroWilk([1, 2]), { name: "RangeError", message: /number of values must be .* got 2/ });
  assert.throws(() => shapiroWilk([5, 5, 5]), { name: "RangeError", message: /values must differ, got 3 times 5/ });
  assert.throws(() => shapiroWilk([1, 2, NaN]), { name: "RangeError", message: /values must be finite/ });
});

test("normalQuantile is the inverse of normalCdf, in both tails", () => {
  assert.ok(Math.abs(normalQuantile(0.5)) < 1e-15);
  // SciPy 1.17.1, `scipy.stats.norm.ppf`.
  for (const [p, x] of [[0.975, 1.959963984540054], [1e-10, -6.361340902404056], [0.3, -0.5244005127080409]])
    assert.ok(Math.abs(normalQuantile(p) - x) < 1e-12, `${normalQuantile(p)}`);
  for (let p = 1e-12; p < 1; p = p < 0.1 ? p * 1.7 : p + 0.013)
    assert.ok(Math.abs(normalCdf(normalQuantile(p)) - p) < 1e-14 + 1e-12 * p);
});

test("values as far apart as doubles can be have the W of smaller ones", () => {
  const values = [-1.7, 0, 1.7, 1, 0.3];
  const { statistic } = shapiroWilk(values.map((value) => value * 1e308));
  assert.ok(Math.abs(statistic - shapiroWilk(values).statistic) < 1e-12, `${statistic}`);
});
