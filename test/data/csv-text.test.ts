import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { csvText, loadCsv, toRows } from "../../lib";

test("missing values that are kept are NaN for numbers and orders, and nothing for a category", async () => {
  const table = await loadCsv("age,town,size,pays\n31,Ulm,S,yes\n?,,L,no\n28,Bonn,,no\n",
    { target: "pays", missing: "keep", ordinal: { size: ["S", "L"] } });
  assert.deepEqual(toRows(table.X), [[31, 0, 1, 0], [NaN, 0, 0, 1], [28, 1, 0, NaN]]);
  assert.deepEqual(table.columns.map(({ missing, filledWith }) => [missing, filledWith]),
    [[1, undefined], [1, undefined], [1, undefined]]);
  assert.deepEqual([table.target, table.dropped], ["pays", []]);
  await assert.rejects(loadCsv("a,b\n1,x\n2,?\n", { target: "b", missing: "keep" }), /column b must hold a class/);
  await assert.rejects(loadCsv("a,b\n?,x\n?,y\n", { target: "b", missing: "keep" }), /column a must have a value/);
  assert.equal(csvText(table), "age,town,size,pays\n31,Ulm,S,yes\n,,L,no\n28,Bonn,,no\n");
});

test("what is written is read again as it was, whatever stands in a name", async () => {
  const value = fc.string({ minLength: 1, maxLength: 6 }).map((text) => `v${text.replace(/\0/g, "")}w`);
  await fc.assert(fc.asyncProperty(fc.array(fc.record({ number: fc.double({ noNaN: true, noDefaultInfinity: true,
    min: -1e9, max: 1e9 }), name: value, label: fc.boolean() }), { minLength: 2, maxLength: 6 }), async (rows) => {
    const quote = (text: string): string => `"${text.replaceAll("\"", "\"\"")}"`;
    const lines = rows.map(({ number, name, label }) => `${number},${quote(name)},${label}`);
    const text = `n,name,label\n${lines.join("\n")}\n`;
    const table = await loadCsv(text, { target: "label", delimiter: "," });
    const again = await loadCsv(csvText(table), { target: "label", delimiter: "," });
    assert.deepEqual(again.X, table.X);
    assert.deepEqual([again.featureNames, again.y], [table.featureNames, table.y]);
  }), { numRuns: 60 });
});

test("a row with two categories of one column can't be written", async () => {
  const table = await loadCsv("town,y\nUlm,a\nBonn,b\n", { target: "y" });
  assert.throws(() => csvText({ ...table, X: { ...table.X, data: Float64Array.of(1, 1, 0, 1) } }),
    /column town must hold one category a row, got Bonn and Ulm in row 0/);
  assert.throws(() => csvText({ ...table, X: { ...table.X, data: Float64Array.of(0.5, 0, 0, 1) } }), RangeError);
});
