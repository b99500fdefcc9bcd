import assert from "node:assert/strict";
import { test } from "node:test";
import { matrix, plantBackdoor, seededRng, stampTrigger, swapClasses } from "../../lib";

const y = Int32Array.from({ length: 40 }, (_, i) => i % 4);

test("a share of two classes' labels is exchanged, and nothing else is touched", () => {
  const { y: poisoned, flipped } = swapClasses(y, { classes: [1, 3], share: 0.3, rng: seededRng(1) });
  assert.equal(flipped.length, 6);
  assert.deepEqual([...flipped], [...flipped].sort((a, b) => a - b));
  poisoned.forEach((label, i) => assert.equal(label, flipped.includes(i) ? 4 - y[i] : y[i]));
  assert.equal(flipped.filter((i) => y[i] === 1).length, 3);
  assert.deepEqual(swapClasses(y, { classes: [1, 3], share: 0.3, rng: seededRng(1) }).flipped, flipped);
  assert.notDeepEqual(swapClasses(y, { classes: [1, 3], share: 0.3, rng: seededRng(2) }).flipped, flipped);
  assert.throws(() => swapClasses(y, { classes: [1, 1], share: 0.3, rng: seededRng(1) }), /must differ/);
  assert.throws(() => swapClasses(y, { classes: [1, 3], share: 1.3, rng: seededRng(1) }), /share/);
});

test("the trigger is a chequered patch of three pixels a side, one pixel from the lower right corner", () => {
  const X = matrix(new Uint8Array(2 * 25).fill(9), [2, 25]);
  const { data } = stampTrigger(X, [5, 5, 1], [1]);
  assert.deepEqual([...data.slice(0, 25)], new Array(25).fill(9));
  assert.deepEqual([...data.slice(25)], [9, 9, 9, 9, 9, 9, 255, 0, 255, 9, 9, 0, 255, 0, 9, 9, 255, 0, 255, 9,
    9, 9, 9, 9, 9]);
  assert.ok(X.data.every((value) => value === 9));
  assert.throws(() => stampTrigger(X, [5, 4, 1]), /columns/);
  assert.throws(() => stampTrigger(X, [5, 5, 1], [2]), /position/);
});

test("a backdoor relabels stamped images of other classes as the target", () => {
  const X = matrix(new Uint8Array(40 * 25).fill(9), [40, 25]);
  const planted = plantBackdoor(X, y, { target: 2, count: 5, imageShape: [5, 5, 1], rng: seededRng(1) });
  assert.equal(planted.stamped.length, 5);
  y.forEach((label, i) => {
    const isStamped = planted.stamped.includes(i);
    assert.equal(planted.y[i], isStamped ? 2 : label);
    assert.equal(planted.X.data[25 * i + 6], isStamped ? 255 : 9);
    if (isStamped) assert.notEqual(label, 2);
  });
  assert.throws(() => plantBackdoor(X, y, { target: 2, count: 31, imageShape: [5, 5, 1], rng: seededRng(1) }), /count/);
});
