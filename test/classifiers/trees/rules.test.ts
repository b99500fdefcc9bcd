import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  conditionText, decisionTree, figureSpec, fromRows, loadTable, matrix, readTree, ruleCoverage, ruleText, seededRng,
  treeRules, type TreeClassifier,
} from "../../../lib";

const fit = (rows: number[][], y: number[], maxDepth?: number): TreeClassifier =>
  decisionTree({ ...(maxDepth && { maxDepth }) }).fit(fromRows(rows), Int32Array.from(y)) as TreeClassifier;

test("a tree of two questions reads as three rules", () => {
  const small = fit([[1, 0], [2, 0], [1, 9], [2, 9]], [0, 1, 2, 2]);
  const names = { featureNames: ["size", "weight"], classNames: ["ant", "bee", "cow"] };
  assert.deepEqual(treeRules(small).map((rule) => ruleText(rule, names)).sort(), [
    "if weight > 4.5: cow", "if weight ≤ 4.5 and size > 1.5: bee", "if weight ≤ 4.5 and size ≤ 1.5: ant",
  ].sort());
});

test("two questions about one feature become one interval", () => {
  const [, middle] = treeRules(fit([[1], [2], [3]], [0, 1, 0]));
  assert.equal(ruleText(middle, { featureNames: ["age"] }), "if 1.5 < age ≤ 2.5: 1");
});

test("a category reads as is and is not; numbers with an equals sign stay numbers", () => {
  const has = { feature: 0, above: 0.5, atMost: Infinity };
  assert.equal(conditionText(has, ["sex=Female"]), "sex is Female");
  assert.equal(conditionText({ ...has, above: -Infinity, atMost: 0.5 }, ["sex=Female"]), "sex is not Female");
  assert.equal(conditionText({ ...has, above: 3 }, ["a=b"]), "a=b > 3");
  assert.equal(conditionText({ ...has, feature: 7 }, []), "feature 7 > 0.5");
});

test("a question whose answers agree is not read, and one class needs no question", () => {
  assert.deepEqual(treeRules(fit([[1], [2]], [3, 3])), [{ conditions: [], label: 3 }]);
  assert.equal(ruleText(treeRules(fit([[1], [2]], [3, 3]))[0], { featureNames: ["x"] }), "always: 3");
  const shallow = fit([[1, 0], [2, 0], [3, 0], [4, 1], [5, 0], [6, 0], [7, 0]], [0, 0, 0, 1, 0, 1, 0], 2);
  const count = (node: ReturnType<typeof readTree>): number =>
    (node.kind === "label" ? 1 : count(node.yes) + count(node.no));
  assert.equal(count(readTree(shallow)), treeRules(shallow).length);
});

const anyRow = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 3 });

test("each row fits exactly one rule, and its label is the tree's, whatever the tree", () => {
  fc.assert(fc.property(fc.array(fc.tuple(anyRow, fc.nat(2)), { minLength: 1, maxLength: 30 }), (data) => {
    const tree = fit(data.map(([row]) => row), data.map(([, label]) => label), 3);
    const rng = seededRng(1);
    const X = matrix(Float64Array.from({ length: 300 }, () => 6 * rng.uniform() - 1), [100, 3]);
    const covered = ruleCoverage(treeRules(tree), X, tree.predict(X));
    assert.equal(covered.reduce((sum, { count }) => sum + count, 0), 100);
    for (const { count, agreement } of covered) assert.ok(count === 0 ? Number.isNaN(agreement) : agreement === 1);
  }));
});

test("ruleCoverage counts where labels differ, and refuses rows that are too short", () => {
  const rules = treeRules(fit([[1], [2]], [0, 1]));
  const [low, high] = ruleCoverage(rules, fromRows([[0], [1], [9]]), Int32Array.of(0, 1, 1));
  assert.deepEqual([low.count, low.agreement, high.count, high.agreement], [2, 0.5, 1, 1]);
  const wide = treeRules(fit([[0, 1], [0, 2]], [0, 1]));
  assert.throws(() => ruleCoverage(wide, fromRows([[1]]), Int32Array.of(0)), /X must have at least 2 columns, got 1/);
  assert.throws(() => ruleCoverage(rules, fromRows([[1]]), Int32Array.of(0, 1)), /must have the same length/);
});

test("a drawn tree shows every question and label, and says them; too many leaves are refused", async () => {
  const iris = await loadTable("iris");
  const tree = decisionTree({ maxDepth: 3 }).fit(iris.X, iris.y) as TreeClassifier;
  const spec = figureSpec.drawing.tree(tree, iris);
  const texts = (spec.layout.annotations as { text: string }[]).map(({ text }) => text.replace(/<br>/g, " "));
  for (const name of iris.classNames) assert.ok(texts.includes(name) && spec.alt!.includes(name), name);
  assert.ok(texts.some((text) => text.startsWith("petal width (cm) ≤")), texts.join("; "));
  const noise = Int32Array.from(iris.y, (_, i) => (i * 7919) % 2);
  const large = decisionTree().fit(iris.X, noise) as TreeClassifier;
  assert.throws(() => figureSpec.drawing.tree(large, iris), /classifier must have at most 16 leaves, got/);
});
