import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TestKernel } from "./client";

let kernel: TestKernel;
before(async () => { kernel = await TestKernel.start(); });
after(() => kernel.shutdown());

test("shorthand takes a variable of an earlier cell, in objects, patterns and defaults", async () => {
  await kernel.run("const limit = 5; let open = 1;");
  assert.equal((await kernel.run("console.log({ limit }, [{ limit }], (() => ({ limit }))())")).stdout,
    "{ limit: 5 } [ { limit: 5 } ] { limit: 5 }\n");
  assert.equal((await kernel.run("({ open } = { open: 7 }); open")).stdout, "7\n");
  assert.equal((await kernel.run("({ open = limit } = {} as { open?: number }); open")).stdout, "5\n");
  assert.equal((await kernel.run("{ const limit = 6; console.log({ limit }); }")).stdout, "{ limit: 6 }\n");
});

test("a property of an earlier cell's value is taken under another name, in declarations and assignments", async () => {
  await kernel.run("const draw = () => ({ train: 1, test: 2 }); let u = 0, v = 0;");
  assert.equal((await kernel.run("const { train: shown, ...others } = draw(); [shown, others]")).stdout,
    "[ 1, { test: 2 } ]\n");
  assert.equal((await kernel.run("({ train: u, test: v } = draw()); [u, v]")).stdout, "[ 1, 2 ]\n");
  await kernel.run("const train = 9;");
  assert.equal((await kernel.run("for (const { train: y = train } of [draw()]) console.log({ train, y, x: train })"))
    .stdout, "{ train: 9, y: 1, x: 9 }\n");
});

test("a cell may await in for await only; an await inside of a function is that function's", async () => {
  await kernel.run("async function* numbers() { yield 1; yield 2; }");
  assert.equal((await kernel.run("for await (const n of numbers()) console.log(n)")).stdout, "1\n2\n");
  assert.equal((await kernel.run("for await (const n of [3, Promise.resolve(4)]) console.log(n)")).stdout, "3\n4\n");
  assert.equal((await kernel.run("const inner = { async get() { return await 5; } }; typeof inner.get")).stdout,
    "function\n");
  assert.equal((await kernel.run("class Later { value = (async () => await 6)(); } await new Later().value")).stdout,
    "6\n");
});

test("what was declared before a failure is kept, what comes after it is not, and former values stay", async () => {
  await kernel.run("const later = \"before\";");
  await kernel.run("const box = 7, { pid } = process; class Box { v = 1 } interface Point { x: number }\n"
    + "await Promise.reject(new Error(\"no\"));\nconst later = 8, never = 9;");
  assert.equal((await kernel.run("const p: Point = { x: box }; [p.x, typeof pid, new Box().v, later]")).stdout,
    "[ 7, 'number', 1, 'before' ]\n");
  assert.match((await kernel.run("never")).error![0], /type error/);
  await kernel.run("const first = 1; throw new Error(\"sync\"); const second = 2;");
  assert.equal((await kernel.run("first")).stdout, "1\n");
  assert.equal((await kernel.run("typeof second")).status, "error");
});

test("a declaration without a value makes a name undefined again", async () => {
  await kernel.run("let answer: number | undefined = 3;");
  assert.equal((await kernel.run("let answer: number | undefined; [answer]")).stdout, "[ undefined ]\n");
  assert.equal((await kernel.run("[answer]")).stdout, "[ undefined ]\n");
});

test("a later cell gives a variable another value, and the functions of the cell that declared it see it", async () => {
  await kernel.run("let rate = 1, { step, deep: [inner] } = { step: 2, deep: [3] };\n"
    + "const all = () => [rate, step, inner];\nconst raise = () => ++rate;");
  assert.equal((await kernel.run("rate = 10; step += 5; [inner] = [7]; all()")).stdout, "[ 10, 7, 7 ]\n");
  assert.equal((await kernel.run("raise(); rate++; [raise(), rate]")).stdout, "[ 13, 13 ]\n");
  assert.equal((await kernel.run("({ rate } = { rate: 20 }); for (step of [1, 2, 4]); all()")).stdout,
    "[ 20, 4, 7 ]\n");
});

test("a variable that is declared anew is another one", async () => {
  await kernel.run("let size = 1; const first = () => size;");
  await kernel.run("let size = 5; const second = () => size;");
  assert.equal((await kernel.run("size = 6; [first(), second()]")).stdout, "[ 1, 6 ]\n");
  await kernel.run("const size = \"fixed\";");
  assert.equal((await kernel.run("[first(), second(), size]")).stdout, "[ 1, 6, 'fixed' ]\n");
});

test("a cell does not end the kernel", async () => {
  const { error } = await kernel.run("const saved = 4; process.exit(1);");
  assert.match(error![0], /^Error: process\.exit would end the kernel/);
  assert.equal((await kernel.run("saved")).stdout, "4\n");
});

test("the word export before a declaration, from code of a module, changes nothing", async () => {
  await kernel.run("export const side = 3;\nexport async function area() { return side ** 2; }\n"
    + "export interface Square { side: number }\nexport class Cube { side = 4 }");
  const { stdout } = await kernel.run("const square: Square = { side }; [square.side, await area(), new Cube().side]");
  assert.equal(stdout, "[ 3, 9, 4 ]\n");
});

test("the default import of a module without one is the module", async () => {
  assert.equal((await kernel.run("import danfo from \"danfojs-node\"; typeof danfo.DataFrame")).stdout, "function\n");
  assert.equal((await kernel.run("import fs from \"fs\"; typeof fs.readFileSync")).stdout, "function\n");
});

test("cells that wait when one fails are aborted, what is run after it is not", async () => {
  const [failed, waiting] = await Promise.all([kernel.run("throw new Error(\"stop\")"), kernel.run("1")]);
  assert.deepEqual([failed.status, waiting.status], ["error", "aborted"]);
  assert.equal((await kernel.run("2")).stdout, "2\n");
});
