import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { restoreRng, sampleWithoutReplacement, secureRng, seededRng } from "../lib";

const draw = <T>(n: number, next: () => T): T[] => Array.from({ length: n }, next);
const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

// Reference values: NumPy 2.4.6, numpy.random.RandomState, one call after the other.
test("seededRng(0) gives the numbers of NumPy's RandomState(0)", () => {
  const rng = seededRng(0);
  assert.deepEqual(draw(3, () => rng.uniform()), [0.5488135039273248, 0.7151893663724195, 0.6027633760716439]);
  assert.deepEqual(draw(6, () => rng.integer(10)), [3, 7, 9, 3, 5, 2]);
  assert.deepEqual([...rng.permutation(7)], [3, 1, 2, 6, 5, 0, 4]);
  const normals = draw(3, () => rng.normal());
  [0.144043571160878, 1.454273506962975, 0.7610377251469934].forEach((expected, i) =>
    assert.ok(Math.abs(normals[i] - expected) < 1e-15));
});

test("the largest seed and a spawned child equal NumPy's too", () => {
  const rng = seededRng(2 ** 32 - 1);
  assert.deepEqual(draw(2, () => rng.uniform()), [0.0976320289940138, 0.9123828453026218]);
  assert.deepEqual([...rng.permutation(1000).subarray(0, 5)], [591, 623, 938, 717, 79]);
  const child = seededRng(42).spawn(3);
  assert.deepEqual(draw(2, () => child.uniform()), [0.7791088418906693, 0.6697469023526965]);
});

test("the same seed repeats and another seed differs", () => {
  const numbers = (seed: number) => {
    const rng = seededRng(seed);
    return draw(20, () => rng.normal());
  };
  assert.deepEqual(numbers(7), numbers(7));
  assert.notDeepEqual(numbers(7), numbers(8));
});

test("a child depends on its key only, not on how far its parent has gone", () => {
  const fresh = seededRng(5);
  const used = seededRng(5);
  draw(1000, () => used.uniform());
  assert.equal(used.spawn(1).word(), fresh.spawn(1).word());
  assert.notEqual(fresh.spawn(1).word(), fresh.spawn(2).word());
});

test("a generator restored from its state goes on with the same numbers", () => {
  fc.assert(fc.property(fc.nat(), fc.nat(1500), (seed, steps) => {
    const rng = seededRng(seed);
    draw(steps, () => rng.normal());
    const copy = restoreRng(JSON.parse(JSON.stringify(rng.state())));
    assert.deepEqual(draw(5, () => copy.normal()), draw(5, () => rng.normal()));
  }), { numRuns: 30 });
});

test("normal numbers have mean 0, variance 1 and the normal tail", () => {
  const rng = seededRng(1);
  const values = draw(200_000, () => rng.normal());
  assert.ok(Math.abs(mean(values)) < 0.01);
  assert.ok(Math.abs(mean(values.map((v) => v * v)) - 1) < 0.015);
  assert.ok(Math.abs(mean(values.map((v) => (Math.abs(v) > 1.959964 ? 1 : 0))) - 0.05) < 0.002);
});

test("integer draws every value below n equally often, for n that is not a power of two", () => {
  const rng = seededRng(2);
  const counts = new Int32Array(6);
  draw(60_000, () => counts[rng.integer(6)]++);
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  assert.ok(chiSquare < 20.5, `chi-square ${chiSquare} with 5 degrees of freedom`); // p = .001
});

test("sampleWithoutReplacement draws k different positions, and all of them when k is n", () => {
  fc.assert(fc.property(fc.nat(), fc.nat(60), fc.nat(60), (seed, a, b) => {
    const [k, n] = [Math.min(a, b), Math.max(a, b)];
    const drawn = [...sampleWithoutReplacement(n, k, seededRng(seed))];
    assert.equal(new Set(drawn).size, k);
    assert.ok(drawn.every((i) => i >= 0 && i < n));
  }));
});

test("secureRng gives numbers in range that do not repeat", () => {
  const a = draw(3000, () => secureRng().word());
  assert.ok(new Set(a).size > 2990);
  const rng = secureRng();
  assert.ok(draw(3000, () => rng.uniform()).every((u) => u >= 0 && u < 1));
});

test("bad seeds and sizes are named", () => {
  assert.throws(
    () => seededRng(-1),
    { name: "RangeError", message: /seed must be an integer in \[0, 4294967295\], got -1/ },
  );
  assert.throws(() => seededRng(1.5), { message: /got 1\.5/ });
  assert.throws(() => seededRng(1).integer(0), { message: /n must be an integer in \[1, 4294967296\], got 0/ });
  assert.throws(
    () => sampleWithoutReplacement(3, 4, seededRng(1)),
    { message: /k must be an integer in \[0, 3\], got 4/ },
  );
});
