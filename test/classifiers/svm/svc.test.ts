import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { crossGram, deserialize, fromRows, gramMatrix, matrix, scaleGamma, seededRng, svc, toRows } from "../../../lib";
import type { Matrix, SvcClassifier, SvcOptions } from "../../../lib";

/** Three noisy classes, 1, 4 and 7, on uniform points; NumPy's RandomState(5) draws the same numbers. */
function sample() {
  const rng = seededRng(5);
  const points = (n: number) => matrix(Float64Array.from({ length: n * 3 }, () => rng.uniform()), [n, 3]);
  const X = points(90);
  const noise = Array.from({ length: 90 }, () => rng.uniform());
  const y = Int32Array.from(toRows(X), ([a, b, c], i) => {
    const label = a + b * c > 0.9 ? 2 : c > 0.5 ? 1 : 0;
    return (noise[i] < 0.08 ? (label + 1) % 3 : label) * 3 + 1;
  });
  return { X, y, T: points(6) };
}

const { X, y, T } = sample();

function assertClose(actual: Matrix, expected: number[][], tolerance: number): void {
  assert.deepEqual(actual.shape, [expected.length, expected[0].length]);
  toRows(actual).forEach((row, i) => row.forEach((value, j) => {
    assert.ok(Math.abs(value - expected[i][j]) <= tolerance, `row ${i}, column ${j}: ${value}, not ${expected[i][j]}`);
  }));
}

// scikit-learn 1.9.1: SVC(random_state=42, ...).fit(X, y); support_.sum(), n_support_, predict(T), decision_function(T)
const REFERENCE: { options: SvcOptions; counts: number[]; labels: number[]; decisions: number[][] }[] = [
  {
    options: {}, counts: [22, 14, 22], labels: [7, 1, 1, 1, 7, 7],
    decisions: [
      [0.8670658803, -0.2338454729, 2.2502873194], [2.2549684102, 0.8104756915, -0.2197891577],
      [2.2367736343, -0.2010922654, 0.8392488747], [2.2357037467, 1.0028020883, -0.2359455579],
      [-0.2137540735, 1.0390728545, 2.2077730919], [0.8672543165, -0.2055816084, 2.2314280588],
    ],
  },
  {
    options: { C: 10, gamma: 0.5 }, counts: [19, 11, 21], labels: [7, 1, 1, 1, 7, 7],
    decisions: [
      [0.8247308878, -0.2422713917, 2.2634427468], [2.283583828, 0.7713546908, -0.2595244867],
      [2.2443003174, -0.2126054546, 0.834770693], [2.2552633801, 1.0203893886, -0.2564367897],
      [-0.2614578904, 1.2002425915, 2.2269422857], [-0.2544312151, 0.7900550342, 2.2770853737],
    ],
  },
  {
    options: { kernel: "linear" }, counts: [28, 15, 27], labels: [7, 1, 1, 1, 7, 7],
    decisions: [
      [0.8629052685, -0.2252205671, 2.2451921856], [2.2518530604, 0.8202564322, -0.2192049052],
      [2.2011256932, -0.1888403989, 0.941157737], [2.2148378979, 1.0913341485, -0.2288552891],
      [-0.2064285891, 1.096343282, 2.18319084], [-0.2346934816, 0.8023528237, 2.2644050797],
    ],
  },
];

for (const { options, counts, labels, decisions } of REFERENCE)
  test(`svc(${JSON.stringify(options)}) has scikit-learn's support vectors, labels and decision values`, () => {
    const model = svc(options).fit(X, y);
    assert.deepEqual([...model.classes], [1, 4, 7]);
    assert.deepEqual([...model.supportCounts], counts);
    assert.deepEqual([...model.predict(T)], labels);
    assertClose(model.decisionFunction(T), decisions, 1e-9);
  });

test("svc names the same support vectors as scikit-learn, as positions in the rows given", () => {
  assert.deepEqual([...svc().fit(X, y).support], [
    5, 14, 15, 19, 21, 23, 25, 27, 34, 35, 39, 43, 44, 52, 55, 58, 64, 66, 67, 69, 71, 81,
    3, 4, 10, 11, 12, 18, 24, 28, 42, 48, 49, 61, 68, 73,
    2, 6, 9, 22, 29, 30, 32, 33, 36, 37, 38, 41, 45, 46, 63, 65, 77, 78, 83, 85, 88, 89,
  ]); // scikit-learn 1.9.1, SVC().support_
});

test("svc of two classes has scikit-learn's decision values, above 0 for the second class", () => {
  const rows = [...y.keys()].filter((i) => y[i] > 1);
  const model = svc().fit(fromRows(rows.map((i) => toRows(X)[i])), y.filter((label) => label > 1));
  const expected = [1.4529262705, -0.1518566552, 0.1903986238, -0.8436899157, 0.5606763998, 1.1797765156];
  assertClose(model.decisionFunction(T), expected.map((value) => [value]), 1e-9); // scikit-learn 1.9.1
  assert.deepEqual([...model.predict(T)], expected.map((value) => (value > 0 ? 7 : 4)));
});

test("svc separates two far points by the plane half-way between them", () => {
  const model = svc({ kernel: "linear", C: 100 }).fit(fromRows([[0], [2]]), Int32Array.of(0, 1));
  assertClose(model.decisionFunction(fromRows([[0], [1], [2], [3]])), [[-1], [0], [1], [2]], 1e-6);
});

test("svc fits the same classifier by its Gram matrix and by libsvm's own kernel", () => {
  const rng = seededRng(11);
  const n = 1000;
  const big = matrix(Float64Array.from({ length: 2 * n }, () => rng.uniform()), [n, 2]);
  const labels = Int32Array.from(toRows(big), ([a, b]) => (a * a + b > 0.8 ? 1 : 0));
  const direct = svc().fit(big, labels);
  const byGram = svc().fitGram(gramMatrix(big), labels);
  assert.deepEqual(direct.support, byGram.support);
  assertClose(direct.decisionFunction(T2), toRows(byGram.decisionFunction(T2)), 1e-9);
});
const T2 = fromRows([[0.1, 0.2], [0.5, 0.6], [0.9, 0.1], [0.8, 0.9]]);

test("svc predicts the same from rows, from a cross Gram matrix, and after being written down and read", () => {
  const gram = gramMatrix(X);
  const model = svc().fitGram(gram, y);
  const cross = crossGram(T, gram);
  assert.deepEqual(model.predictGram(cross), model.predict(T));
  assertClose(model.decisionFunctionGram(cross), toRows(model.decisionFunction(T)), 1e-12);
  const again = deserialize(JSON.parse(JSON.stringify(model.serialize()))) as SvcClassifier;
  assert.deepEqual(again.decisionFunction(T), model.decisionFunction(T));
  assert.deepEqual(again.predictGram(cross), model.predict(T));
});

test("svc fitted on some rows of a Gram matrix equals svc fitted on those rows alone", () => {
  const rows = Int32Array.from({ length: 60 }, (_, i) => 89 - i);
  const gram = gramMatrix(X, { gamma: 2 });
  const part = svc({ gamma: 2 }).fitGram(gram, y, rows);
  const kept = [...rows].sort((a, b) => a - b);
  const alone = svc({ gamma: 2 }).fit(fromRows(kept.map((i) => toRows(X)[i])), Int32Array.from(kept, (i) => y[i]));
  assert.deepEqual([...part.support], [...alone.support].map((i) => kept[i]));
  assertClose(part.decisionFunction(T), toRows(alone.decisionFunction(T)), 1e-12);
});

test("svc always answers the one class it was given", () => {
  const model = svc().fit(X, new Int32Array(90).fill(3));
  assert.deepEqual([...model.predict(T)], [3, 3, 3, 3, 3, 3]);
  assert.deepEqual([...deserialize(model.serialize()).predict(T)], [3, 3, 3, 3, 3, 3]);
  assert.throws(() => model.decisionFunction(T), { name: "RangeError", message: /one class/ });
});

test("svc leaves its arguments as they were", () => {
  const before = [X.data.slice(), y.slice()];
  svc().fit(X, y);
  assert.deepEqual([X.data, y], before);
});

test("gramMatrix holds exp(−γ‖a − b‖²), and dot products for the linear kernel", () => {
  const rowsOf = (number: fc.Arbitrary<number>) =>
    fc.array(fc.array(number, { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 70 });
  const pixels = rowsOf(fc.integer({ min: 0, max: 255 }));
  const reals = rowsOf(fc.double({ min: -3, max: 3, noNaN: true }));
  fc.assert(fc.property(fc.oneof(pixels, reals), (rows) => {
    const dot = (a: number[], b: number[]) => a.reduce((sum, v, j) => sum + v * b[j], 0);
    const linear = gramMatrix(fromRows(rows), { kernel: "linear" }).K;
    const gamma = 1e-4;
    const rbf = gramMatrix(fromRows(rows), { gamma }).K;
    const n = rows.length;
    rows.forEach((a, i) => rows.forEach((b, j) => {
      const distance = a.reduce((sum, v, f) => sum + (v - b[f]) ** 2, 0);
      assert.ok(Math.abs(linear.data[i * n + j] - dot(a, b)) <= 1e-12 * Math.max(1, Math.abs(dot(a, b))));
      assert.ok(Math.abs(rbf.data[i * n + j] - Math.exp(-gamma * distance)) <= 1e-12);
      assert.equal(rbf.data[i * n + j], rbf.data[j * n + i]);
    }));
  }), { numRuns: 30 });
});

test("gramMatrix keeps dot products of raw pixels exact beyond 2²⁴ and 2²⁶", () => {
  const image = (i: number) => Array.from({ length: 1100 }, (_, j) => (j < 780 + 17 * i ? 255 - i : 1));
  const rows = [...Array(20).keys()].map(image);
  const { K } = gramMatrix(fromRows(rows), { kernel: "linear" });
  rows.forEach((a, i) => rows.forEach((b, j) =>
    assert.equal(K.data[i * 20 + j], a.reduce((sum, v, f) => sum + v * b[f], 0))));
});

test("the RBF kernel is within 1e-15 of Math.exp, relative, from 1 down to the smallest numbers", () => {
  const X = matrix(Float64Array.from({ length: 2000 }, (_, i) => Math.sqrt(i * 0.35)), [2000, 1]);
  const { data } = crossGram(fromRows([[0]]), gramMatrix(X, { gamma: 1 }));
  data.forEach((value, i) => {
    const expected = Math.exp(-(X.data[i] ** 2));
    assert.ok(Math.abs(value - expected) <= 1e-15 * expected, `exp(${-(X.data[i] ** 2)}) = ${value}`);
  });
});

test("scaleGamma is 1 / (d · variance), and 1 for constant rows", () => {
  assert.equal(scaleGamma(fromRows([[1, 3], [5, 7]])), 0.1); // variance 5 over 2 features
  assert.equal(scaleGamma(fromRows([[2, 2], [2, 2]])), 1);
});

test("svc names what is wrong with its options and its rows", () => {
  const rejects = (work: () => unknown, message: RegExp) => assert.throws(work, { name: "RangeError", message });
  rejects(() => svc({ C: 0 }), /svc: C must be a finite number above 0, got 0/);
  rejects(() => svc({ gamma: -1 }), /gamma must be .* got -1/);
  rejects(() => svc({ kernel: "poly" as "rbf" }), /kernel must be one of rbf, linear, got "poly"/);
  rejects(() => svc().fit(fromRows([[NaN]]), Int32Array.of(1)), /X must be finite, got NaN at position 0/);
  rejects(() => svc().fit(X, y.slice(1)), /same length, got 90 and 89/);
  rejects(() => svc().fit(matrix(new Float64Array(0), [0, 3]), new Int32Array(0)), /at least one row/);
  const model = svc().fit(X, y);
  rejects(() => model.predict(fromRows([[1, 2]])), /3 columns, as fitted, got 2/);
  rejects(() => model.predict(fromRows([[1, 2, Infinity]])), /finite/);
  const gram = gramMatrix(X, { gamma: 1 });
  rejects(() => svc({ gamma: 2 }).fitGram(gram, y), /gamma of gram must be 2, got 1/);
  rejects(() => svc({ kernel: "linear" }).fitGram(gram, y), /must be one of linear, got "rbf"/);
  rejects(() => svc().fitGram(gram, y, Int32Array.of(90)), /in \[0, 89\], got 90/);
  rejects(() => model.predictGram(matrix(new Float64Array(5), [1, 5])), /at least 90 columns, got 5/);
  rejects(() => model.predictGram(matrix(new Float64Array(90).fill(NaN), [1, 90])), /row 0/);
});
