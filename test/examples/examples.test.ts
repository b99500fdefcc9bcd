import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import ts from "typescript";
import { toRows, type Matrix } from "../../lib";
import * as fixtures from "./fixtures";

/** Which small data an example may use without making it, by the folder of lib that it stands in. */
const fixtureOf: Record<string, keyof typeof fixtures> = {
  clustering: "images", images: "images", poisoning: "images", privacy: "images", unlearning: "poisonedImages",
  training: "colourImages",
};

interface Example {
  readonly name: string;
  readonly text: string;
  readonly fixture: keyof typeof fixtures;
}

const made: Record<string, Record<string, unknown>> = {};

const root = join(__dirname, "..", "..");
const entry = join(root, "lib", "index.ts");
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10,
  strict: true, esModuleInterop: true, skipLibCheck: true, types: ["node"], noEmit: true,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
};

/** Every @example of what the library exports, and the names it exports. */
function readExamples(): { examples: Example[]; imports: string[] } {
  const program = ts.createProgram([entry], options);
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)!)!);
  const resolved = (symbol: ts.Symbol): ts.Symbol =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const imports = exported.map((symbol) =>
    resolved(symbol).flags & ts.SymbolFlags.Value ? symbol.name : `type ${symbol.name}`);
  const examples = exported.flatMap((symbol) => {
    const original = resolved(symbol);
    const file = original.declarations?.[0].getSourceFile().fileName ?? entry;
    const [, topic] = relative(root, file).split(sep);
    return original.getJsDocTags(checker).filter((tag) => tag.name === "example")
      .map((tag) => ({
        name: symbol.name, text: ts.displayPartsToString(tag.text), fixture: fixtureOf[topic] ?? "tables",
      }));
  });
  return { examples, imports };
}

const PROMISE = /^(?!\s*(?:const|let|for|\/\/))(.+?);\s*\/\/ (.+)$/gm;

/** A promise `expression; // 12.5` becomes a call that compares what comes with what the comment says. */
const withChecks = (text: string): string =>
  text.replace(PROMISE, (_line, code: string, said: string) => `shown(${code}, ${JSON.stringify(said)});`);

/** One module of functions, an example each: `fixture` is a parameter, so that an example may make the name itself. */
function sourceOf(examples: readonly Example[], imports: readonly string[]): string {
  const functions = examples.map(({ text, fixture }, i) => {
    const used = Object.keys(made[fixture]).filter((name) => new RegExp(`\\b${name}\\b`).test(text));
    return `export async function example${i}({ ${used.join(", ")} }: Awaited<ReturnType<typeof ${fixture}>>,
  shown: <T>(value: T, said: string) => void): Promise<void> {{
${withChecks(text)}
}}`;
  });
  return [
    `import { ${imports.join(", ")} } from "../../lib";`,
    `import type { ${Object.keys(fixtures).join(", ")} } from "./fixtures";`,
    ...functions,
  ].join("\n");
}

const LITERAL = /^(?:[A-Z]\w*Array(?:\(\d+\))? ?)?(\[.*\]|\{.*\}|"[^"]*"|-?\d[\d.]*(?:e-?\d+)?…?|true|false)/;

/** The value that a comment begins with, and how exact it is, or nothing where the comment is prose. */
function valueIn(said: string): { value: unknown; text: string } | undefined {
  const text = LITERAL.exec(said)?.[1];
  if (text === undefined || /…./.test(text)) return undefined;
  return { value: new Function(`return ${text.replace("…", "")}`)() as unknown, text };
}

/** Half a unit of the last digit that is written; a whole one where "…" says that it was cut off. */
function toleranceOf(text: string): number {
  const decimals = /\.(\d+)/.exec(text)?.[1].length ?? 0;
  const exponent = Number(/e(-?\d+)/.exec(text)?.[1] ?? 0);
  return (text.endsWith("…") ? 1 : 0.5000001) * 10 ** (exponent - decimals);
}

const isMatrix = (value: unknown): value is Matrix => typeof value === "object" && value !== null && "shape" in value &&
  "data" in value;

function agree(value: unknown, said: unknown, text: string): boolean {
  if (typeof said === "number") return typeof value === "number" && Math.abs(value - said) <= toleranceOf(text);
  if (isMatrix(value)) return agree(toRows(value), said, text);
  if (Array.isArray(said)) {
    const items = Array.from(value as ArrayLike<unknown>);
    return items.length === said.length && said.every((item, i) => agree(items[i], item, text));
  }
  if (typeof said === "object" && said !== null)
    return Object.entries(said).every(([key, item]) => agree((value as Record<string, unknown>)[key], item, text));
  return value === said;
}

function shown(value: unknown, said: string): void {
  const expected = valueIn(said);
  if (expected) assert.ok(agree(value, expected.value, expected.text), `says ${said}, gives ${inspect(value)}`);
}

/** What the compiler says of the examples, each message with the name of its example. */
function typeErrors(file: string, source: string, examples: readonly Example[]): string[] {
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? source : readFile(name));
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, source, rest[0]) : getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map(({ start = 0, messageText }) => {
    const before = source.slice(0, start).match(/export async function example\d+/g) ?? [];
    const example = examples[before.length - 1]?.name ?? "imports";
    return `${example}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

type Run = (fixture: Record<string, unknown>, check: typeof shown) => Promise<void>;

describe("each @example of the library", async () => {
  const { examples, imports } = readExamples();
  for (const name of new Set(examples.map(({ fixture }) => fixture))) made[name] = await fixtures[name]();
  const file = join(__dirname, "examples.generated.ts");
  const source = sourceOf(examples, imports);
  const { outputText } = ts.transpileModule(source, { compilerOptions: options });
  const runs: Record<string, Run> = {};
  new Function("require", "exports", outputText)(createRequire(__filename), runs);

  test("is right in its types", () => assert.deepEqual(typeErrors(file, source, examples), []));
  examples.forEach(({ name, fixture }, i) =>
    test(`${name}: runs, and gives what it says`, async (t) => {
      t.mock.method(console, "log", () => {});
      const folder = mkdtempSync(join(tmpdir(), "kh-example-"));
      const before = process.cwd();
      process.chdir(folder);
      try {
        await runs[`example${i}`](made[fixture], shown);
      } finally {
        process.chdir(before);
        rmSync(folder, { recursive: true });
      }
    }));
});
