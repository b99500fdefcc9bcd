import assert from "node:assert/strict";
import { test } from "node:test";
import {
  calibrated, decisionTree, exportOnnx, fromRows, knn, loadTable, onFeatures, pipeline, rejecting, scorecard, seededRng,
  selectColumns, selectLabels, selectRows, standardScaler, stratifiedSplit, svc, type Classifier, type Matrix,
} from "../../../lib";
import { around, families } from "./families";
import { answersOf } from "./onnx-runtime";

async function assertSame(classifier: Classifier, X: Matrix, tolerance: number): Promise<void> {
  const { labels, probabilities } = await answersOf(classifier, X);
  assert.deepEqual(labels, [...classifier.predict(X)]);
  const P = classifier.predictProba?.(X);
  assert.equal(probabilities === undefined, P === undefined);
  P?.data.forEach((p, i) => assert.ok(Math.abs(p - probabilities![i]) < tolerance, `${p} and ${probabilities![i]}`));
}

for (const [name, make] of Object.entries(families))
  for (const table of ["wine", "wdbc"] as const)
    test(`${name} on ${table}, as an ONNX file, gives equal labels and probabilities on 10,000 points`, async () => {
      const { X, y } = await loadTable(table);
      await assertSame(pipeline(standardScaler(), make()).fit(X, y), around(X, 10_000), name === "mlp" ? 1e-4 : 1e-6);
    });

test("wrapped classifiers are written whole: blind, calibrated, rejecting", async () => {
  const { X, y } = await loadTable("wdbc");
  const blind = onFeatures(pipeline(standardScaler(), scorecard()), [3, 7, 20]).fit(X, y);
  const careful = rejecting(calibrated(blind, X, y), { atLeast: 0.8 });
  const points = around(X, 2000);
  assert.deepEqual([...new Set(careful.predict(points))].sort(), [-1, 0, 1]);
  await assertSame(careful, points, 1e-9);
});

test("a forest that rejects answers where its confidence is the threshold itself, as the original does", async () => {
  const { X, y } = await loadTable("wine");
  const { train } = stratifiedSplit(y, { testFraction: 0.5, rng: seededRng(1) });
  const forest = families.randomForest().fit(selectRows(X, train), selectLabels(y, train));
  for (const atLeast of [0.55, 0.6, 0.7, 0.85, 0.95])
    await assertSame(rejecting(forest, { atLeast }), around(X, 2000), 1e-6);
});

test("labels that are no counts, far rows, constant features, and one class only are written right", async () => {
  const rows = Array.from({ length: 30 }, (_, i) => [1e7 + (i % 7), 5, i]);
  const X = fromRows(rows);
  const y = Int32Array.from(rows, ([, , i]) => (i > 14 ? 1_000_000_000 : -7));
  for (const make of Object.values(families)) {
    await assertSame(pipeline(standardScaler(), make()).fit(X, y), X, 1e-4);
    const one = make().fit(fromRows(rows.map(([, , i]) => [i])), new Int32Array(30).fill(4));
    assert.deepEqual((await answersOf(one, fromRows([[3], [5]]))).labels, [4, 4]);
  }
  await assertSame(svc({ gamma: 0.1 }).fit(X, y), X, 0);
});

test("a row at a threshold goes where the classifier sends it", async () => {
  const tree = decisionTree().fit(fromRows([[0.1], [0.2], [0.4]]), Int32Array.of(0, 1, 2));
  const [near, far] = [(0.1 + 0.2) / 2, (0.2 + 0.4) / 2];
  const X = fromRows([near, far].flatMap((t) => [[t], [t * (1 + 2 ** -52)], [t * (1 - 2 ** -52)]]));
  await assertSame(tree, X, 1e-6);
});

test("the file carries the names", () => {
  const tree = decisionTree().fit(fromRows([[1], [2]]), Int32Array.of(0, 1));
  const file = exportOnnx(tree, { featureNames: ["size"], classNames: ["small", "large"] });
  const text = Buffer.from(file).toString("latin1");
  assert.match(text, /featureNames.*\["size"\]/s);
  assert.match(text, /classNames.*\["small","large"\]/s);
});

test("a family that would carry its training data is refused by name", () => {
  const model = knn().fit(fromRows([[1], [2], [3], [4], [5]]), Int32Array.of(0, 0, 1, 1, 1));
  assert.throws(() => exportOnnx(model), { name: "RangeError", message: /classifier must be of .*svc, got knn/ });
});

test("a model of one class, and labels at the ends of 32 bits, with one feature or none that varies", async () => {
  const X = fromRows([[0, 4], [1, 4], [2, 4], [5, 4], [6, 4], [7, 4]]);
  for (const [name, family] of Object.entries(families))
    for (const labels of [[5, 5, 5, 5, 5, 5], [-1, -1, -1, 1, 1, 1], [-(2 ** 31), -3, -3, 2 ** 31 - 1, 0, 0]])
      for (const columns of [[0], [0, 1], [1]]) {
        const seen = selectColumns(X, columns);
        const model = family().fit(seen, Int32Array.from(labels));
        const { labels: said, probabilities } = await answersOf(model, seen);
        assert.deepEqual(said, [...model.predict(seen)], `${name}, ${labels.join()}, ${columns.join()}`);
        assert.equal(!!probabilities, !!model.predictProba, name);
      }
});

test("names that are not one a feature are refused", () => {
  const tree = decisionTree().fit(fromRows([[1, 2], [2, 3]]), Int32Array.of(0, 1));
  assert.throws(() => exportOnnx(tree, { featureNames: ["size"] }), /featureNames and features .* got 1 and 2/);
});
