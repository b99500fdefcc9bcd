import { test } from "node:test";
import assert from "node:assert/strict";
import type { DataFrame } from "danfojs-node";
import { fromDataFrame, loadTable, toDataFrame, toRows } from "../../lib";

test("toDataFrame shows features and class names", async () => {
  const frame = toDataFrame(await loadTable("iris"), { rows: 2 });
  const features = ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"];
  assert.deepEqual(frame.columns, [...features, "class"]);
  assert.deepEqual(frame.values, [[5.1, 3.5, 1.4, 0.2, "setosa"], [4.9, 3, 1.4, 0.2, "setosa"]]);
});

test("toDataFrame gives one with all of danfojs's methods, for whoever names its type", async () => {
  const frame = toDataFrame<DataFrame>(await loadTable("iris"));
  assert.equal(frame.query(frame["class"].eq("virginica")).shape[0], 50);
  assert.deepEqual(toDataFrame(await loadTable("iris")).head(3).shape, [3, 5]);
});

test("fromDataFrame undoes toDataFrame", async () => {
  const iris = await loadTable("iris");
  const back = fromDataFrame(toDataFrame(iris), { target: "class", name: "Iris" });
  assert.deepEqual(back, iris);
});

test("fromDataFrame orders numeric classes by value", async () => {
  const { DataFrame } = await import("danfojs-node");
  const frame = new DataFrame([[10, 0.5], [9, 0.25], [10, 0.75]], { columns: ["grade", "x"] });
  const { X, y, classNames } = fromDataFrame(frame, { target: "grade" });
  assert.deepEqual(classNames, ["9", "10"]);
  assert.deepEqual([...y], [1, 0, 1]);
  assert.deepEqual(toRows(X), [[0.5], [0.25], [0.75]]);
});

test("fromDataFrame makes no class of a missing one", async () => {
  const { DataFrame } = await import("danfojs-node");
  for (const missing of [null, undefined, NaN, " "]) {
    const frame = new DataFrame([["a", 1], [missing, 2]], { columns: ["class", "x"] });
    assert.throws(() => fromDataFrame(frame, { target: "class" }),
      { name: "RangeError", message: /column class must hold a class in each row, got none in row 1/ });
  }
});

test("DataFrame helpers name what is wrong", async () => {
  const iris = await loadTable("iris");
  const tooMany = () => toDataFrame(iris, { rows: 151 });
  assert.throws(tooMany, /toDataFrame: rows must be an integer in \[0, 150\], got 151/);
  const frame = toDataFrame(iris, { rows: 3 });
  assert.throws(() => fromDataFrame(frame, { target: "species" }), /target must be one of .*class, got "species"/);
  const asTarget = () => fromDataFrame(frame, { target: "sepal width (cm)" });
  assert.throws(asTarget, /column class must hold finite numbers, got setosa in row 0/);
});
