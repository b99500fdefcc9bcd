import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fitLabeledBits, fromRows, labeledBitDesign, matrix, orientationFeatures, reportLabeledBits,
  seededRng, subsetSelection, subsetSelectionProbabilities,
} from "../../../lib";
import { labeledBitModel } from "../../../lib/privacy/local/labeled-bit-model";

/** All sets of the given size out of 0 … k − 1. */
function subsets(k: number, size: number, from = 0): number[][] {
  if (size === 0) return [[]];
  return Array.from({ length: Math.max(0, k - from) }, (_, i) => from + i)
    .flatMap((first) => subsets(k, size - 1, first + 1).map((rest) => [first, ...rest]));
}

test("subset selection of one symbol is randomised response: 7.389 / (7.389 + 19) at ε 2 of 20 symbols", () => {
  const { p, q, pair } = subsetSelectionProbabilities({ epsilon: 2, numSymbols: 20, subsetSize: 1 });
  assert.ok(Math.abs(p - Math.exp(2) / (Math.exp(2) + 19)) < 1e-15);
  assert.ok(Math.abs(q - 1 / (Math.exp(2) + 19)) < 1e-15);
  assert.ok(Math.abs(pair) < 1e-15);
});

test("over all inputs and outputs no set is more than e^ε times as likely from one input as from another", () => {
  for (const epsilon of [0.1, 1, 4, 8])
    for (const [numSymbols, subsetSize] of [[2, 1], [5, 1], [6, 2], [7, 4]]) {
      const { p, q, pair } = subsetSelectionProbabilities({ epsilon, numSymbols, subsetSize });
      const outputs = subsets(numSymbols, subsetSize);
      const holding = outputs.filter((set) => set.includes(0)).length;
      const chance = (truth: number, set: number[]): number =>
        set.includes(truth) ? p / holding : (1 - p) / (outputs.length - holding);
      let sum = 0;
      let other = 0;
      let both = 0;
      let worst = 0;
      for (const set of outputs) {
        sum += chance(0, set);
        if (set.includes(1)) other += chance(0, set);
        if (set.includes(1) && set.includes(2)) both += chance(0, set);
        for (let a = 0; a < numSymbols; a++)
          for (let b = 0; b < numSymbols; b++) worst = Math.max(worst, chance(a, set) / chance(b, set));
      }
      assert.ok(Math.abs(sum - 1) < 1e-12);
      assert.ok(Math.abs(other - q) < 1e-12);
      if (numSymbols > 2) assert.ok(Math.abs(both - pair) < 1e-12);
      assert.ok(Math.abs(Math.log(worst) - epsilon) < 1e-12, `ε ${epsilon}: ${Math.log(worst)}`);
    }
});

test("subset selection sends each set as often as its formula says", () => {
  const settings = { epsilon: 1.5, numSymbols: 5, subsetSize: 2 };
  const n = 60000;
  for (const truth of [0, 3]) {
    const reports = subsetSelection(new Int32Array(n).fill(truth), { ...settings, rng: seededRng(5) });
    const counts = new Map<string, number>();
    for (let i = 0; i < n; i++) {
      const key = `${reports[2 * i]},${reports[2 * i + 1]}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const { p } = subsetSelectionProbabilities(settings);
    let chiSquare = 0;
    for (const set of subsets(5, 2)) {
      const expected = n * (set.includes(truth) ? p / 4 : (1 - p) / 6);
      chiSquare += ((counts.get(set.join(",")) ?? 0) - expected) ** 2 / expected;
    }
    // 9 degrees of freedom: above 33.7 with chance 1e-4. Sets out of order would not be found, and add thousands.
    assert.ok(chiSquare < 33.7, `${chiSquare}`);
  }
});

test("the design sends more bits the larger ε is, and names several symbols where ε is small", () => {
  assert.deepEqual(labeledBitDesign({ epsilon: 4, numClasses: 10 }), { bitsPerUser: 2, subsetSize: 1 });
  assert.deepEqual(labeledBitDesign({ epsilon: 2, numClasses: 10 }), { bitsPerUser: 1, subsetSize: 2 });
  assert.ok(labeledBitDesign({ epsilon: 8, numClasses: 10 }).bitsPerUser >= 5);
});

const truth = [[0.9, 0.2, 0.5, 0.7], [0.1, 0.7, 0.5, 0.7], [0.5, 0.5, 0.1, 0.9]];
const people = (n: number) => {
  const rng = seededRng(4);
  // Shares 1/2, 1/4, 1/4.
  const y = Int32Array.from({ length: n }, () => Math.max(0, rng.integer(4) - 1));
  const bits = Uint8Array.from({ length: 4 * n }, (_, p) =>
    (rng.uniform() < truth[y[Math.floor(p / 4)]][p % 4] ? 1 : 0));
  return { bits: matrix(bits, [n, 4]), y };
};

test("class means and shares come back from the reports, with one bit or several and one symbol or several", () => {
  const { bits, y } = people(60000);
  for (const [bitsPerUser, subsetSize] of [[1, 1], [2, 3], [4, 1]]) {
    const design = { bitsPerUser, subsetSize };
    const reports = reportLabeledBits(bits, y, { epsilon: 3, numClasses: 3, ...design, rng: seededRng(6) });
    assert.equal(reports.epsilon, 3);
    const { means, shares } = fitLabeledBits(reports);
    truth.flat().forEach((mean, p) =>
      assert.ok(Math.abs(means.data[p] - (2 * mean - 1)) < 0.1, `${JSON.stringify(design)} ${p}: ${means.data[p]}`));
    [0.5, 0.25, 0.25].forEach((share, c) => assert.ok(Math.abs(shares[c] - share) < 0.02));
  }
});

test("the nearest mean classifies by the bits, and ties go to the first class", () => {
  const means = matrix(Float64Array.of(0.8, 0.8, -0.8, -0.8), [2, 2]);
  const model = labeledBitModel(means, Float64Array.of(0.5, 0.5));
  const bits = matrix(Uint8Array.of(1, 1, 0, 0, 1, 0), [3, 2]);
  assert.deepEqual([...model.predict(bits)], [0, 1, 0]);
});

test("labelled bits repeat under one seed and differ under another", () => {
  const { bits, y } = people(500);
  const reports = (seed: number) => reportLabeledBits(bits, y, { epsilon: 2, numClasses: 3, rng: seededRng(seed) });
  assert.deepEqual(reports(1), reports(1));
  assert.notDeepEqual(reports(1).symbols, reports(2).symbols);
});

test("an edge is as strong as its step, points from dark to light, and is shared between directions", () => {
  // One light pixel amid dark: brightness rises towards it from its four neighbours, by 8 each.
  const spot = fromRows([[0, 0, 0, 0, 8, 0, 0, 0, 0]]);
  const four = orientationFeatures(spot, { cells: 1, orientations: 4, inputScale: 1 });
  // Right, down, left, up: means over nine pixels.
  assert.deepEqual([...four.data], [...Float32Array.of(8 / 9, 8 / 9, 8 / 9, 8 / 9)]);
  const cells = orientationFeatures(spot, { cells: 3, orientations: 4, inputScale: 0.5 }).data;
  assert.equal(cells[3 * 4 + 0], 4, "left of the spot it rises to the right");
  assert.equal(cells[5 * 4 + 2], 4, "right of the spot it rises to the left");
  assert.equal(cells[1 * 4 + 1], 4, "above the spot it rises downwards");
  assert.equal(cells.reduce((sum, value) => sum + value), 16);
  // In the top left corner of a light image it rises down and right alike: half of √128 to each.
  const corner = orientationFeatures(fromRows([[8, 8, 8, 8]]), { cells: 2, orientations: 4, inputScale: 1 }).data;
  assert.deepEqual([...corner.subarray(0, 4)], [Math.fround(Math.sqrt(32)), Math.fround(Math.sqrt(32)), 0, 0]);
});

test("bad settings of local reports are refused with the reason", () => {
  const { bits, y } = people(10);
  const rng = seededRng(1);
  const report = (changed: { epsilon?: number; numClasses?: number; bitsPerUser?: number }, rows = bits) => () =>
    reportLabeledBits(rows, y, { epsilon: 1, numClasses: 3, ...changed, rng });
  assert.throws(report({ epsilon: 0 }), /epsilon must be .* above 0, got 0/);
  assert.throws(report({ numClasses: 2 }), /y must be an integer in \[0, 1\], got 2/);
  assert.throws(report({ bitsPerUser: 5 }), /bitsPerUser must be .* \[1, 4\], got 5/);
  assert.throws(report({}, matrix(bits.data.map((bit) => 2 * bit), bits.shape)), /bit must be in \[0, 1\], got 2/);
  const settings = { epsilon: 1, numSymbols: 4, subsetSize: 1 };
  assert.throws(() => subsetSelection(Int32Array.of(4), { ...settings, rng }), /symbol must be .* \[0, 3\], got 4/);
  assert.throws(
    () => subsetSelectionProbabilities({ ...settings, subsetSize: 4 }), /subsetSize must be .* \[1, 3\], got 4/);
  const orient = (pixels: number[], cells: number) => () =>
    orientationFeatures(fromRows([pixels]), { cells, orientations: 8, inputScale: 1 });
  assert.throws(orient([1, 2, 3, 4], 3), /cells must be/);
  assert.throws(orient([1, NaN, 3, 4], 1), /X must be finite/);
  const narrow = labeledBitModel(matrix(new Float64Array(2), [1, 2]), Float64Array.of(1));
  assert.throws(() => narrow.predict(bits), /X must have 2 columns, as fitted, got/);
  assert.throws(() => narrow.predict(fromRows([[0, 0.5]])), /X must hold bits, 0 or 1 .*, got 0.5 at position 1/);
});
