import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { readNotebook, textOf } from "../../scripts/lib/notebooks.mjs";
import { root } from "../../scripts/bootstrap/paths.mjs";
import { executedFile, finishedRun, runNotebook } from "../../scripts/lib/run-notebook.mjs";
import { fromBothEnds } from "../../scripts/reproduce.mjs";

// Beside the folder notebooks, so that "../lib" is the library here too.
const folder = join(root, "results");
mkdirSync(folder, { recursive: true });
const made: string[] = [];
after(() => {
  for (const file of made) {
    rmSync(file, { force: true });
    const executed = executedFile("quick", file);
    for (const path of [executed, executed.replace(/ipynb$/, "json")]) rmSync(path, { force: true });
  }
});

function notebook(name: string, ...sources: string[]): string {
  const file = join(folder, `${name}-${process.pid}.ipynb`);
  const cells = sources.map((source, i) => (
    { id: `c${i}`, cell_type: "code", source, metadata: {}, outputs: [], execution_count: null }));
  writeFileSync(file, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  made.push(file);
  return file;
}

test("side by side, notebooks are taken from both ends, each once", () => {
  assert.deepEqual(fromBothEnds(["00", "01", "02", "03", "04"]), ["00", "04", "01", "03", "02"]);
  assert.deepEqual(fromBothEnds(["00", "01"]), ["00", "01"]);
  assert.deepEqual(fromBothEnds(["00"]), ["00"]);
});

test("a cell that throws stops the run, and is named with its source and its error", async () => {
  const file = notebook("throws", "const a = 1;", 'throw new Error("deliberate");', "a + 1");
  const { record, failure } = await runNotebook(file, { profile: "quick" });
  assert.equal(record, undefined);
  assert.equal(failure?.index, 1);
  assert.equal(failure?.source, 'throw new Error("deliberate");');
  assert.match(failure?.message ?? "", /^Error: deliberate\ncell \[2\], line 1\n {2}1 \| throw new Error/);
  assert.equal(finishedRun(file, "quick"), undefined);
});

test("a type error stops a cell before it runs", async () => {
  const { failure } = await runNotebook(notebook("types", 'const n: number = "one";'), { profile: "quick" });
  assert.match(failure?.message ?? "", /Type 'string' is not assignable to type 'number'/);
});

test("claims are gathered with their verdicts; an unchanged notebook is not run again, a changed one is", async () => {
  const claiming = (reproduced: number) => [
    'import { claim } from "../lib";',
    `claim({ id: "fixture", statement: "two", published: 2, tolerance: 0, source: "test",
      reproduced: ${reproduced} });`,
  ];
  const file = notebook("claims", ...claiming(3));
  const first = await runNotebook(file, { profile: "quick" });
  assert.deepEqual(first.record?.claims.map(({ id, verdict }) => [id, verdict]), [["fixture", "not reproduced"]]);
  assert.equal((await runNotebook(file, { profile: "quick" })).reused, true);
  assert.equal(finishedRun(file, "standard"), undefined);
  notebook("claims", ...claiming(2));
  const again = await runNotebook(file, { profile: "quick" });
  assert.equal(again.reused, false);
  assert.deepEqual(again.record?.claims.map(({ verdict }) => verdict), ["reproduced"]);
});

test("a file touched beside a running kernel does not stop its next cell", async () => {
  const touch = `require("fs").utimesSync("../lib/package.json", new Date(), new Date());
    await new Promise((done) => setTimeout(done, 3000));`;
  const file = notebook("touched", 'import { seededRng } from "../lib"; typeof seededRng', touch, "40 + 2");
  const { failure } = await runNotebook(file, { profile: "quick" });
  assert.equal(failure, undefined);
  const { cells } = readNotebook(executedFile("quick", file));
  assert.match(textOf(cells[2].outputs?.[0]?.data?.["text/plain"] as string ?? cells[2].outputs?.[0]?.text), /42/);
});

test("no line is lost on the way, nor one that comes when its cell has ended", async () => {
  const file = notebook("lines",
    "for (let i = 0; i < 3000; i++) console.log(i);\nconst timer = setTimeout(console.log, 500, 'late');",
    "await new Promise((done) => setTimeout(done, 2000));");
  const { failure } = await runNotebook(file, { profile: "quick" });
  assert.equal(failure, undefined);
  const { cells } = readNotebook(executedFile("quick", file));
  const [first, second] = cells.map(({ outputs }) => outputs?.map(({ text }) => textOf(text)).join("") ?? "");
  assert.ok(first === `${Array.from({ length: 3000 }, (_, i) => `${i}\n`).join("")}late\n`, first.slice(-200));
  assert.equal(second, "");
});

test("an abort ends the run and its kernel", async () => {
  const controller = new AbortController();
  const file = notebook("endless", "await new Promise(() => setInterval(() => {}, 1000))");
  const start = Date.now();
  const { interrupted } = await runNotebook(file, {
    profile: "quick", signal: controller.signal, onCell: () => setTimeout(() => controller.abort(), 500),
  });
  assert.equal(interrupted, true);
  assert.ok(Date.now() - start < 60_000);
});
