import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { root } from "../../scripts/bootstrap/paths.mjs";
import { filesBelow } from "../../scripts/bootstrap/stamp.mjs";

const scripts = join(root, "scripts");

/** What a module imports as soon as it is loaded; what it imports later, by a call, is not among it. */
const importsOf = (file: string): string[] => {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, false, ts.ScriptKind.JS);
  return source.statements.flatMap((statement) =>
    (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) && statement.moduleSpecifier
      ? [(statement.moduleSpecifier as ts.StringLiteral).text] : []);
};

/** Every module that is loaded with one, and the first package on the way, if any. */
function loadedWith(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  return importsOf(file).flatMap((name) => {
    if (name.startsWith("node:")) return [];
    if (!name.startsWith(".")) return [`${relative(root, file)} imports ${name}`];
    return loadedWith(join(dirname(file), name), seen);
  });
}

const entries = readdirSync(scripts).filter((name) => name.endsWith(".mjs") && name !== "check-notebooks.mjs");

test("no command needs a package before the set-up has installed it", () => {
  assert.ok(entries.includes("reproduce.mjs") && entries.includes("lab.mjs"));
  for (const name of entries) assert.deepEqual(loadedWith(join(scripts, name)), [], name);
});

test("scripts/bootstrap stands for itself: Node's own modules and its own", () => {
  const folder = join(scripts, "bootstrap");
  for (const file of filesBelow(folder).filter((name) => name.endsWith(".mjs")))
    for (const name of importsOf(file).filter((other) => !other.startsWith("node:"))) {
      const target = join(dirname(file), name);
      assert.ok(target.startsWith(folder) && existsSync(target), `${relative(root, file)} imports ${name}`);
    }
});

test("an import of a package is found, one that is made later is not", () => {
  assert.ok(importsOf(join(scripts, "lib", "site", "markdown.mjs")).some((name) => !name.startsWith(".")));
  assert.ok(!importsOf(join(scripts, "lib", "zip.mjs")).includes("yazl"));
});
