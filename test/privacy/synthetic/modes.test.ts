import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromRows, matrix, seededRng } from "../../../lib";
import { modesOf, privateGroupSquares } from "../../../lib/privacy/synthetic/modes";

test("without noise the squares of each group are those counted by hand, of rows no longer than the reach", () => {
  const R = fromRows([[0.3, 0.4], [0, 2], [0.1, 0]]);
  const options = { numGroups: 2, reach: 0.5, noiseMultiplier: 0, rng: seededRng(1) };
  const { squares } = privateGroupSquares(R, Int32Array.of(0, 0, 1), options);
  [0.36, 0.48, 0.48, 1.64, 0.04, 0, 0, 0].forEach((value, p) => assert.ok(Math.abs(squares.data[p] - value) < 1e-12));
});

test("one record more moves what is released by no more than 1, however long the record", () => {
  const row = fc.tuple(fc.double({ min: -9, max: 9, noNaN: true }), fc.double({ min: -9, max: 9, noNaN: true }));
  fc.assert(fc.property(fc.array(row, { minLength: 2, maxLength: 8 }), (rows) => {
    const groups = Int32Array.from(rows, (_, i) => i % 2);
    const settings = { numGroups: 2, reach: 1.5, noiseMultiplier: 3 };
    const [all, fewer] = [0, 1].map((from) => privateGroupSquares(fromRows(rows.slice(from)), groups.slice(from),
      { ...settings, rng: seededRng(7) }).squares.data);
    const square = all.reduce((sum, value, p) => sum + (value - fewer[p]) ** 2, 0);
    assert.ok(square <= 1 + 1e-9, `${square}`);
  }));
});

test("the noise is symmetric, with the deviation that is stated on the diagonal and 1/√2 of it beside", () => {
  const d = 60;
  const settings = { numGroups: 1, reach: 1, noiseMultiplier: 2, rng: seededRng(5) };
  const nothing = matrix(new Float64Array(d), [1, d]);
  const { squares: { data }, sigma } = privateGroupSquares(nothing, Int32Array.of(0), settings);
  assert.equal(sigma, 2);
  let [diagonal, beside] = [0, 0];
  for (let a = 0; a < d; a++) {
    diagonal += data[a * d + a] ** 2 / d;
    for (let b = 0; b < a; b++) {
      assert.equal(data[a * d + b], data[b * d + a]);
      beside += (2 * data[a * d + b] ** 2) / (d * (d - 1));
    }
  }
  assert.ok(Math.abs(beside / 2 - 1) < 0.1, `${beside}`);
  assert.ok(Math.abs(diagonal / 4 - 1) < 0.5, `${diagonal}`);
});

test("modes are the directions that noise would not make, with the deviations that they have without it", () => {
  const d = 50;
  const rng = seededRng(3);
  const noise = 0.1;
  const A = new Float64Array(d * d);
  for (let a = 0; a < d; a++) for (let b = 0; b <= a; b++) A[a * d + b] = A[b * d + a] = noise * rng.normal();
  assert.equal(modesOf(matrix(A.slice(), [d, d]), { noise }).deviations.length, 0);
  A[0] += 9;
  A[d + 1] += 4;
  const { directions, deviations } = modesOf(matrix(A, [d, d]), { noise });
  assert.equal(deviations.length, 2);
  assert.ok(Math.abs(deviations[0] - 3) < 0.1 && Math.abs(deviations[1] - 2) < 0.1, `${deviations}`);
  assert.ok(Math.abs(directions.data[0]) > 0.95 && Math.abs(directions.data[d + 1]) > 0.95);
  assert.deepEqual([...modesOf(fromRows([[4, 0], [0, 1]]), { noise: 0 }).deviations], [2, 1]);
});

test("groups out of range, rows of another number and bad settings are refused", () => {
  const R = fromRows([[1, 0], [0, 1]]);
  const settings = { numGroups: 2, reach: 1, noiseMultiplier: 1, rng: seededRng(1) };
  assert.throws(() => privateGroupSquares(R, Int32Array.of(0, 2), settings), /groups must be/);
  assert.throws(() => privateGroupSquares(R, Int32Array.of(0), settings), /same length/);
  for (const bad of [NaN, -1, Infinity]) {
    assert.throws(() => privateGroupSquares(R, Int32Array.of(0, 1), { ...settings, reach: bad }), /reach must be/);
    const noisy = { ...settings, noiseMultiplier: bad };
    assert.throws(() => privateGroupSquares(R, Int32Array.of(0, 1), noisy), /noiseMultiplier must be/);
  }
  assert.throws(() => privateGroupSquares(fromRows([[NaN, 1]]), Int32Array.of(0), settings), /finite/);
});
