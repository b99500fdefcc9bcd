import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type ClaimInput, judge } from "../../lib";

const value = (published: number, reproduced: number, tolerance: number, explained?: string): ClaimInput =>
  ({ id: "a", statement: "A sentence", source: "ours", published, reproduced, tolerance, explained });

test("a claim within its tolerance is reproduced, one beyond it is not", () => {
  assert.equal(judge(value(12, 12, 0)).verdict, "reproduced");
  assert.equal(judge(value(0.92, 0.93, 0.01)).verdict, "reproduced");
  assert.equal(judge(value(12, 13, 0)).verdict, "not reproduced");
  assert.equal(judge(value(0.92, 0.9301, 0.01)).verdict, "not reproduced");
});

test("bounds hold at their edge and fail beyond it", () => {
  const bound = (bounds: { atLeast?: number; atMost?: number }, reproduced: number): string =>
    judge({ id: "a", statement: "A sentence", source: "ours", ...bounds, reproduced }).verdict;
  assert.equal(bound({ atMost: 0.02 }, 0.02), "reproduced");
  assert.equal(bound({ atMost: 0.02 }, 0.021), "not reproduced");
  // A mean of three tenths is no tenth in doubles.
  assert.equal(bound({ atMost: 0.1 }, (0.1 + 0.1 + 0.1) / 3), "reproduced");
  assert.equal(bound({ atLeast: 0.3 }, 0.7 - 0.4), "reproduced");
  assert.equal(bound({ atMost: 0 }, 1e-300), "not reproduced");
  assert.equal(bound({ atLeast: 0.6 }, 0.6), "reproduced");
  assert.equal(bound({ atLeast: 0.6 }, 0.59), "not reproduced");
  assert.equal(bound({ atLeast: 1, atMost: 2 }, 3), "not reproduced");
});

test("a verdict depends only on the distance from the published value", () => {
  fc.assert(fc.property(fc.integer(), fc.integer({ min: 0, max: 100 }), fc.integer({ min: -200, max: 200 }),
    (published, tolerance, off) => {
      const expected = Math.abs(off) <= tolerance ? "reproduced" : "not reproduced";
      assert.equal(judge(value(published, published + off, tolerance)).verdict, expected);
    }));
});

test("a reason explains a claim that fails and says nothing about one that holds", () => {
  const failed = judge(value(12, 13, 0, "other data"));
  assert.equal(failed.verdict, "explained deviation");
  assert.equal(failed.reason, "other data");
  assert.equal(judge(value(12, 12, 0, "other data")).verdict, "reproduced");
  assert.equal(judge(value(12, 12, 0, "other data")).reason, null);
});

test("a bound of our own is never called published", () => {
  const claimed = { id: "a", statement: "A sentence", source: "ours", atMost: 0.02, reproduced: 0.01 };
  assert.equal(judge(claimed).published, null);
  assert.equal(judge({ ...claimed, published: 0.013 }).published, 0.013);
});

test("a claim says in a few characters what must hold", () => {
  const claimed = { id: "a", statement: "A sentence", source: "ours", atMost: 0.02, reproduced: 0.01 };
  assert.equal(judge(claimed).expected, "≤ 0.02");
  assert.equal(judge({ ...claimed, published: 0.013, atLeast: 0 }).expected, "0.013 (≥ 0, ≤ 0.02)");
  assert.equal(judge(value(12, 12, 0)).expected, "12");
  assert.equal(judge(value(0.92, 0.92, 0.01)).expected, "0.92 ± 0.01");
  assert.equal(judge(value(150107.629941, 150107.63, 0.0015)).expected, "150107.6299 ± 0.002");
  assert.equal(judge(value(0, 0.1, 0.25)).expected, "0 ± 0.3");
});

test("a claim without finite numbers, words or an expectation is refused", () => {
  const message = /reproduced of a must be finite, got NaN/;
  assert.throws(() => judge(value(12, NaN, 0)), { name: "RangeError", message });
  assert.throws(() => judge(value(Infinity, 1, 0)), /published of a must be finite/);
  assert.throws(() => judge(value(12, 12, -1)), /tolerance must be in \[0/);
  assert.throws(() => judge({ ...value(12, 12, 0), id: " " }), /id must be a text that is not empty/);
  assert.throws(() => judge(value(12, 12, 0, "")), /explained must be a text that is not empty/);
  const nothing = { id: "a", statement: "A sentence", source: "ours", reproduced: 1 };
  assert.throws(() => judge(nothing), /a needs published and tolerance, or atLeast, or atMost/);
});
