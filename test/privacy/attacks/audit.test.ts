import assert from "node:assert/strict";
import { test } from "node:test";
import {
  auditEpsilon, clopperPearson, epsilonLowerBound, fromRows, gaussianEpsilon, linkageRate, matrix, membershipAuc,
  nearestDistanceScores, nearestReleased, seededRng, truePositiveRateAt,
} from "../../../lib";

const close = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);

test("the membership AUC counts won pairs, ties half", () => {
  assert.equal(membershipAuc({ members: [3, 2], nonMembers: [1, 2] }), 3.5 / 4);
  assert.equal(membershipAuc({ members: [5], nonMembers: [5] }), 0.5);
});

test("the true positive rate is read at the strictest threshold that keeps the false positive rate", () => {
  const nonMembers = Array.from({ length: 100 }, (_, i) => i);
  assert.equal(truePositiveRateAt({ members: [98.5, 99.5, 50, 0], nonMembers }, { falsePositiveRate: 0.01 }), 0.5);
  assert.equal(truePositiveRateAt({ members: [98.5, 99.5, 50, 0], nonMembers }, { falsePositiveRate: 0 }), 0.25);
});

test("Clopper–Pearson intervals equal SciPy's beta quantiles", () => {
  // scipy.stats.beta.ppf, SciPy 1.17.
  for (const [successes, trials, confidence, low, high] of [
    [0, 10, 0.95, 0, 0.3084971078187607],
    [7, 10, 0.95, 0.34754714994000274, 0.9332604888222655],
    [480, 1000, 0.99, 0.4389815435235915, 0.5212114960007409],
    [1000, 1000, 0.9, 0.9970087504549047, 1],
  ]) {
    const interval = clopperPearson({ successes, trials, confidence });
    close(interval[0], low, 1e-11);
    close(interval[1], high, 1e-11);
  }
});

test("randomised response on one bit is bounded from below near its true ε, and not above it", () => {
  const p = Math.E / (1 + Math.E);
  const trials = 100000;
  const counts = {
    members: trials,
    nonMembers: trials,
    truePositives: Math.round(p * trials),
    falsePositives: Math.round((1 - p) * trials),
  };
  const bound = epsilonLowerBound(counts, { delta: 0, confidence: 0.95 });
  assert.ok(bound <= 1 && bound > 0.97, `${bound}`);
  assert.equal(
    epsilonLowerBound({ ...counts, falsePositives: counts.truePositives }, { delta: 0, confidence: 0.95 }),
    0,
  );
});

test("the audit of Gaussian noise stays below the accounted ε over a grid, and above half of it", () => {
  const delta = 1e-5;
  const n = 20000;
  for (const sigma of [0.7, 1, 2])
    for (const seed of [1, 2, 3]) {
      const rng = seededRng(seed);
      const draw = (mean: number) => Float64Array.from({ length: n }, () => mean + sigma * rng.normal());
      const scores = { members: draw(1), nonMembers: draw(0) };
      const { epsilon } = auditEpsilon(scores, { delta, confidence: 0.95, rng });
      const accounted = gaussianEpsilon({ sigma, sensitivity: 1, delta });
      assert.ok(epsilon <= accounted, `${epsilon} above ${accounted}`);
      assert.ok(epsilon > 0.2 * accounted, `${epsilon} far below ${accounted}`);
    }
});

test("linkage finds every row in an unnoised release, and guesses when the rows are shuffled away", () => {
  const rng = seededRng(5);
  const X = matrix(Float64Array.from({ length: 3000 }, () => rng.normal()), [100, 30]);
  assert.equal(linkageRate(X, X), 1);
  const other = matrix(Float64Array.from({ length: 3000 }, () => rng.normal()), [100, 30]);
  assert.ok(linkageRate(X, other) < 0.08);
});

test("nearest released rows and their distances are right by hand", () => {
  const { position, distance } = nearestReleased(fromRows([[0, 0], [9, 9]]), fromRows([[10, 9], [3, 4]]));
  assert.deepEqual([...position], [1, 0]);
  assert.deepEqual([...distance], [5, 1]);
  assert.deepEqual([...nearestDistanceScores(fromRows([[3, 3]]), fromRows([[3, 4]]))], [-1]);
});

test("records far from 0, tiny, huge or all but equal are linked as well as any", () => {
  const rng = seededRng(6);
  const base = Float64Array.from({ length: 2000 }, () => rng.normal());
  const noise = Float64Array.from({ length: 2000 }, () => 0.05 * rng.normal());
  const places = [[0, 1], [1e3, 1], [1e4, 1], [1.7e9, 1], [0, 1e-30], [0, 1e30], [0, 1e200], [1e8, 1e-5]];
  for (const [offset, scale] of places) {
    const at = (extra: (p: number) => number) =>
      matrix(base.map((value, p) => offset + scale * (value + extra(p))), [200, 10]);
    assert.equal(linkageRate(at(() => 0), at((p) => noise[p])), 1, `offset ${offset}, scale ${scale}`);
  }
  // Beside one record of 1e12, float32 can't tell the others apart: doubles do.
  const outlier = matrix(Float64Array.from([1e12, ...base.slice(1)]), [200, 10]);
  assert.equal(linkageRate(outlier, outlier), 1);
});

test("the nearest row is that of a direct search, ties to the first", () => {
  const rng = seededRng(7);
  const released = matrix(Float64Array.from({ length: 600 }, () => 1e6 + rng.integer(4)), [300, 2]);
  const candidates = matrix(Float64Array.from({ length: 200 }, () => 1e6 + rng.integer(8) / 2), [100, 2]);
  const { position, distance } = nearestReleased(candidates, released);
  for (let i = 0; i < 100; i++) {
    let best = Infinity;
    let first = -1;
    for (let j = 0; j < 300; j++) {
      const length = Math.hypot(candidates.data[2 * i] - released.data[2 * j],
        candidates.data[2 * i + 1] - released.data[2 * j + 1]);
      if (length < best) [best, first] = [length, j];
    }
    assert.equal(position[i], first);
    assert.ok(Math.abs(distance[i] - best) < 1e-12);
  }
});

test("the attacks free their tensors", () => {
  const tf = require("@tensorflow/tfjs-node") as typeof import("@tensorflow/tfjs-node");
  const before = tf.memory().numTensors;
  linkageRate(fromRows([[1], [2]]), fromRows([[1], [2]]));
  assert.equal(tf.memory().numTensors, before);
});

test("audits repeat under one seed", () => {
  const scores = { members: [1, 2, 3, 4, 5, 6], nonMembers: [0, 0, 1, 1, 2, 2] };
  const audit = (seed: number) => auditEpsilon(scores, { delta: 0, confidence: 0.9, rng: seededRng(seed) });
  assert.deepEqual(audit(1), audit(1));
});

test("audits name what they refuse", () => {
  assert.throws(() => membershipAuc({ members: [], nonMembers: [1] }), /number of members must be .*, got 0/);
  assert.throws(() => membershipAuc({ members: [NaN], nonMembers: [1] }), /members must be finite/);
  assert.throws(
    () => clopperPearson({ successes: 3, trials: 2, confidence: 0.9 }),
    /successes must be an integer in \[0, 2\], got 3/,
  );
  assert.throws(
    () => clopperPearson({ successes: 1, trials: 2, confidence: 1 }),
    /confidence must be above 0 and below 1/,
  );
  assert.throws(() => linkageRate(fromRows([[1]]), fromRows([[1], [2]])), /must have the same length, got 1 and 2/);
  assert.throws(() => nearestReleased(fromRows([[1]]), fromRows([[1, 2]])), /must have the same length, got 1 and 2/);
});
