import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import ts from "typescript";
import { root } from "../../scripts/bootstrap/paths.mjs";
import { causeIn } from "../../scripts/bootstrap/run.mjs";
import { sentenceOf, SetupError, UsageError } from "../../scripts/bootstrap/say.mjs";

const folder = mkdtempSync(join(tmpdir(), "kh-causes-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const many = (text: string, count: number) => Array.from({ length: count }, (_, i) => `${text} ${i}`).join("\n");

test("a short output is shown whole, without stack frames", () => {
  const output = "node:internal/modules/cjs/loader:1\n  throw err;\n  ^\n\nError: libtensorflow.so.2: no such file\n"
    + "    at Module.load (node:internal/x:1:2)\n    at f (/a/b.js:1:2)\n\nNode.js v20.1.0\n";
  assert.equal(causeIn(output), "    Error: libtensorflow.so.2: no such file\n    Node.js v20.1.0");
});

test("in a long output the cause is found at its beginning, in its middle and at its end", () => {
  for (const output of [
    `npm error getaddrinfo ENOTFOUND storage.googleapis.com\n${many("downloading", 30)}`,
    `${many("gyp info", 30)}\nerror: disk quota exceeded\n${many("gyp info it worked", 30)}`,
    `${many("Collecting", 60)}\nERROR: No matching distribution found`,
  ]) {
    const cause = causeIn(output);
    assert.match(cause, /ENOTFOUND storage|quota exceeded|No matching distribution/);
    assert.ok(cause.split("\n").length <= 10, cause);
  }
});

test("the first and the last of many errors are kept", () => {
  const cause = causeIn(`${many("error: first kind", 40)}\n${many("working", 20)}\nfatal: the last word`);
  assert.match(cause, /first kind 0\n[^]*fatal: the last word$/);
});

test("a folder that can't be written is named with what stands in the way and what helps", () => {
  const failure = (code: string, path: string, syscall = "mkdir") =>
    sentenceOf(Object.assign(new Error(`${code}: no, ${syscall} '${path}'`), { code, path, syscall }));
  assert.match(failure("EACCES", join(root, "results")),
    /results can't be written: writing is not permitted \(EACCES\)\n {2}cure: make the project's folder/);
  const before = process.env.KH_CACHE_DIR;
  process.env.KH_CACHE_DIR = "/.cache/knowledge-hacking";
  try {
    assert.match(failure("EACCES", "/.cache"),
      /^\/\.cache can't be written: .*\n {2}cure: name a folder that .*KH_CACHE_DIR$/);
  } finally {
    if (before === undefined) delete process.env.KH_CACHE_DIR;
    else process.env.KH_CACHE_DIR = before;
  }
  assert.match(failure("EROFS", "/elsewhere/site"), /read-only \(EROFS\)\n {2}cure: name another folder/);
  assert.match(failure("ENOENT", "/nowhere/words.txt", "open"), /^ENOENT: no, open/);
  assert.equal(sentenceOf(new SetupError("no", "yes")), "no\n  cure: yes");
  assert.equal(sentenceOf(new UsageError("no", "npm run x")), "no\n  usage: npm run x");
});

/** Starts a command by the launcher of `npm run`, which takes this Node for an older one. */
function startedBy(version: string, ...words: string[]) {
  const preload = join(folder, "older.cjs");
  writeFileSync(preload, `Object.defineProperty(process.versions, "node", { value: "${version}" });`);
  const args = ["--require", preload, join(root, "scripts", "start.cjs"), ...words];
  return spawnSync(process.execPath, args, { encoding: "utf8" });
}

test("Node 14 and 18 are refused in a sentence by every command", () => {
  for (const version of ["0.12.18", "14.21.3", "18.20.8"]) {
    const { status, stderr } = startedBy(version, "doctor");
    assert.equal(status, 1);
    assert.match(stderr, RegExp(`^error: Node 20 or later is needed, this is ${version}\n {2}cure: install Node 22`));
  }
  assert.match(startedBy("20.0.0", "doctor", "--help").stdout, /^usage: npm run doctor\n$/);
});

test("what every Node must read has nothing that ES5 does not have", () => {
  const text = ts.sys.readFile(join(root, "scripts", "start.cjs")) ?? "";
  const compilerOptions = { target: ts.ScriptTarget.ES5, module: ts.ModuleKind.CommonJS };
  const squeezed = (code: string) => code.replace(/\s+/g, "");
  assert.equal(squeezed(ts.transpileModule(text, { compilerOptions }).outputText), squeezed(text));
  assert.notEqual(squeezed(ts.transpileModule("const f = () => 1;", { compilerOptions }).outputText), "constf=()=>1;");
});
