import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TestKernel } from "./client";

let kernel: TestKernel;
before(async () => { kernel = await TestKernel.start(); });
after(() => kernel.shutdown());

test("an error shows its message first, then the cell's own line, then how much is folded", async () => {
  await kernel.run("import { knn } from \"../lib\";");
  const { error } = await kernel.run("// a comment\n\nconst k = 0;\nconst model = knn({\n  numNeighbors: k });\nmodel");
  assert.match(error![0], /^RangeError: knn: numNeighbors must be .*got 0$/);
  assert.deepEqual(error!.slice(1, 4), ["cell [2], line 4", "  4 | const model = knn({", "    |               ^"]);
  assert.match(error!.at(-1)!, /^\(\d+ frames of libraries, tslab and Node folded\)$/);
  assert.equal(error!.length, 5);
});

test("a function of an earlier cell is quoted from there, then the line that called it", async () => {
  await kernel.run("interface Shape { side: number }\n\nfunction area(shape: Shape): number {\n"
    + "  if (shape.side < 0) throw new RangeError(`side ${shape.side}`);\n  return shape.side ** 2;\n}");
  const { error } = await kernel.run("area({ side: 2 });\narea({ side: -2 });");
  assert.deepEqual(error!.filter((line) => /cell|\|\s+\S{2}/.test(line)), ["cell [3], line 4",
    "  4 |   if (shape.side < 0) throw new RangeError(`side ${shape.side}`);", "called from cell [4], line 2",
    "  2 | area({ side: -2 });"]);
});

test("a rejection that comes from afar is quoted where the cell awaited it", async () => {
  const { error } = await kernel.run("import { promises } from \"fs\";\nconst x = 1;\n"
    + "await promises.readFile(\"/no/such/file\");");
  assert.match(error![0], /^Error: ENOENT/);
  assert.deepEqual(error!.slice(1, 3), ["cell [5], line 3", "  3 | await promises.readFile(\"/no/such/file\");"]);
});

test("a cause is told, and so is what was thrown without being an error", async () => {
  const { error } = await kernel.run("throw new Error(\"outer\", { cause: new TypeError(\"inner\") })");
  assert.deepEqual(error!.slice(0, 2), ["Error: outer", "  caused by TypeError: inner"]);
  assert.equal((await kernel.run("throw \"a text\"")).error![0], "thrown: a text");
  assert.equal((await kernel.run("throw undefined")).status, "error");
});

test("a type error quotes its line; an index that nothing has is one; a parameter without a type is none", async () => {
  const { error, status } = await kernel.run("const a = 1;\nconst b: string = a;");
  assert.equal(status, "error");
  assert.deepEqual(error, ["type error: Type 'number' is not assignable to type 'string'.", "cell [9], line 2",
    "  2 | const b: string = a;", "    |       ^"]);
  await kernel.run("import { loadTable } from \"../lib\"; const iris = await loadTable(\"iris\");");
  assert.match((await kernel.run("iris.X[0]")).error![0], /can't be used to index type 'Matrix/);
  assert.equal((await kernel.run("function twice(x) { return 2 * x; }\nconst list = []; list.push(twice(2)); list"))
    .stdout, "[ 4 ]\n");
});

test("what is no TypeScript at all is a syntax error; an explanation in parts has one place", async () => {
  assert.deepEqual((await kernel.run("1 +")).error,
    ["syntax error: Expression expected.", "cell [13], line 1", "  1 | 1 +", "    |    ^"]);
  assert.deepEqual((await kernel.run("const map: Map<string, number> = new Map<string, string>();")).error, [
    "type error: Type 'Map<string, string>' is not assignable to type 'Map<string, number>'.",
    "  Type 'string' is not assignable to type 'number'.", "cell [14], line 1",
    "  1 | const map: Map<string, number> = new Map<string, string>();", "    |       ^"]);
});

test("of an error that is printed or shown, the stack is the cells' own", async () => {
  const { stdout } = await kernel.run("function fail() {\n"
    + "  throw Object.assign(new Error(\"no\\n  at all\"), { code: 5 });\n}\n"
    + "try { fail(); } catch (error) { console.log(error); }");
  assert.equal(stdout, "Error: no\n  at all\n    at fail (cell [15], line 2)\n    at cell [15], line 4 {\n"
    + "  code: 5\n}\n");
  assert.equal((await kernel.run("[new Error(\"in a list\", { cause: new Error(\"why\") })]")).stdout,
    "[\n  Error: in a list\n      at cell [16], line 1 {\n"
    + "    [cause]: Error: why\n        at cell [16], line 1\n  }\n]\n");
});

test("console.trace shows the cells' own frames only", async () => {
  const { stderr } = await kernel.run("const f = () => {\n  console.trace(\"here\", 3);\n};\nf();");
  assert.match(stderr, /^Trace: here 3\n {4}at f \(cell \[\d+\], line 2\)\n {4}at cell \[\d+\], line 4\n$/);
});

test("an error in a timer, or a rejection that nobody awaits, is shown once, in the cell that caused it", async () => {
  const first = await kernel.run("setTimeout(() => { throw new Error(\"late\"); }, 300);\n"
    + "void Promise.reject(new Error(\"unheard\"));");
  assert.match(first.stderr, /Promise that nothing awaited: .*Error.*: unheard/);
  const second = await kernel.run("await new Promise((done) => setTimeout(done, 800)); 1");
  assert.equal(second.stderr, "");
  assert.match(first.stderr, /: late\n/);
  assert.equal(first.stderr.match(/late\n/g)!.length, 1);
  assert.match(first.stderr.replace(/\u001b\[\d+m/g, ""), /line 1\n {2}1 \| setTimeout/);
});
