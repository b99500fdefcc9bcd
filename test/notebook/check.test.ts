import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { equalRounded, judgeAnswer, notACount, notAShareOf, notLabels, notPositions, notUnrounded } from "../../lib";

const exercises = {
  "10-1": (answer: number, given: { right: number }) => (answer === given.right ? null : "it is another number"),
  "10-2": async (answer: () => number) => (answer() > 0 ? null : "it must be above 0"),
};

test("an answer is right, or not yet with what is wrong, also where a check takes its time", async () => {
  assert.deepEqual(await judgeAnswer(exercises, "10-1", 3, { right: 3 }),
    { id: "10-1", verdict: "right", finding: null });
  assert.deepEqual(await judgeAnswer(exercises, "10-1", 4, { right: 3 }),
    { id: "10-1", verdict: "not yet", finding: "it is another number" });
  assert.deepEqual(await judgeAnswer(exercises, "10-2", () => -1),
    { id: "10-2", verdict: "not yet", finding: "it must be above 0" });
});

test("an exercise without an answer is not answered, and not wrong", async () => {
  assert.deepEqual(await judgeAnswer(exercises, "10-1", undefined, { right: 3 }),
    { id: "10-1", verdict: "not answered", finding: null });
});

test("an unknown exercise is refused, with the known ones", async () => {
  for (const id of ["10-99", "toString"])
    await assert.rejects(judgeAnswer(exercises, id as "10-1", undefined, { right: 3 }),
      { name: "RangeError", message: `check: id must be one of 10-1, 10-2, got "${id}"` });
});

test("an error of the answer itself is its finding", async () => {
  const { verdict, finding } = await judgeAnswer(exercises, "10-2", () => {
    throw new Error("no such row");
  });
  assert.equal(verdict, "not yet");
  assert.match(String(finding), /no such row/);
});

test("a count must be whole and no larger than there are things to count", () => {
  assert.equal(notACount(3, 10, "images"), null);
  assert.match(String(notACount(NaN, 10, "images")), /not a number/);
  assert.match(String(notACount(0.3, 10, "images")), /whole number/);
  assert.match(String(notACount(-1, 10, "images")), /below 0/);
  assert.match(String(notACount(11, 10, "images")), /only 10 images/);
});

test("a share of n rows is a multiple of 1/n, rounded or not", () => {
  assert.equal(notAShareOf(2 / 75, 75, "flowers"), null);
  assert.equal(notAShareOf(0.0267, 75, "flowers"), null);
  assert.match(String(notAShareOf(0.02, 75, "flowers")), /multiple of 1\/75/);
  assert.match(String(notAShareOf(2.67, 75, "flowers")), /at most 1/);
  assert.match(String(notAShareOf(-0.1, 75, "flowers")), /below 0/);
  assert.ok(equalRounded(0.1234, 0.12341) && !equalRounded(0.1234, 0.1236));
});

test("positions are whole numbers below the number of rows, each once", () => {
  assert.equal(notPositions([0, 9], 10), null);
  assert.match(String(notPositions([0, 10], 10)), /integers from 0 to 9, and 10 is none/);
  assert.match(String(notPositions([0.5], 10)), /0\.5 is none/);
  assert.match(String(notPositions([3, 3], 10)), /twice/);
});

test("a right number that is rounded too far is told apart from a wrong one", () => {
  assert.match(String(notAShareOf(0.03, 75, "flowers")), /0\.03 may be right, but it is rounded: give it unrounded/);
  assert.match(String(notAShareOf(0.027, 75, "flowers")), /give it unrounded/);
  assert.match(String(notAShareOf(0.02, 75, "flowers")), /comes from other rows/);
  assert.equal(notUnrounded(0.1234, 0.12341), null);
  assert.equal(notUnrounded(0.12341, 0.12341), null);
  assert.match(String(notUnrounded(0.123, 0.12341)), /0\.123 may be right, but it is rounded/);
  assert.match(String(notUnrounded(0.1, 0.12341)), /rounded/);
  assert.equal(notUnrounded(0.124, 0.12341), null);
  assert.equal(notUnrounded(0, 0.12341), null);
  assert.equal(notUnrounded(1e-7, 0.12341), null);
  assert.equal(notUnrounded(0.99, 0.98765, 2), null);
});

test("a share that is rounded is never said to come from other rows", () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 3000 }), fc.double({ min: 0, max: 1, noNaN: true }),
    fc.integer({ min: 1, max: 3 }), (n, share, decimals) => {
      const rounded = Number((Math.round(share * n) / n).toFixed(decimals));
      const finding = notAShareOf(rounded, n, "rows");
      assert.ok(finding === null || rounded === 0 || rounded === 1 || /unrounded/.test(finding), finding ?? "");
    }));
});

test("labels must be one a row and among the known", () => {
  assert.equal(notLabels([1, 2], [2, 1]), null);
  assert.match(String(notLabels([1], [2, 1])), /needs 2 labels.* has 1/);
  assert.match(String(notLabels([1, 5], [2, 1])), /5 is not one/);
});
