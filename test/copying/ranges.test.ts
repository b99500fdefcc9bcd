import assert from "node:assert/strict";
import test from "node:test";
import {
  dynamicalRange, equalCategories, findCategories, fromRows, matrix, mixedRange, rangesOnly, reducedSpace,
  type NumericRange,
} from "../../lib";

const X = fromRows([[0, 10, 1], [2, 30, 3], [1, 20, 1], [1, 20, 1]]);

test("dynamicalRange gives minimum, maximum, mean and deviation of each feature", () => {
  assert.deepEqual(dynamicalRange(fromRows([[0, 5], [2, 5]])), [
    { kind: "numeric", min: 0, max: 2, mean: 1, deviation: 1 },
    { kind: "numeric", min: 5, max: 5, mean: 5, deviation: 0 },
  ]);
});

test("dynamicalRange does not change its argument and refuses no rows and NaN", () => {
  const before = X.data.slice();
  dynamicalRange(X);
  assert.deepEqual(X.data, before);
  assert.throws(() => dynamicalRange(matrix(new Float64Array(0), [0, 2])), /dynamicalRange: rows .* got 0/);
  assert.throws(() => dynamicalRange(fromRows([[NaN]])), /dynamicalRange: X must be finite, got NaN/);
});

test("findCategories counts the shares of each value", () => {
  assert.deepEqual(findCategories(X)[2], { kind: "categorical", values: [1, 3], shares: [0.75, 0.25] });
});

test("mixedRange takes the named columns as categories and names a column out of range", () => {
  assert.deepEqual(mixedRange(X, { categorical: [2] }).map(({ kind }) => kind), ["numeric", "numeric", "categorical"]);
  assert.throws(() => mixedRange(X, { categorical: [3] }), /categorical must be an integer in \[0, 2\], got 3/);
});

test("equalCategories gives all values the same share", () => {
  assert.deepEqual(equalCategories(findCategories(X))[2], { kind: "categorical", values: [1, 3], shares: [0.5, 0.5] });
});

test("reducedSpace is mean ± sigmas deviations", () => {
  const [range] = reducedSpace(dynamicalRange(fromRows([[0], [2]])), 0.5);
  assert.deepEqual([range.min, range.max, range.mean, range.deviation], [0.5, 1.5, 1, 1]);
  assert.throws(() => reducedSpace(dynamicalRange(X), 0), /sigmas must be a finite number above 0, got 0/);
});

test("rangesOnly leaves the mean and deviation of a uniform spread", () => {
  const [range] = rangesOnly(dynamicalRange(X));
  assert.deepEqual([range.mean, range.deviation], [1, 2 / Math.sqrt(12)]);
});

test("ranges that make no sense are named", () => {
  const wrong: NumericRange = { kind: "numeric", min: 2, max: 1, mean: 1, deviation: 1 };
  assert.throws(() => reducedSpace([wrong], 1), /ranges\[0\]\.max must be at least min 2, got 1/);
  assert.throws(() => reducedSpace([], 1), /ranges must name at least one feature/);
  assert.throws(() => equalCategories([{ kind: "categorical", values: [1, 2], shares: [0.5, 0.6] }]), /sum 1\.1/);
});
