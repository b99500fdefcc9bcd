import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TestKernel } from "./client";

let kernel: TestKernel;
before(async () => { kernel = await TestKernel.start(); });
after(() => kernel.shutdown());

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `${from + i}\n`).join("");

test("two thousand lines arrive, in order and in few messages", async () => {
  const { stdout, status, streams } = await kernel.run("for (let i = 0; i < 2000; i++) console.log(i)");
  assert.equal(status, "ok");
  assert.ok(stdout === lines(0, 2000), stdout.slice(-200));
  assert.ok(streams < 200, `${streams}`);
});

test("thousands of messages of one turn arrive, and the cell's end after them", async () => {
  const code = "for (let i = 0; i < 3000; i++) { console.log(i); console.error(i); }";
  const { stdout, stderr, status } = await kernel.run(code);
  assert.deepEqual([status, stdout === lines(0, 3000), stderr === lines(0, 3000)], ["ok", true, true]);
  const { displays } = await kernel.run("import { display } from \"tslab\";\n"
    + "for (let i = 0; i < 3000; i++) display.html(String(i));");
  assert.deepEqual(displays.map((data) => data["text/html"]), Array.from({ length: 3000 }, (_, i) => String(i)));
});

test("of a hundred thousand lines the first and the last are shown, and a note of how many are folded", async () => {
  const { stdout } = await kernel.run("for (let i = 0; i < 100_000; i++) console.log(i)");
  const note = /… \[([\d,]+) lines folded; the end of the output:\] …\n/.exec(stdout)!;
  assert.ok(stdout.startsWith(lines(0, 9_900)));
  assert.ok(stdout.endsWith(lines(99_850, 100_000)));
  const shown = stdout.split("\n").length - 2;
  assert.equal(shown + Number(note[1].replace(/,/g, "")), 100_000);
});

test("of a line of 5 MB the beginning and the end are shown", async () => {
  const { stdout } = await kernel.run("console.log(`<${\"x\".repeat(5e6)}>`)");
  assert.match(stdout, /^<x+ … \[4,978,002 characters folded\] … x+>\n$/);
  assert.ok(stdout.length < 25_000);
});

test("of ten updates a millisecond the last one stands, and what came between is in order", async () => {
  const { displays, updates, stdout, status } = await kernel.run(`
    import { newDisplay } from "tslab";
    const place = newDisplay();
    place.text("start");
    const end = Date.now() + 500;
    let count = 0;
    while (Date.now() < end) {
      for (let k = 0; k < 10; k++) place.text(\`update \${++count}\`);
      await new Promise((done) => setTimeout(done, 1));
    }
    console.log(count);`);
  assert.equal(status, "ok");
  assert.equal(displays[0]["text/plain"], `update ${stdout.trim()}`);
  assert.ok(updates < 100, `${updates}`);
});

test("text, displays and stderr keep their order; a display beyond folded text is shown", async () => {
  const ran = await kernel.run("import { display } from \"tslab\";\nfor (let i = 0; i < 20_000; i++) console.log(i);\n"
    + "display.html(\"<b>claim</b>\"); console.error(\"end\");");
  assert.deepEqual(ran.displays.map((data) => data["text/html"]), ["<b>claim</b>"]);
  assert.equal(ran.stderr, "end\n");
});

test("a line is shown while the cell is still busy", async () => {
  const seen: number[] = [];
  const start = performance.now();
  const running = kernel.run("console.log(\"first\"); console.log(\"second\");\n"
    + "const until = Date.now() + 1500; while (Date.now() < until);");
  const watch = setInterval(() => seen.push(performance.now() - start), 50);
  const { stdout, streams } = await running;
  clearInterval(watch);
  assert.equal(stdout, "first\nsecond\n");
  assert.equal(streams, 2);
});

test("the last expression: a typed array with its shape, a promise with a hint, whatever says itself how", async () => {
  const shown = async (code: string): Promise<Record<string, unknown>> => (await kernel.run(code)).displays[0];
  assert.deepEqual(await shown("new Float64Array(150)"),
    { "text/plain": `Float64Array, 150 values: [${"0, ".repeat(10)}…]` });
  assert.deepEqual(await shown("Int32Array.of(1, 2)"), { "text/plain": "Int32Array, 2 values: [1, 2]" });
  assert.match((await shown("new Promise(() => {})"))["text/plain"] as string,
    /^Promise { <pending> }\nA promise, not its result: did you forget `await`\?$/);
  assert.deepEqual(await shown("({ [Symbol.for(\"jupyter.display\")]: () => ({ \"text/plain\": \"mine\" }) })"),
    { "text/plain": "mine" });
  assert.equal((await kernel.run("[1, { a: 2 }]")).stdout, "[ 1, { a: 2 } ]\n");
  const matrix = await shown("import { fromRows } from \"../lib\"; fromRows([[1, 2], [3, 4]])");
  assert.match(matrix["text/plain"] as string, /^matrix: 2 rows of 2/);
});

test("a DataFrame is a table with its shape and first rows", async () => {
  const { displays } = await kernel.run(`import { DataFrame } from "danfojs-node";
    const rows = Array.from({ length: 30 }, (_, i) => [i, i / 3, "<b>"]);
    new DataFrame(rows, { columns: ["i", "third", "text"] })`);
  const [{ "text/plain": text, "text/html": html }] = displays as Record<string, string>[];
  assert.match(text, /^DataFrame, 30 × 3: the first 10 rows\n +i +third +text\n0 +0 +0 +<b>\n1 +1 +0\.333333 +<b>\n/);
  assert.equal(html.match(/<tr>/g)!.length, 11);
  assert.doesNotMatch(html, /<b>/);
});
