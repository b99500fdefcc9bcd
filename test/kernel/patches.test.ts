import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";

interface Patching {
  misfit(dist: string): string | null;
  readPatches(): { name: string; file: string; changes: [string, string][] }[];
}

const root = resolve(__dirname, "..", "..");
const { misfit, readPatches } = require(join(root, "scripts", "kernel", "patching.cjs")) as Patching;
const dist = join(root, "node_modules", "tslab", "dist");
const folder = mkdtempSync(join(tmpdir(), "kh-tslab-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("every patch finds its place in the installed tslab, whose version is pinned", () => {
  assert.equal(misfit(dist), null);
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  assert.match(devDependencies.tslab, /^\d+\.\d+\.\d+$/);
});

test("each change of each patch is missed by name where tslab reads otherwise, or has the place twice", () => {
  assert.ok(readPatches().length > 5);
  for (const { name, file, changes } of readPatches())
    for (const [find] of changes) {
      cpSync(dist, folder, { recursive: true });
      const text = readFileSync(join(dist, file), "utf8");
      const start = text.indexOf(find);
      for (const other of [text.replace(find, find.slice(1)), `${text}${text.slice(start, start + find.length)}`]) {
        writeFileSync(join(folder, file), other);
        const expected = `the patch ${name} does not find its place in tslab/dist/${file}`;
        assert.ok(misfit(folder)?.startsWith(expected), expected);
      }
    }
});
