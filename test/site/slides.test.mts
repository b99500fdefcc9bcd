import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { deckHtml, slidesOf } from "../../scripts/lib/slides.mjs";
import { type Notebook, notebookFiles, readNotebook } from "../../scripts/lib/notebooks.mjs";

const markdown = (source: string) => ({ id: source.slice(0, 9), cell_type: "markdown", metadata: {}, source });
const figure = (name: string, metadata = {}) => ({ id: name, cell_type: "code", metadata, source: "figure.lines([]);",
  outputs: [{ output_type: "display_data", data: { "image/png": "QUJD", "text/plain": name } }] });
const notebook = {
  metadata: {}, nbformat: 4, nbformat_minor: 5, cells: [
    markdown("# Title\n\nA question?\n\n**Before this** nothing."),
    markdown("## 1 The idea · 2 min\n\nProse that stays at the desk.\n\n$$a = b$$\n\n$a$ is a number."),
    figure("first"), figure("left out", { slideshow: { slide_type: "skip" } }),
    markdown("## 2 Claims"), figure("of the claims"),
    markdown("## Summary\n\n- One.\n\n## Three questions\n\n**Why?**\n\n<details><summary>Answer</summary>\n\n"
      + "Because.\n</details>\n\n## Exercises\n\n**1** Do it. $$x$$"),
  ],
} as unknown as Notebook;

test("a talk has the question, formulas, figures, summary and questions, and nothing that is for the desk", () => {
  const slides = slidesOf(notebook);
  const has = [/<h1[^>]*>Title<[\s\S]*A question\?/, /The idea<[\s\S]*<math[\s\S]*is a number/,
    /The idea<[\s\S]*alt="first"/, /Summary<[\s\S]*One\./, /Why\?[\s\S]*class="fragment"[\s\S]*Because/];
  assert.equal(slides.length, has.length);
  has.forEach((pattern, i) => assert.match(slides[i], pattern));
  assert.doesNotMatch(slides.join(), /Before this|at the desk|left out|of the claims|Do it/);
});

test("a notebook with the line ends of Windows, or with fields left out, makes the same talk", () => {
  const cells = notebook.cells.map((cell) => ({ ...cell, source: String(cell.source).replaceAll("\n", "\r\n") }));
  assert.deepEqual(slidesOf({ ...notebook, cells }), slidesOf(notebook));
  const bare = cells.map(({ metadata, ...cell }) => (cell.id === "left out" ? { ...cell, metadata } : cell));
  assert.deepEqual(slidesOf({ ...notebook, cells: bare } as unknown as Notebook), slidesOf(notebook));
  assert.equal(slidesOf({ ...notebook, cells: [] }).length, 0);
});

test("a deck fetches nothing, and every notebook makes one", () => {
  for (const file of notebookFiles()) {
    const html = deckHtml(readNotebook(file));
    const loaded = html.replace(/<script>[\s\S]*?<\/script>/g, "");
    const outside = loaded.match(/(?:src|href)="(?!data:|#)[^"]*"|url\((?!data:)[^)]*\)|@import|<script src/g);
    assert.deepEqual(outside, null, file);
    assert.ok(html.split("<section>").length > 5, file);
  }
});

test("npm run slides names its decks, and says what it lacks", () => {
  const run = (...args: string[]) => spawnSync(process.execPath,
    [join(import.meta.dirname, "..", "..", "scripts", "slides.mjs"), ...args], { encoding: "utf8" });
  const { status, stdout, stderr } = run("00");
  assert.equal(status, 0, stderr);
  const file = /results\S*00-start-here\.html/.exec(stdout)![0];
  assert.match(readFileSync(file, "utf8"), /Reveal\.initialize/);
  assert.match(run().stderr, /^error: name a notebook, as in npm run slides -- 07/);
  assert.match(run("0").stderr, /^error: more than one notebook's name starts with 0;/);
});
