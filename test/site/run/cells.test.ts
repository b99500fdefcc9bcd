import assert from "node:assert/strict";
import { describe, test } from "node:test";
import ts from "typescript";
import { Cells, HELPER, SCOPE_MODULE } from "../../../scripts/site/run/cells";
import { placeOf } from "../../../scripts/site/run/source-map";

const library = { double: (x: number) => 2 * x, default: 7, Box: class { size = 3; } };

/** Runs cells one after the other, as the worker does. */
class Program {
  readonly scope = Object.create(null) as Record<string, unknown>;
  readonly cells = new Cells(ts);
  values: unknown[] = [];
  ticks = 0;
  private count = 0;

  constructor() {
    Object.defineProperty(this.scope, "__esModule", { value: true });
  }

  async run(source: string): Promise<unknown> {
    const { code, faults, names } = this.cells.compile(source);
    assert.deepEqual(faults, []);
    this.values = [];
    const helper = {
      value: (value: unknown) => void this.values.push(value),
      tick: () => void this.ticks++,
      wait: (value: unknown) => value,
      waitEach: (values: AsyncIterable<unknown>) => values,
    };
    const load = (name: string): unknown => {
      if (name === SCOPE_MODULE) return this.scope;
      assert.ok(name.startsWith("../lib"), name);
      return { ...library, __esModule: true };
    };
    const cell = (0, eval)(`(async function (exports, require, ${HELPER}) {\n${code}\n})`) as (
      scope: object, load: (name: string) => unknown, helper: object) => Promise<void>;
    const number = ++this.count;
    const missing = (): Set<string> => new Set(names.values.filter((name) => !(name in this.scope)));
    try {
      await cell(this.scope, load, helper);
    } finally {
      this.cells.keep(number, names, missing());
    }
    return this.values[0];
  }
}

const lastOf = async (...sources: string[]): Promise<unknown> => {
  const program = new Program();
  let last: unknown;
  for (const source of sources) last = await program.run(source);
  return last;
};

describe("cells are one program", () => {
  const cases: [title: string, sources: string[], expected: unknown][] = [
    ["a const of an earlier cell", ["const a = 2;", "a + 1"], 3],
    ["shorthand", ["const a = 2; const b = 3;", "({ a, b, c: 1 })"], { a: 2, b: 3, c: 1 }],
    ["destructuring", ["const { a, b: [c, ...d], e = 5 } = { a: 1, b: [2, 3, 4] } as any;", "[a, c, d, e]"],
      [1, 2, [3, 4], 5]],
    ["declared again, with another type", ["const a = 2;", "const a = 'two';", "a"], "two"],
    ["declared again, from the value before", ["let a = [1];", "const b = a; a = [...b, 2];", "a"], [1, 2]],
    ["assigned by a later cell, seen by a function of the first",
      ["let n = 1; function next() { return ++n; }", "n = 10;", "[next(), n]"], [11, 11]],
    ["assigned by destructuring", ["let a = 1; let b = 2;", "[a, b] = [b, a];", "[a, b]"], [2, 1]],
    ["a shadowed name is another", ["const a = 1;", "const f = (a: number) => { const g = { a }; return g; }; f(5)"],
      { a: 5 }],
    ["a name of a property is no name", ["const a = 1;", "const o = { a: 2 }; o.a"], 2],
    ["functions before their cell's first line", ["const r = f(); function f() { return 4; }", "[r, f()]"], [4, 4]],
    ["a function that calls itself", ["function f(n: number): number { return n ? n * f(n - 1) : 1; }", "f(5)"], 120],
    ["a class, and one that extends it", ["class A { x = 1; }", "class B extends A { y = 2; }", "({ ...new B() })"],
      { x: 1, y: 2 }],
    ["an enum", ["enum E { One = 1, Two }", "E.Two"], 2],
    ["types", ["interface P { x: number } type Q = P | null;", "const p: Q = { x: 3 }; p"], { x: 3 }],
    ["an await", ["const a = await Promise.resolve(3);", "await Promise.resolve(a + 1)"], 4],
    ["a for await", ["async function* many() { yield 1; yield 2; }",
      "let sum = 0;\nfor await (const n of many()) sum += n;", "sum"], 3],
    ["an await in a function of the cell", ["const f = async () => await Promise.resolve(3);", "await f()"], 3],
    ["imports, in later cells too", ["import { double } from \"../lib\";", "double(4)"], 8],
    ["an import under another name", ["import { double as twice } from \"../lib/privacy\";", "[1, 2].map(twice)"],
      [2, 4]],
    ["a whole module", ["import * as lib from \"../lib\";", "lib.double(1)"], 2],
    ["a default import", ["import seven from \"../lib\";", "seven"], 7],
    ["a type import", ["import { double, type Box } from \"../lib\"; import type { Box as C } from \"../lib\";",
      "const b = null as Box | C | null; double(b ? 1 : 2)"], 4],
    ["a class that is imported and made", ["import { Box } from \"../lib\";", "new Box().size"], 3],
    ["an import in the place of a variable", ["const double = 1;", "import { double } from \"../lib\";", "double(2)"],
      4],
    ["a variable in the place of an import", ["import { double } from \"../lib\";", "const double = 1;", "double"],
      1],
    ["the word export", ["export const a = 1; export function f() { return a; }", "f()"], 1],
    ["a variable without a value, after one with",
      ["let a: number | undefined = 4;", "let a: number | undefined;", "a"], undefined],
    ["a comma at the end", ["1, 2"], 2],
    ["a string at the end", ["'use strict'"], "use strict"],
    ["nothing after a statement", ["5;\nconst a = 1;"], undefined],
    ["a line without semicolons", ["const a = 1\nconst b = 2\na + b"], 3],
    ["a comment at the end", ["const a = 1;\na // the value"], 1],
    ["a loop and a block of its own", ["let n = 0; { const n = 5; void n; } for (let i = 0; i < 3; i++) n += i;",
      "n"], 3],
  ];
  for (const [title, sources, expected] of cases)
    test(title, async () => assert.deepEqual(await lastOf(...sources), expected));

  test("a value that is undefined is shown as such, and a statement shows nothing", async () => {
    const program = new Program();
    await program.run("void 0");
    assert.deepEqual(program.values, [undefined]);
    await program.run("if (true) { 5; }");
    assert.deepEqual(program.values, []);
  });

  const loops: [code: string, rounds: number][] = [
    ["for (let i = 0; i < 3; i++);", 3],
    ["for (const a of [1, 2]) for (const b in { x: a, y: a }) void b;", 6],
    ["let n = 0; while (n < 4) n++", 4],
    ["let n = 0; do n++; while (n < 4);", 4],
    ["let n = 0; do { n++; } while (n < 4)", 4],
    ["let n = 0; while (n < 2) n += await 1", 2],
    ["for await (const a of [1, 2, 3]) { if (a === 2) continue; }", 3],
    ["outer: for (const a of [1, 2]) for (const b of [1, 2]) if (a === b) continue outer;", 5],
    ["const f = (n: number) => { while (n > 0) n--; return n; }; f(5)", 5],
    ["if (true) for (const a of [1]) void a; else void 0;", 1],
  ];
  for (const [code, rounds] of loops)
    test(`every round of a loop can be ended: ${code}`, async () => {
      const program = new Program();
      await program.run(code);
      assert.equal(program.ticks, rounds);
    });

  test("what a cell declared before its error is kept, and what it did not come to is unknown", async () => {
    const program = new Program();
    await assert.rejects(program.run("const a = 1;\nthrow new Error('no');\nconst b = 2;"), /no/);
    assert.equal(await program.run("a"), 1);
    await assert.rejects(program.run("b"), ReferenceError);
  });

  test("a name keeps its value while a cell that declares it again has not come so far", async () => {
    const program = new Program();
    await program.run("const a = 1;");
    await assert.rejects(program.run("throw new Error('no'); const a = 2;"), /no/);
    assert.equal(await program.run("a"), 1);
  });
});

describe("places", () => {
  test("a syntax error names the own line and column", () => {
    const cells = new Cells(ts);
    cells.keep(1, { values: ["a"], types: [], imports: new Map() });
    const [fault] = cells.compile("const b = a;\nconst c = ;").faults;
    assert.deepEqual([fault.kind, fault.message, fault.line, fault.column],
      ["syntax error", "Expression expected.", 2, 11]);
  });

  test("a run's error is found in the own line and column, behind all that was put in", () => {
    const cells = new Cells(ts);
    cells.keep(1, { values: ["a", "f"], types: [], imports: new Map() });
    const source = "const b = a;\nlet c: number;\nawait f(), await f(b), missing();";
    const { code, places } = cells.compile(source);
    const lines = code.split("\n");
    const line = lines.findIndex((text) => text.includes("missing()"));
    const place = placeOf(places, line + 1, lines[line].indexOf("missing()") + 1);
    assert.deepEqual(place, { line: 3, column: source.split("\n")[2].indexOf("missing()") + 1 });
  });

  test("a module for the type checker has the earlier cells' names from where they are", () => {
    const cells = new Cells(ts);
    cells.keep(3, { values: ["a"], types: ["T"], imports: new Map([["x", "import { x } from \"../lib\";"]]) });
    const edited = cells.module("const b: T = a + x;\nconst o = { z };", (cell) => `./cell_${cell}`);
    assert.equal(edited.text, "import { T } from \"./cell_3\"; import { a } from \"./cell_3\"; "
      + "import { x } from \"../lib\"; export {};\nexport const b: T = a + x;\nexport const o = { z };");
    const at = edited.text.indexOf("z }");
    assert.deepEqual(edited.placeAt(at), { line: 2, column: 13 });
  });
});
