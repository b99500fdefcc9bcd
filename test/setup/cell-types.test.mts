import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { root } from "../../scripts/lib/paths.mjs";

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

test("a cell that imports the library reads no types of TensorFlow, danfojs or nodeplotlib: they cost a second", () => {
  assert.deepEqual(packagesOfCells(), ["plotly.js"]);
});
