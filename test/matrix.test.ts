import assert from "node:assert/strict";
import { test } from "node:test";
import {
  concatRows, fromColumns, fromRows, matrix, rowOf, selectColumns, selectLabels, selectRows, toRows,
} from "../lib";

const X = fromRows([[1, 2, 3], [4, 5, 6]]);

test("fromRows stores rows one after the other and toRows gives them back", () => {
  assert.deepEqual(X, { data: Float64Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] });
  assert.deepEqual(toRows(X), [[1, 2, 3], [4, 5, 6]]);
  assert.deepEqual(fromRows([]).shape, [0, 0]);
});

test("fromColumns stores columns beside each other, and names one of another length", () => {
  assert.deepEqual(fromColumns([[1, 4], [2, 5], [3, 6]]), X);
  assert.throws(() => fromColumns([[1, 2], [3]]), /fromColumns: column 1 has 1 numbers, column 0 has 2/);
});

test("selectRows and selectColumns copy in the order asked, and keep the kind of number", () => {
  assert.deepEqual(toRows(selectRows(X, [1, 0, 1])), [[4, 5, 6], [1, 2, 3], [4, 5, 6]]);
  assert.deepEqual(toRows(selectColumns(X, [2, 0])), [[3, 1], [6, 4]]);
  const bytes = selectRows(matrix(Uint8Array.of(7, 8), [2, 1]), [1]);
  assert.ok(bytes.data instanceof Uint8Array);
  assert.deepEqual([...selectLabels(Int32Array.of(5, 6, 7), [2, 2])], [7, 7]);
});

test("a selection is a copy and a row is a view", () => {
  const Y = fromRows([[1], [2]]);
  selectRows(Y, [0]).data[0] = 9;
  assert.equal(Y.data[0], 1);
  rowOf(Y, 1)[0] = 9;
  assert.equal(Y.data[1], 9);
});

test("concatRows puts matrices under each other", () => {
  assert.deepEqual(toRows(concatRows(X, fromRows([[7, 8, 9]]))), [[1, 2, 3], [4, 5, 6], [7, 8, 9]]);
});

test("shapes that do not fit are named", () => {
  assert.throws(() => matrix(new Float64Array(5), [2, 3]), { message: /2 × 3 needs 6 numbers, got 5/ });
  assert.throws(() => fromRows([[1, 2], [3]]), { message: /row 1 has 1 numbers, row 0 has 2/ });
  assert.throws(() => selectRows(X, [2]), { message: /position must be an integer in \[0, 1\], got 2/ });
  assert.throws(() => selectColumns(X, [-1]), { message: /got -1/ });
  assert.throws(
    () => selectLabels(Int32Array.of(5), [1]),
    { message: /position must be 0, the only one there is, got 1/ },
  );
  assert.throws(() => concatRows(X, fromRows([[1]])), { message: /widths must be equal, got 3 and 1/ });
});
