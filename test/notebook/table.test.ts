import assert from "node:assert/strict";
import { test } from "node:test";
import { renderTable } from "../../lib/dist/notebook/table";

const rows = [{ model: "clean", accuracy: 0.96125 }, { model: "poisoned <b>", accuracy: 0.5 }];

test("a table's text is aligned: words to the left, numbers to the right", () => {
  const { text } = renderTable(rows, { formats: { accuracy: { percent: 1 } } });
  assert.equal(text, [
    "model         accuracy",
    "────────────  ────────",
    "clean           96.1 %",
    "poisoned <b>    50.0 %",
  ].join("\n"));
});

test("a table's HTML escapes its texts and right-aligns its numbers", () => {
  const { html } = renderTable(rows);
  assert.match(html, /poisoned &lt;b&gt;/);
  assert.match(html, /<td align="right" style="text-align:right">0\.9613<\/td>/);
});

test("a number and its unit stay in one line, and a dash among numbers leaves them right-aligned", () => {
  const { html } = renderTable([{ rest: 0.459, name: "bad teacher" }, { rest: "–", name: "ours" }],
    { formats: { rest: { percent: 1 } } });
  assert.match(html, /<td align="right"[^>]*>45\.9&nbsp;%<\/td>/);
  assert.match(html, /<td align="right"[^>]*>–<\/td>/);
  assert.match(html, /<td align="left"[^>]*>bad teacher<\/td>/);
});

test("columns are chosen, ordered and renamed, and rows limited", () => {
  const options = { columns: ["accuracy", "model"], headings: { accuracy: "share" }, limit: 1 };
  const { text } = renderTable(rows, options);
  assert.deepEqual(text.split("\n").map((line) => line.trim()),
    ["share  model", "──────  ─────", "0.9613  clean", "… 1 more row"]);
});

test("a DataFrame becomes a table", () => {
  const { text } = renderTable({ columns: ["a", "b"], values: [[1, "x"], [1000, "y"]] });
  assert.equal(text, "    a  b\n─────  ─\n    1  x\n1,000  y");
});

test("a table without rows, or with a column that is not there, is refused", () => {
  assert.throws(() => renderTable([]), { name: "RangeError", message: /needs at least one row/ });
  assert.throws(() => renderTable(rows, { columns: ["loss"] }), /columns must be among model, accuracy, got loss/);
  assert.throws(() => renderTable(rows, { limit: 0 }), /limit must be an integer of at least 1, got 0/);
});
