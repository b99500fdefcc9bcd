import assert from "node:assert/strict";
import { test } from "node:test";
import { frechetDistance, fromRows, matrix, seededRng } from "../../../lib";

const cloud = (seed: number, n: number, scales: readonly number[], shift = 0) => {
  const rng = seededRng(seed);
  const d = scales.length;
  return matrix(Float64Array.from({ length: n * d }, (_, p) => shift + scales[p % d] * rng.normal()), [n, d]);
};

test("the distance of clouds on a line is the difference of means and of deviations, squared", () => {
  // Means 1 and 4; deviations 1 and 2.
  assert.ok(Math.abs(frechetDistance(fromRows([[0], [2]]), fromRows([[2], [6]])) - (9 + 1)) < 1e-9);
});

test("it is 0 to itself, the same both ways, and near what the laws say", () => {
  const A = cloud(1, 4000, [1, 2, 3]);
  const B = cloud(2, 4000, [2, 2, 1], 1);
  assert.ok(frechetDistance(A, A) < 1e-9);
  const there = frechetDistance(A, B);
  assert.ok(Math.abs(there - frechetDistance(B, A)) < 1e-9);
  // 3 from the means, (2 − 1)² + 0 + (1 − 3)² from the deviations.
  assert.ok(Math.abs(there - 8) < 0.5, `${there}`);
});

test("turning both clouds alike changes nothing", () => {
  const turn = ({ data, shape }: ReturnType<typeof cloud>) => matrix(data.map((value, p) =>
    p % 2 ? 0.8 * value + 0.6 * data[p - 1] : 0.8 * value - 0.6 * data[p + 1]), shape);
  const [A, B] = [cloud(3, 50, [1, 2]), cloud(4, 60, [3, 1], 0.5)];
  assert.ok(Math.abs(frechetDistance(turn(A), turn(B)) - frechetDistance(A, B)) < 1e-9);
});

test("nothing, other widths and numbers that are none are refused", () => {
  const A = fromRows([[1, 2]]);
  assert.throws(() => frechetDistance(A, fromRows([[1]])), /columns of B/);
  assert.throws(() => frechetDistance(A, fromRows([[1, NaN]])), /finite/);
  assert.throws(() => frechetDistance(matrix(new Float64Array(0), [0, 2]), A), /number of rows/);
});
