import assert from "node:assert/strict";
import { test } from "node:test";
import ts from "typescript";
import {
  calibrated, decisionTree, deserialize, exportModule, fromRows, knn, loadTable, onFeatures,
  pipeline, rejecting, rowOf, scorecard, seededRng, standardScaler, svc, type Classifier,
} from "../../../lib";
import { around, families } from "./families";

interface Loaded {
  classes: number[];
  featureNames: string[];
  predict(row: ArrayLike<number>): number;
  predictProba?(row: ArrayLike<number>): number[];
}

/** Runs a module as a program that has nothing but the language. */
function loaded(classifier: Classifier, options = {}): Loaded {
  const { code } = exportModule(classifier, { ...options, format: "require" });
  assert.doesNotMatch(code, /\brequire\(|\bimport\b/);
  const module = { exports: {} as Loaded };
  new Function("module", code)(module);
  return module.exports;
}

for (const [name, make] of Object.entries(families))
  for (const table of ["wine", "wdbc"] as const)
    test(`${name} on ${table}, written as a module, gives equal labels and probabilities on 2,000 points`, async () => {
      const { X, y } = await loadTable(table);
      const classifier = pipeline(standardScaler(), make()).fit(X, y);
      const written = loaded(classifier);
      const points = around(X, 2000);
      const labels = classifier.predict(points);
      const P = classifier.predictProba?.(points);
      assert.equal(written.predictProba === undefined, P === undefined);
      for (let i = 0; i < 2000; i++) {
        const row = rowOf(points, i);
        assert.equal(written.predict(row), labels[i]);
        const own = written.predictProba?.(row);
        own?.forEach((p, c) => assert.ok(Math.abs(p - rowOf(P!, i)[c]) < (name === "mlp" ? 1e-4 : 1e-12)));
      }
    });

test("wrapped classifiers are written whole: blind, calibrated, rejecting", async () => {
  const { X, y } = await loadTable("wdbc");
  const blind = onFeatures(pipeline(standardScaler(), scorecard()), [3, 7, 20]).fit(X, y);
  const careful = rejecting(calibrated(blind, X, y), { atLeast: 0.8 });
  const written = loaded(careful);
  const points = around(X, 2000);
  const labels = careful.predict(points);
  const P = careful.predictProba!(points);
  assert.ok(labels.includes(-1) && labels.includes(0) && labels.includes(1));
  for (let i = 0; i < 2000; i++) {
    assert.equal(written.predict(rowOf(points, i)), labels[i]);
    written.predictProba!(rowOf(points, i)).forEach((p, c) => assert.ok(Math.abs(p - rowOf(P, i)[c]) < 1e-12));
  }
});

test("rows far from 0, with constant features, and one class only are written right", () => {
  const rows = Array.from({ length: 30 }, (_, i) => [1e7 + (i % 7), 5, i]);
  const X = fromRows(rows);
  const y = Int32Array.from(rows, ([, , i]) => Number(i > 14));
  for (const make of Object.values(families)) {
    const scaled = pipeline(standardScaler(), make()).fit(X, y);
    const written = loaded(scaled);
    scaled.predict(X).forEach((label, i) => assert.equal(written.predict(rows[i]), label));
    const one = make().fit(fromRows(rows.map(([, , i]) => [i])), new Int32Array(30).fill(4));
    assert.equal(loaded(one).predict([3]), 4);
  }
  const machine = svc({ gamma: 0.1 }).fit(X, y);
  machine.predict(X).forEach((label, i) => assert.equal(loaded(machine).predict(rows[i]), label));
});

test("a written module refuses rows of another length and what is not finite", async () => {
  const iris = await loadTable("iris");
  const written = loaded(decisionTree().fit(iris.X, iris.y), iris);
  assert.deepEqual(written.featureNames, iris.featureNames);
  assert.throws(() => written.predict([1, 2, 3]), { name: "RangeError", message: /row must have 4 numbers, got 3/ });
  assert.throws(() => written.predict([1, 2, NaN, 4]), { message: /row must be finite, got NaN at 2/ });
});

test("the module for import has the same code, and its types compile", async () => {
  const iris = await loadTable("iris");
  const { code, types, bytes } = exportModule(decisionTree().fit(iris.X, iris.y));
  assert.equal(bytes, Buffer.byteLength(code));
  assert.match(code, /^export \{ classes, featureNames, classNames, predict, predictProba \};$/m);
  const user = "import { predict, predictProba, classes } from \"./model\";\n"
    + "const label: number = predict([1, 2, 3, 4]); const p: number[] = predictProba(new Float64Array(4));\n"
    + "export const all = [label, p, classes];\n";
  const files: Record<string, string> = { "model.d.ts": types, "user.ts": user };
  const host = ts.createCompilerHost({});
  const { getSourceFile, fileExists, readFile } = host;
  const own = (file: string): string | undefined => files[file.split("/").pop()!];
  host.fileExists = (file) => own(file) !== undefined || fileExists(file);
  host.readFile = (file) => own(file) ?? readFile(file);
  host.getSourceFile = (file, target) => (own(file) === undefined ? getSourceFile(file, target)
    : ts.createSourceFile(file, own(file)!, target));
  const options = { strict: true, noEmit: true, types: [], moduleResolution: ts.ModuleResolutionKind.Node10 };
  const program = ts.createProgram(["user.ts"], options, host);
  assert.deepEqual(ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText), []);
});

test("a family that would carry its training data is refused by name", () => {
  const model = knn().fit(fromRows([[1], [2], [3], [4], [5]]), Int32Array.of(0, 0, 1, 1, 1));
  assert.throws(() => exportModule(model), { name: "RangeError", message: /classifier must be of .*svc, got knn/ });
});

test("a module refuses what its classifier refuses: too large numbers, scaled numbers or scores", () => {
  const rng = seededRng(5);
  const X = fromRows(Array.from({ length: 40 }, () => [1e-12 * rng.normal(), rng.normal()]));
  const y = Int32Array.from({ length: 40 }, (_, i) => Number(X.data[2 * i + 1] > 0));
  const all: typeof families = { ...families,
    "scaled tree": () => pipeline(standardScaler(), decisionTree()),
    "scaled svc": () => pipeline(standardScaler(), svc()) };
  for (const [name, make] of Object.entries(all)) {
    const model = make().fit(X, y);
    const written = loaded(model);
    const large = [[0, 1e100], [0, 1e149], [0, 1.1e150], [0, 1e308], [-1e308, 1e308], [1e300, 0], [NaN, 0]];
    for (const row of large) {
      const answer = (ask: () => number): number | string => {
        try {
          return ask();
        } catch (error) {
          assert.ok(error instanceof RangeError, name);
          return "refused";
        }
      };
      const said = answer(() => model.predict(fromRows([row]))[0]);
      assert.equal(answer(() => written.predict(row)), said, `${name}: ${row.join()}`);
    }
  }
});

test("a tree of thousands of questions one within the other is written too", () => {
  const n = 3000;
  const feature: number[] = new Array<number>(n).fill(0);
  const threshold = feature.map((_, i) => n - i);
  const right = feature.map((_, i) => 2 * n - i);
  const leaves = Array.from({ length: n + 1 }, (_, i) => (i % 2 ? [1, 0] : [0, 1]));
  const none = leaves.map(() => -1);
  const tree = { feature: [...feature, ...none], threshold: [...threshold, ...none.map(() => 0)],
    right: [...right, ...none], value: [...feature.flatMap(() => [1, 1]), ...leaves.flat()] };
  const chain = deserialize({ family: "decisionTree", classes: [0, 1], numFeatures: 1, tree } as never);
  const written = loaded(chain);
  for (let x = 0; x < n + 2; x += 97) assert.equal(written.predict([x]), chain.predict(fromRows([[x]]))[0]);
});

test("classifiers that reject within each other reject each by its own confidence", async () => {
  const { X, y } = await loadTable("wine");
  const noisy = y.map((label, i) => (i % 5 ? label : (label + 1) % 3));
  for (const [name, family] of Object.entries(families).filter(([, make]) => make().fit(X, y).predictProba)) {
    const model = family().fit(X, noisy);
    const careful = rejecting(model, { atLeast: 0.8 });
    for (const wrapped of [rejecting(careful, { atLeast: 0.6, rejected: -2 }), calibrated(careful, X, noisy),
      rejecting(careful, { atLeast: 0.95, rejected: -2 }), rejecting(calibrated(model, X, noisy), { atLeast: 0.7 }),
      rejecting(calibrated(careful, X, noisy), { atLeast: 0.7, rejected: -2 })]) {
      const { predict } = loaded(wrapped);
      wrapped.predict(X).forEach((label, i) => assert.equal(predict(rowOf(X, i)), label, `${name}, row ${i}`));
    }
  }
});

test("names that are not one a feature, and a format that is none, are refused", () => {
  const tree = decisionTree().fit(fromRows([[1, 2], [2, 3]]), Int32Array.of(0, 1));
  assert.throws(() => exportModule(tree, { featureNames: ["size"] }), /featureNames and features .* got 1 and 2/);
  assert.throws(() => exportModule(tree, { classNames: [undefined] as never }), /names must be texts, got undefined/);
  assert.throws(() => exportModule(tree, { format: "commonjs" as never }), /format must be one of import, require/);
});
