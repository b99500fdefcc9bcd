import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { checkSpelling } from "../../scripts/check-spelling.mjs";

const folder = mkdtempSync(join(tmpdir(), "kh-spelling-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What is found in one page of prose. */
async function faultsOf(name: string, text: string): Promise<string[]> {
  const file = join(folder, name);
  writeFileSync(file, text);
  const { faults } = await checkSpelling([file]);
  return faults.map((fault) => fault.slice(fault.indexOf(basename(file)) + name.length + 2));
}

test("the pages and the notebooks are in British English, and every word of the own list is in use", async () => {
  const { checked, faults, unused } = await checkSpelling();
  assert.deepEqual(faults, []);
  assert.deepEqual(unused, []);
  assert.ok(checked > 10_000, `${checked} words`);
});

test("a misspelled word, an American one and one that stands twice are found, in headings and tables too", async () => {
  const text = "# Teh title\n\nThe color of\nof a *mispelled* word.\n\n| head |\n|---|\n| contnt |\n";
  assert.deepEqual(await faultsOf("bad.md", text),
    ["Teh is unknown", "color is unknown", "mispelled is unknown", "of of stands twice in a row", "contnt is unknown"]);
});

test("code, formulas, paths, addresses, numbers and names with inner capitals are passed over", async () => {
  const text = "See `fooo`, $\\alpha qzx$, [the page](qzx.md), lib/qzx/index.ts, qzx.com, 10k, SVC and JupyterLab's "
    + "`the` the.\n\n```sh\nqzx\n```\n";
  assert.deepEqual(await faultsOf("good.md", text), []);
});

test("words with an apostrophe, a hyphen or a capital are known by their parts", async () => {
  assert.deepEqual(await faultsOf("parts.md", "Iris’s well-known label doesn't change; Its copy's label-qzxq does.\n"),
    ["qzxq is unknown"]);
});

test("a notebook's prose is read, its code is not", async () => {
  const cell = (cell_type: string, source: string) => ({ id: cell_type, cell_type, metadata: {}, source });
  const cells = [cell("markdown", "A wrod."), cell("code", "const wrod = 1;")];
  assert.deepEqual(await faultsOf("note.ipynb", JSON.stringify({ cells })), ["wrod is unknown"]);
});
