import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { typeErrors } from "../../scripts/check-notebooks.mjs";
import { readNotebook, textOf } from "../../scripts/lib/notebooks.mjs";
import { root } from "../../scripts/bootstrap/paths.mjs";

/** The packages whose types a cell reads with `import … from "../lib"`. */
function packagesOfCells(): string[] {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { fileName } of ts.preProcessFile(readFileSync(file, "utf8")).importedFiles) {
      const target = join(dirname(file), fileName);
      const declared = [`${target}.d.ts`, join(target, "index.d.ts")].find((path) => existsSync(path));
      if (fileName.startsWith(".") && declared) visit(declared);
      else packages.add(fileName);
    }
  };
  visit(join(root, "lib", "dist", "index.d.ts"));
  assert.ok(seen.size > 50, `${seen.size} files`);
  return [...packages].filter((name) => !name.startsWith("node:")).sort();
}

test("in a cell a wrong exercise, a wrong answer, a missing setting and a missing size are type errors", () => {
  const file = join(root, "notebooks", "07-mnist-poisoning.ipynb");
  const notebook = readNotebook(file);
  const code = (source: string) => ({ id: "a", cell_type: "code" as const, metadata: {}, source });
  const first = notebook.cells.find(({ cell_type: type }) => type === "code")!;
  const folder = mkdtempSync(join(root, "notebooks", ".types-"));
  try {
    const errors = (source: string): string[] => {
      const copy = join(folder, "07.ipynb");
      writeFileSync(copy, JSON.stringify({ ...notebook, cells: [code(textOf(first.source).replaceAll('"./', '"../')
        .replaceAll('"../lib"', '"../../lib"')), code(source)] }));
      return typeErrors([copy]).filter((error) => error.includes("cell 2"));
    };
    assert.deepEqual(errors('await check("07-3", undefined, {} as Parameters<typeof check<"07-3">>[2]);'), []);
    assert.match(errors('await check("07-9", undefined, {} as never);').join(),
      /"07-9"' is not assignable .*"07-1" \| "07-2"/);
    assert.match(errors('await check("07-1", "3", {} as never);').join(), /'string' is not assignable .*'number'/);
    assert.match(errors('await check("07-1", 3);').join(), /Expected 3 arguments, but got 2/);
    assert.match(errors("sizes.noSuchSize;").join(), /'noSuchSize' does not exist on type 'Sizes'/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a cell that imports the library reads no types of TensorFlow, danfojs or nodeplotlib: they cost a second", () => {
  assert.deepEqual(packagesOfCells(), ["plotly.js"]);
});
