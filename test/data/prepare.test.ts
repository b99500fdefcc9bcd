import { test } from "node:test";
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  balancedPositions, classCounts, fromRows, loadTable, matrix, minMaxScaler, oneHot, rescaleImages, seededRng,
  standardScaler, subset, toRows,
} from "../../lib";
import type { Matrix } from "../../lib";

const y = Int32Array.of(2, 0, 1, 1, 0, 1, 1, 2);

const near = (found: ArrayLike<number>, expected: number[], tolerance = 1e-14): void =>
  expected.forEach((value, i) => {
    assert.ok(Math.abs(found[i] - value) <= tolerance * Math.max(1, Math.abs(value)), `${found[i]} for ${value}`);
  });

test("classCounts counts, also classes that do not occur", () => {
  assert.deepEqual([...classCounts(y, 4)], [2, 4, 2, 0]);
  assert.throws(() => classCounts(y, 2), /classCounts: label must be an integer in \[0, 1\], got 2/);
});

test("oneHot puts a one at the label and nothing else", () => {
  assert.deepEqual(toRows(oneHot(Int32Array.of(2, 0), 3)), [[0, 0, 1], [1, 0, 0]]);
  assert.throws(() => oneHot(Int32Array.of(3), 3), /oneHot: label must be an integer in \[0, 2\], got 3/);
  assert.throws(() => oneHot(Int32Array.of(-1), 3), /got -1/);
});

test("subset takes rows in the order given and leaves the data set as it was", async () => {
  const iris = await loadTable("iris");
  const part = subset(iris, [100, 0, 0]);
  assert.deepEqual(toRows(part.X), [[6.3, 3.3, 6, 2.5], [5.1, 3.5, 1.4, 0.2], [5.1, 3.5, 1.4, 0.2]]);
  assert.deepEqual([...part.y], [2, 0, 0]);
  assert.deepEqual(part.classNames, iris.classNames);
  part.X.data[4] = 99;
  assert.equal(iris.X.data[0], 5.1);
  assert.throws(() => subset(iris, [150]), /position must be an integer in \[0, 149\], got 150/);
});

test("balancedPositions draws the same number of each class, ascending", () => {
  const drawn = balancedPositions(y, { rng: seededRng(3) });
  assert.deepEqual([...classCounts(drawn.map((i) => y[i]), 3)], [2, 2, 2]);
  assert.deepEqual(drawn, drawn.slice().sort());
  assert.equal(new Set(drawn).size, 6);
  assert.equal(balancedPositions(y, { perClass: 1, rng: seededRng(3) }).length, 3);
});

test("balancedPositions repeats under one seed, differs under another, and names a number too large", () => {
  const many = Int32Array.from({ length: 90 }, (_, i) => i % 3);
  const draw = (seed: number) => balancedPositions(many, { perClass: 5, rng: seededRng(seed) });
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
  const tooMany = () => balancedPositions(y, { perClass: 3, rng: seededRng(1) });
  assert.throws(tooMany, /perClass must be an integer in \[1, 2\], got 3/);
});

test("standardScaler has scikit-learn's means, deviations and values on wine", async () => {
  const { X } = await loadTable("wine");
  const scaler = standardScaler().fit(X);
  // scikit-learn 1.9.1, StandardScaler().fit(load_wine().data)
  near(scaler.center, [13.000617977528083, 2.336348314606741, 2.3665168539325854]);
  near(scaler.scale, [0.809542914528517, 1.1140036269797895, 0.2735722944264325]);
  near(scaler.transform(X).data, [1.5186125409891542, -0.562249798328623, 0.23205254099473993], 1e-12);
});

test("minMaxScaler has scikit-learn's values on wine", async () => {
  const { X } = await loadTable("wine");
  // scikit-learn 1.9.1, MinMaxScaler().fit_transform(load_wine().data)[0]
  near(minMaxScaler().fit(X).transform(X).data, [0.8421052631578951, 0.19169960474308304, 0.5721925133689839], 1e-14);
});

test("Constant features are shifted, not blown up, as in scikit-learn", async () => {
  const { X } = await loadTable("digits");
  const scaler = standardScaler().fit(X);
  // scikit-learn 1.9.1: StandardScaler().fit(load_digits().data).scale_ is 1 at exactly these.
  assert.deepEqual([...scaler.scale.keys()].filter((j) => scaler.scale[j] === 1), [0, 32, 39]);
  const constant = fromRows([[0.1, 5], [0.1, 7], [0.1, 9]]);
  assert.equal(standardScaler().fit(constant).scale[0], 1);
  assert.deepEqual(toRows(minMaxScaler().fit(constant).transform(constant)), [[0, 0], [0, 0.5], [0, 1]]);
});

for (const { family, fit } of [standardScaler(), minMaxScaler()])
  test(`${family}: inverseTransform undoes transform, and the input stays as it was`, () => {
    const row = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (rows) => {
        const X = fromRows(rows);
        const scaler = fit(X);
        near(scaler.inverseTransform(scaler.transform(X)).data, rows.flat(), 1e-9 * 1e6);
        assert.deepEqual(toRows(X), toRows(fromRows(rows)));
      }),
      { seed: 1, numRuns: 50 },
    );
  });

test("Scalers refuse numbers that are not finite, no rows, and another width", () => {
  for (const { family, fit } of [standardScaler(), minMaxScaler()]) {
    assert.throws(() => fit(fromRows([[1, NaN]])), new RegExp(`${family}: X must be finite, got NaN at position 1`));
    assert.throws(() => fit(matrix(new Float64Array(0), [0, 2])), /at least one row/);
    assert.throws(() => fit(fromRows([[1, 2]])).transform(fromRows([[1]]) as Matrix), /2 columns, as fitted, got 1/);
  }
});

test("rescaleImages brings bytes to [0, 1] in single precision", () => {
  const scaled = rescaleImages(matrix(Uint8Array.of(0, 51, 255), [1, 3]));
  assert.deepEqual(scaled.data, Float32Array.of(0, 0.2, 1));
  assert.deepEqual(scaled.shape, [1, 3]);
});

test("columns whose spread is no double are refused, where infinite scales would make them all 0", () => {
  for (const make of [standardScaler, minMaxScaler]) {
    for (const size of [1e-300, 1, 1e150]) {
      const X = fromRows([[0, 1], [size, 2], [-size, 3]]);
      const { data } = make().fit(X).transform(X);
      assert.ok(data.every(Number.isFinite) && data[2] !== data[4], `${size}: ${data}`);
    }
    assert.throws(() => make().fit(fromRows([[0, 1.7e308], [0, -1.7e308]])), /Scaler: column 1 of X must be smaller/);
  }
  assert.throws(() => standardScaler().fit(fromRows([[1e200], [3e200]])), /standardScaler: column 0 of X must be/);
});
