import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accuracyRecovered, below, confidentJoint, detectionScores, flipFirst, flipRandom, fromRows, gramMatrix, heldOutScores,
  labelMargins, nearestNeighbors, sanitizeByNeighbors, seededRng, strongestFlow, trainingImpact, tuneOnPlantedFlips,
  without,
} from "../../lib";

/** Three round clouds of 40 points, far apart, classes 0, 1, 2. */
function clouds() {
  const rng = seededRng(1);
  const y = Int32Array.from({ length: 120 }, (_, i) => i % 3);
  const X = fromRows(Array.from(y, (c) => [5 * Math.cos(2 * c) + rng.normal(), 5 * Math.sin(2 * c) + rng.normal()]));
  return { X, y, gram: gramMatrix(X) };
}

const { X, y, gram } = clouds();
const poisoned = flipFirst(y, { from: 1, to: 2, count: 5 });

test("nearestNeighbors finds the nearest other rows, nearest first, ties to the earlier", () => {
  const line = gramMatrix(fromRows([[0], [1], [3], [3.5], [10]]));
  const { positions, shape } = nearestNeighbors(line, 2);
  assert.deepEqual(shape, [5, 2]);
  assert.deepEqual([...positions], [1, 2, 0, 2, 3, 1, 2, 1, 3, 2]);
  assert.throws(() => nearestNeighbors(line, 5), { name: "RangeError", message: /count .* \[1, 4\], got 5/ });
});

test("nearestNeighbors orders by Euclidean distance under the RBF and the linear kernel", () => {
  const byLinear = nearestNeighbors(gramMatrix(X, { kernel: "linear" }), 5).positions;
  assert.deepEqual(byLinear, nearestNeighbors(gram, 5).positions);
});

test("sanitizeByNeighbors gives a row the label its neighbours agree on", () => {
  const neighbors = { positions: Int32Array.of(1, 2, 3, 0, 2, 3, 0, 1, 3, 0, 1, 2), shape: [4, 3] } as const;
  const labels = Int32Array.of(7, 7, 7, 8);
  const all = sanitizeByNeighbors(labels, neighbors, { numNeighbors: 3, agreement: 1 });
  assert.deepEqual([[...all.suspects], [...all.y]], [[3], [7, 7, 7, 7]]);
  const two = sanitizeByNeighbors(Int32Array.of(7, 7, 8, 8), neighbors, { numNeighbors: 3, agreement: 0.6 });
  assert.deepEqual([[...two.suspects], [...two.y]], [[0, 1, 2, 3], [8, 8, 7, 7]]);
  assert.deepEqual(labels, Int32Array.of(7, 7, 7, 8));
  const sanitize = (numNeighbors: number, agreement: number) =>
    sanitizeByNeighbors(labels, neighbors, { numNeighbors, agreement });
  assert.throws(() => sanitize(4, 1), { name: "RangeError", message: /numNeighbors .* \[1, 3\], got 4/ });
  assert.throws(() => sanitize(3, 0.4), { message: /agreement must be in \[0\.5, 1\], got 0\.4/ });
});

test("k-NN sanitisation undoes the flips of well-separated classes", () => {
  const neighbors = nearestNeighbors(gram, 9);
  const { suspects, y: repaired } = sanitizeByNeighbors(poisoned.y, neighbors, { numNeighbors: 9, agreement: 0.5 });
  assert.deepEqual(suspects, poisoned.flipped);
  assert.deepEqual(repaired, y);
});

test("labelMargins is the own score less the best other", () => {
  const scores = fromRows([[1, 4, 2], [5, 0, 1]]);
  const margins = (...labels: number[]) => labelMargins(Int32Array.from(labels), scores, Int32Array.of(1, 2, 3));
  assert.deepEqual([...margins(3, 1)], [-2, 4]);
  assert.throws(() => margins(3, 4), { name: "RangeError", message: /among 1, 2, 3, got 4/ });
});

test("held-out margins are below 0 for exactly the flipped rows of well-separated classes", () => {
  const { scores, classes } = heldOutScores(gram, poisoned.y, { folds: 5, rng: seededRng(2) });
  assert.deepEqual([...classes], [0, 1, 2]);
  assert.deepEqual(below(labelMargins(poisoned.y, scores, classes), 0), poisoned.flipped);
});

test("heldOutScores repeats under one seed and differs under another", () => {
  const scores = (seed: number) => heldOutScores(gram, poisoned.y, { folds: 3, rng: seededRng(seed) }).scores;
  assert.deepEqual(scores(1), scores(1));
  assert.notDeepEqual(scores(1), scores(2));
});

test("heldOutScores gives two classes opposite scores, and a class missing from a fold the lowest", () => {
  const line = gramMatrix(fromRows([[0], [0.1], [0.2], [5], [5.1], [5.2], [9]]));
  const labels = Int32Array.of(0, 0, 0, 1, 1, 1, 2);
  const { scores } = heldOutScores(line, labels, { folds: 3, rng: seededRng(0) });
  assert.equal(scores.data[6 * 3 + 2], -1); // the only row of class 2, scored by a machine that saw none
  const two = heldOutScores(line, labels.map((c) => Math.min(c, 1)), { folds: 3, rng: seededRng(0) }).scores;
  for (let i = 0; i < 7; i++) assert.equal(two.data[2 * i], -two.data[2 * i + 1]);
});

test("trainingImpact is lower on average for flipped rows than for the others, and repeats", () => {
  const run = (validationSize: number) =>
    trainingImpact(gram, poisoned.y, { baseSize: 6, validationSize, repetitions: 12, rng: seededRng(4) });
  const impact = run(60);
  const mean = (rows: Int32Array) => rows.reduce((sum, i) => sum + impact[i], 0) / rows.length;
  assert.ok(mean(poisoned.flipped) < mean(without(120, poisoned.flipped)) - 1);
  assert.deepEqual(run(60), impact);
  assert.throws(() => run(114), { name: "RangeError", message: /validationSize .* \[1, 113\], got 114/ });
});

test("confidentJoint estimates the number and the direction of the flips, and names the rows", () => {
  const held = heldOutScores(gram, poisoned.y, { folds: 5, rng: seededRng(2) });
  const { counts, likely } = confidentJoint(poisoned.y, held.scores, held.classes);
  assert.ok(Math.abs(counts[2][1] - 5) < 2, `estimated ${counts[2][1]} of 5`);
  assert.ok(counts[1][2] < 1);
  const flow = strongestFlow({ classes: held.classes, counts, likely });
  assert.deepEqual(flow, { given: 2, likely: 1, excess: counts[2][1] - counts[1][2] });
  counts.forEach((row, c) => {
    const total = poisoned.y.filter((label) => label === c).length;
    assert.ok(Math.abs(row.reduce((a, b) => a + b, 0) - total) < 1e-9);
  });
  const suspects = Int32Array.from(y.keys()).filter((i) => poisoned.y[i] === 2 && likely[i] === 1);
  assert.ok(suspects.length >= 3 && suspects.every((i) => poisoned.flipped.includes(i)));
});

test("confidentJoint counts a row for the best class among those whose mean it reaches", () => {
  const scores = fromRows([[4, 0], [2, 0], [0, 6], [3.5, 2]]); // means: class 0 (rows 0, 1) 3, class 1 (rows 2, 3) 4
  const { counts, likely } = confidentJoint(Int32Array.of(0, 0, 1, 1), scores, Int32Array.of(0, 1));
  assert.deepEqual(counts, [[2, 0], [1, 1]]); // row 1 reaches no mean; its label's rows still sum to 2
  assert.deepEqual([...likely], [0, 0, 1, 0]);
});

test("detectionScores and accuracyRecovered on hand-worked cases", () => {
  assert.deepEqual(detectionScores([1, 2, 3, 4], [3, 4, 5]), { precision: 0.5, recall: 2 / 3, f1: 4 / 7 });
  assert.deepEqual(detectionScores([], [1]), { precision: 0, recall: 0, f1: 0 });
  assert.equal(accuracyRecovered({ clean: 1, poisoned: 0.5, defended: 0.75 }), 0.5);
  const nothingLost = { clean: 0.9, poisoned: 0.9, defended: 0.9 };
  assert.throws(() => accuracyRecovered(nothingLost), { name: "RangeError", message: /below clean/ });
});

test("tuneOnPlantedFlips takes the setting that finds planted flips best, over all trials", () => {
  const neighbors = nearestNeighbors(gram, 9);
  const candidates = [
    { numNeighbors: 1, agreement: 1 }, { numNeighbors: 9, agreement: 0.5 }, { numNeighbors: 9, agreement: 1 },
  ];
  const trials = [0, 1].map((from) =>
    flipRandom(poisoned.y, { from, to: from + 1, count: 10, rng: seededRng(from) }));
  const detector = (labels: Int32Array) => (setting: (typeof candidates)[number]) =>
    sanitizeByNeighbors(labels, neighbors, setting).suspects;
  const { best, f1 } = tuneOnPlantedFlips({ candidates, trials, detector });
  assert.deepEqual(best, candidates[1]);
  assert.equal(f1.length, 3);
  assert.ok(f1[1] > f1[0] && f1[1] > f1[2]);
  const without = { candidates: [], trials, detector };
  assert.throws(() => tuneOnPlantedFlips(without), { name: "RangeError", message: /candidate/ });
  assert.throws(() => tuneOnPlantedFlips({ candidates, trials: [], detector }), { message: /trial/ });
});

test("without and below name positions in ascending order", () => {
  assert.deepEqual([...without(5, [3, 0])], [1, 2, 4]);
  assert.deepEqual([...below(Float64Array.of(1, -2, 0, -0.5), 0)], [1, 3]);
});

test("the defences leave their arguments as they were", () => {
  const labels = poisoned.y.slice();
  const kernel = gram.K.data.slice();
  heldOutScores(gram, labels, { folds: 3, rng: seededRng(0) });
  nearestNeighbors(gram, 3);
  trainingImpact(gram, labels, { baseSize: 6, validationSize: 20, repetitions: 1, rng: seededRng(4) });
  assert.deepEqual(labels, poisoned.y);
  assert.deepEqual(gram.K.data, kernel);
});
