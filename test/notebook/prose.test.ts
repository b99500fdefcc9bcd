import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as lib from "../../lib";

const folder = join(__dirname, "..", "..", "notebooks");
type Cell = { cell_type: string; source: string | string[] };

/** The text of a notebook's cells of one kind; empty where there is no such notebook. */
function textOf(file: string, kind: string): string {
  const { cells } = JSON.parse(readFileSync(file, "utf8")) as { cells: Cell[] };
  return cells.filter(({ cell_type: type }) => type === kind).map(({ source }) => [source].flat().join("")).join("\n");
}

/** Names in the form of a function or a variable, written as code in the prose. */
const namesIn = (prose: string): string[] =>
  [...new Set([...prose.matchAll(/`([a-z]+[A-Z]\w*)(?:\([^`]*\))?`/g)].map(([, name]) => name))];

const notebooks = readdirSync(folder).filter((file) => file.endsWith(".ipynb"));
const solved = new Set(readdirSync(join(folder, "solutions")));

for (const name of notebooks)
  test(`${name}: every name in the prose and the hints is the library's or one of the notebook's own`, () => {
    const files = [join(folder, name), ...(solved.has(name) ? [join(folder, "solutions", name)] : [])];
    const words = new Set(files.flatMap((file) => textOf(file, "code").match(/\w+/g) ?? []));
    const unknown = namesIn(textOf(files[0], "markdown")).filter((one) => !(one in lib) && !words.has(one));
    assert.deepEqual(unknown, []);
  });

test("names are taken from code in the prose, with and without a call", () => {
  assert.deepEqual(namesIn("Use `copyModel`, `askBox(1)` and a `word`; not askMe."), ["copyModel", "askBox"]);
});
