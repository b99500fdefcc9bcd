import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  flipFirst, flipLabels, flipNearest, flipRandom, flipToRunnerUp, fromRows, incorrectByPredicted, incorrectByTrue,
  seededRng,
} from "../../lib";

const y = Int32Array.from({ length: 1000 }, (_, i) => i % 10);
const flip = (count: number, seed = 7) => flipLabels(y, { count, numClasses: 10, rng: seededRng(seed) });
const changed = (a: Int32Array, b: Int32Array) => [...a.keys()].filter((i) => a[i] !== b[i]);

test("flipLabels changes exactly the positions it reports", () => {
  const { y: poisoned, flipped } = flip(250);
  assert.equal(flipped.length, 250);
  assert.deepEqual(changed(y, poisoned), [...flipped]);
});

test("flipLabels keeps labels in range, for any number of classes, count and seed", () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 6 }), fc.nat(57), fc.nat(), (numClasses, count, seed) => {
    const labels = Int32Array.from({ length: 57 }, (_, i) => (i * 7) % numClasses);
    const { y: poisoned, flipped } = flipLabels(labels, { count, numClasses, rng: seededRng(seed) });
    assert.ok(poisoned.every((label) => label >= 0 && label < numClasses));
    assert.equal(flipped.length, count);
    assert.deepEqual(changed(labels, poisoned), [...flipped]);
  }));
});

test("flipLabels chooses the new class uniformly among the others", () => {
  const { y: poisoned } = flipLabels(new Int32Array(3000).fill(2), { count: 3000, numClasses: 4, rng: seededRng(3) });
  const counts = [0, 1, 2, 3].map((c) => poisoned.filter((label) => label === c).length);
  assert.equal(counts[2], 0);
  // 3,000 draws of 1/3 each: standard deviation 26
  for (const c of [0, 1, 3]) assert.ok(Math.abs(counts[c] - 1000) < 5 * 26, `class ${c}: ${counts[c]}`);
});

test("flipLabels repeats under one seed and differs under another", () => {
  assert.deepEqual(flip(100, 7), flip(100, 7));
  assert.notDeepEqual(flip(100, 7), flip(100, 8));
});

test("flipLabels names what is out of range and what is allowed", () => {
  const rng = seededRng(1);
  assert.throws(() => flip(1001), { name: "RangeError", message: /count must be an integer in \[0, 1000\], got 1001/ });
  assert.throws(() => flipLabels(y, { count: 100, numClasses: 9, rng }), { message: /label .* got 9/ });
  assert.throws(() => flipLabels(y, { count: 100, numClasses: 1, rng }), { message: /numClasses .* got 1/ });
});

const small = Int32Array.of(1, 0, 1, 1, 2, 1);

test("flipFirst, flipRandom and flipNearest relabel rows of one class only, and leave the argument alone", () => {
  assert.deepEqual(flipFirst(small, { from: 1, to: 2, count: 2 }), {
    y: Int32Array.of(2, 0, 2, 1, 2, 1), flipped: Int32Array.of(0, 2),
  });
  const margins = [0.5, 0, 0.3, 0.4, 0, 0.2];
  assert.deepEqual(flipNearest(small, { from: 1, to: 0, count: 2, margins }), {
    y: Int32Array.of(1, 0, 0, 1, 2, 0), flipped: Int32Array.of(2, 5),
  });
  const random = flipRandom(small, { from: 1, to: 2, count: 3, rng: seededRng(0) });
  assert.deepEqual(changed(small, random.y), [...random.flipped]);
  assert.ok(random.flipped.every((i) => small[i] === 1 && random.y[i] === 2));
  assert.equal(random.flipped.length, 3);
  assert.deepEqual(small, Int32Array.of(1, 0, 1, 1, 2, 1));
});

test("flipRandom repeats under one seed and differs under another", () => {
  const draw = (seed: number) => flipRandom(y, { from: 1, to: 2, count: 50, rng: seededRng(seed) });
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
});

test("the targeted attacks name a budget beyond the class, and a flip to the same class", () => {
  const rng = seededRng(0);
  const tooMany = { from: 1, to: 2, count: 5 };
  const message = /flipFirst: count .* \[0, 4\], got 5/;
  assert.throws(() => flipFirst(small, tooMany), { name: "RangeError", message });
  assert.throws(() => flipRandom(small, { from: 3, to: 2, count: 1, rng }),
    { message: /must be 0, the only one there is, got 1/ });
  assert.throws(() => flipFirst(small, { from: 1, to: 1, count: 1 }), { message: /must differ, got 1/ });
  assert.throws(() => flipNearest(small, { from: 1, to: 2, count: 1, margins: [1] }), { message: /got 1 and 6/ });
});

test("flipToRunnerUp gives the rows of smallest or largest margin their second label", () => {
  const scores = fromRows([[3, 1, 0], [2, 2.5, 1], [0, 4, 3.5], [0, 1, 9]]);
  const options = { scores, classes: Int32Array.of(5, 6, 7), count: 2 };
  const labels = Int32Array.of(5, 6, 6, 7); // margins 2, 0.5, 0.5, 8
  assert.deepEqual([...flipToRunnerUp(labels, { ...options, order: "nearest" }).y], [5, 5, 7, 7]);
  assert.deepEqual([...flipToRunnerUp(labels, { ...options, order: "farthest" }).y], [6, 6, 6, 6]);
  const tooMany = { ...options, count: 5, order: "nearest" } as const;
  assert.throws(() => flipToRunnerUp(labels, tooMany), { name: "RangeError", message: /count .* \[0, 4\], got 5/ });
  const strange = Int32Array.of(5, 6, 6, 8);
  assert.throws(() => flipToRunnerUp(strange, { ...options, order: "nearest" }), { message: /among 5, 6, 7, got 8/ });
});

test("incorrectByPredicted and incorrectByTrue count the same errors by column and by row", () => {
  const truth = Int32Array.of(0, 0, 1, 1, 2);
  const predicted = Int32Array.of(0, 2, 2, 1, 1);
  assert.deepEqual([...incorrectByPredicted(truth, predicted, 3)], [0, 1, 2]);
  assert.deepEqual([...incorrectByTrue(truth, predicted, 3)], [1, 1, 1]);
  assert.throws(() => incorrectByTrue(truth, predicted, 2), { name: "RangeError", message: /label .* got 2/ });
  assert.throws(() => incorrectByPredicted(truth, predicted.slice(1), 3), { message: /got 5 and 4/ });
});
