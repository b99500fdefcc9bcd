import assert from "node:assert/strict";
import { test } from "node:test";
import {
  detectionScores, findSwaps, initializeNetwork, layer, matrix, mlp, relearnPartlyKnown, seededRng,
  swapClasses, type Architecture, type Matrix,
} from "../../../lib";
import { dampedInverse } from "../../../lib/math/damped-inverse";
import { leaveOneOut } from "../../../lib/unlearning/corrective/leave-one-out";
import { swapPosterior } from "../../../lib/unlearning/corrective/swap-posterior";
import { loadTensorflow } from "../../../lib/tensorflow";

/** Noisy 10 × 10 pictures: stripes that lie, that stand, and none. */
function stripes(n: number, seed: number): { X: Matrix<Float32Array>; y: Int32Array } {
  const rng = seededRng(seed);
  const y = Int32Array.from({ length: n }, (_, i) => i % 3);
  const ink = (label: number, p: number): number =>
    (label === 0 ? Math.floor(p / 10) % 4 < 2 : label === 1 ? (p % 10) % 4 < 2 : p % 7 < 3) ? 1 : 0;
  const data = Float32Array.from({ length: 100 * n }, (_, j) => ink(y[Math.floor(j / 100)], j % 100) + rng.normal());
  return { X: matrix(data, [n, 100]), y };
}
const architecture: Architecture = { inputShape: [10, 10, 1], inputScale: 1, layers: [layer.conv2d(4), layer.maxPool(2),
  layer.flatten(), layer.dense(3)] };
const network = initializeNetwork(architecture, { rng: seededRng(1) });
const { X, y } = stripes(450, 1);
const { y: given, flipped } = swapClasses(y, { classes: [0, 1], share: 0.4, rng: seededRng(42) });
const known = flipped.filter((_, k) => k % 10 === 0);
const unknown = flipped.filter((_, k) => k % 10 !== 0);
const find = (seed = 1) => findSwaps(network, X, given, known, { ridge: 3, patches: { filters: 16, patchSize: 4 },
  rng: seededRng(seed) });

test("most exchanged labels are found though four in ten are wrong, and no label of another class is doubted", () => {
  const { suspects, wrong, likely, rates, pattern, y: corrected, gradients } = find();
  const { precision, recall } = detectionScores(suspects, unknown);
  assert.ok(precision > 0.8 && recall > 0.8, `${precision} and ${recall}`);
  assert.ok(Math.abs(rates[0] - 0.375) < 0.08 && rates[1] === rates[0] && rates[2] === 0, `${rates}`);
  assert.deepEqual(pattern.map((row) => [...row]), [[0, 1, 0], [1, 0, 0], [0, 0, 0]]);
  given.forEach((label, i) => assert.ok(label !== 2 || (wrong[i] === 0 && corrected[i] === 2), `row ${i}`));
  assert.ok(known.every((i) => wrong[i] === 1 && likely[i] === y[i] && corrected[i] === y[i]));
  assert.ok(gradients > 0 && Number.isFinite(gradients));
});

test("what is found is taken by the repair, and its work is counted", () => {
  const found = find();
  const repair = relearnPartlyKnown(network, X, given, known, { found, gradients: found.gradients + 400, batchSize: 50,
    restartFrom: 2, rng: seededRng(1) });
  assert.ok(repair.gradients <= found.gradients + 400 && repair.found === found);
});

test("the posterior of two bell curves is what Bayes' rule says, worked by hand", () => {
  // Centres 1 and −1 with variance 1/4 are met exactly by these six scores; a rate of 1/4 is given.
  const scores = Float64Array.of(1.5, 0.5, -1.5, -0.5, 0, 0);
  const first = [true, true, false, false, true, false];
  const { chances } = swapPosterior(scores, { first, known: [false, false, false, false, false, false] }, 0.25);
  assert.ok(Math.abs(chances[4] - 0.75) < 1e-6 && Math.abs(chances[5] - 0.25) < 1e-6, `${chances}`);
  assert.ok(Math.abs(chances[0] + chances[2] - 1) < 1e-6 && chances[0] > chances[1]);
  const told = swapPosterior(scores, { first, known: [false, true, false, false, false, false] }, 0.25).chances;
  assert.equal(told[1], 0);
});

test("the rate of exchanged labels is found within its standard error", () => {
  const rng = seededRng(3);
  const truth = Array.from({ length: 2000 }, (_, i) => i % 2 === 0);
  const swapped = truth.map(() => rng.uniform() < 0.3);
  const scores = Float64Array.from(truth, (first) => (first ? 1 : -1) + rng.normal());
  const first = truth.map((one, i) => one !== swapped[i]);
  const { rate } = swapPosterior(scores, { first, known: truth.map((_, i) => swapped[i] && i % 20 < 2) });
  const expected = swapped.filter((one, i) => one && i % 20 >= 2).length
    / swapped.filter((one, i) => !(one && i % 20 < 2)).length;
  assert.ok(Math.abs(rate - expected) < 0.04, `${rate} and ${expected}`);
});

test("a row's answer comes from a fit to the others, whether rows or columns are fewer", () => {
  for (const [n, d] of [[12, 30], [30, 5]]) {
    const rng = seededRng(n);
    const features = matrix(Float64Array.from({ length: n * d }, () => rng.normal()), [n, d]);
    const targets = Float64Array.from({ length: n }, () => rng.normal());
    const said = leaveOneOut(features, 0.5)(targets);
    const other = targets.slice();
    other[3] += 5;
    const moved = leaveOneOut(features, 0.5)(other);
    assert.ok(Math.abs(moved[3] - said[3]) < 1e-4, `${n} × ${d}: ${said[3]} and ${moved[3]}`);
    assert.ok(moved.some((value, i) => i !== 3 && Math.abs(value - said[i]) > 1e-3));
  }
});

test("predictions are those of fits to all other rows, one by one, down to the least ridge", () => {
  for (const [n, d] of [[12, 16], [18, 17], [30, 6]]) {
    const rng = seededRng(d);
    const Z = Array.from({ length: n }, () => Float64Array.from({ length: d }, () => rng.normal()));
    for (let j = 0; j < d; j++) {
      const mean = Z.reduce((sum, row) => sum + row[j] / n, 0);
      const scale = Math.sqrt(d * Z.reduce((sum, row) => sum + (row[j] - mean) ** 2 / n, 0));
      for (const row of Z) row[j] = (row[j] - mean) / scale;
    }
    const targets = Float64Array.from({ length: n }, () => rng.normal());
    for (const ridge of [1e-3, 1]) {
      const said = leaveOneOut(matrix(Float64Array.from(Z.flatMap((row) => [...row])), [n, d]), ridge)(targets);
      said.forEach((value, i) => {
        // Ridge with a constant that costs nothing: by normal equations on rows centred without row i.
        const others = Z.filter((_, k) => k !== i);
        const told = targets.filter((_, k) => k !== i);
        const center = Float64Array.from({ length: d }, (_, j) =>
          others.reduce((sum, row) => sum + row[j] / (n - 1), 0));
        const mean = told.reduce((sum, one) => sum + one / (n - 1), 0);
        const moved = others.map((row) => row.map((one, j) => one - center[j]));
        const gram = Float64Array.from({ length: d * d }, (_, k) =>
          moved.reduce((sum, row) => sum + row[Math.floor(k / d)] * row[k % d], 0));
        const inverse = dampedInverse(matrix(gram, [d, d]), ridge).data;
        const slope = (j: number): number => moved.reduce((sum, row, r) =>
          sum + (told[r] - mean) * row.reduce((inner, one, m) => inner + inverse[j * d + m] * one, 0), 0);
        const expected = Z[i].reduce((sum, one, j) => sum + slope(j) * (one - center[j]), mean);
        assert.ok(Math.abs(value - expected) < 0.005 * (1 + Math.abs(expected)),
          `${n} × ${d}, ${ridge}: ${value} and ${expected}`);
      });
    }
  }
});

test("a row far from all others, which a fit to all rows would follow, has no part in its own prediction", () => {
  const rng = seededRng(3);
  const features = matrix(Float64Array.from({ length: 80 * 5 }, (_, k) => (k === 15 ? 1000 : rng.normal())), [80, 5]);
  const targets = Float64Array.from({ length: 80 }, () => rng.normal());
  const moved = targets.slice();
  moved[3] += 5;
  const [said, then] = [targets, moved].map((told) => leaveOneOut(features, 1e-5)(told)[3]);
  assert.ok(Math.abs(then - said) < 1e-3, `${said} and ${then}`);
});

test("the same seed finds the same, another other probabilities; no tensor is left", () => {
  const { memory } = loadTensorflow();
  const [a, b, c] = [find(), find(), find(2)];
  const tensors = memory().numTensors;
  find();
  assert.equal(memory().numTensors, tensors);
  assert.deepEqual(a.wrong, b.wrong);
  assert.notDeepEqual(a.wrong, c.wrong);
});

test("a ridge that rounding would drown is refused", () => {
  assert.throws(() => findSwaps(network, X, given, known, { ridge: 1e-4, rng: seededRng(1) }),
    { name: "RangeError", message: "findSwaps: ridge must be at least 0.001, got 0.0001" });
});

test("known flips of one class, or of three, are no pair", () => {
  assert.throws(() => findSwaps(network, X, given, known.filter((i) => given[i] === 0), { rng: seededRng(1) }),
    { name: "RangeError", message: /findSwaps: known positions must have labels of two classes, got 0/ });
});

test("when all labels of the two classes are known, nothing is left to find", () => {
  const all = Int32Array.from(given.keys()).filter((i) => given[i] !== 2);
  assert.throws(() => findSwaps(network, X, given, all, { rng: seededRng(1) }),
    { name: "RangeError", message: "findSwaps: needs labels of the two classes that are not known" });
});

test("a network of no images is refused under the function's own name", () => {
  const flat = initializeNetwork(mlp({ numFeatures: 100, hidden: [4], numClasses: 3 }), { rng: seededRng(1) });
  assert.throws(() => findSwaps(flat, X, given, known, { rng: seededRng(1) }), /^RangeError: findSwaps: patches/);
});
