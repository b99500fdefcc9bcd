import assert from "node:assert/strict";
import { test } from "node:test";
import { measuresOf } from "../../scripts/lib/measure.mjs";
import { type Notebook, nameOf, notebookFiles, readNotebook } from "../../scripts/lib/notebooks.mjs";

test("words, formulas, drawings, figures, code cells and exercises are counted", () => {
  const picture = { output_type: "display_data", data: { "image/png": "…" } };
  const code = (source: string, outputs: object[] = []) =>
    ({ id: source, cell_type: "code", metadata: {}, source, outputs });
  const notebook = { metadata: {}, nbformat: 4, nbformat_minor: 5, cells: [
    { id: "a", cell_type: "markdown", metadata: {}, source: "# Two words\n\n$$a = b$$\n\nand $c$.\n" },
    code("figure.drawing.noiseSphere();", [picture]), code("figure.lines(series);", [picture]),
    code("let answer: number | undefined; // = your answer"), code("await check(\"99-1\", answer);"),
  ] } as unknown as Notebook;
  assert.deepEqual(measuresOf(notebook),
    { words: 4, formulas: 1, drawings: 1, figures: 1, code: 4, exercises: 1 });
});

test("no notebook is longer than an evening: at most 35 code cells beside those of its exercises", () => {
  const tooLong = notebookFiles().map((file) => ({ name: nameOf(file), ...measuresOf(readNotebook(file)) }))
    .filter(({ code, exercises }) => code - 2 * exercises > 35);
  assert.deepEqual(tooLong.map(({ name }) => name), []);
});
