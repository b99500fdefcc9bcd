import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/bootstrap/paths.mjs";

const read = (...parts: string[]) => readFileSync(join(root, ...parts), "utf8");
const { scripts } = JSON.parse(read("package.json"));

test("the container, dev container and Binder files call only npm commands that exist", () => {
  const files = [["Containerfile"], [".devcontainer", "devcontainer.json"], [".binder", "postBuild"]];
  for (const text of files.map((parts) => read(...parts))) {
    const called = [...text.matchAll(/npm(?: run |", "run", ")([a-z-]+)/g)].map(([, name]) => name);
    assert.ok(called.includes("setup"));
    for (const name of called) assert.ok(name in scripts, name);
  }
});

test("the image leaves out what a clone makes for itself, and does not run as root", () => {
  const ignored = read(".dockerignore").split("\n");
  for (const name of ["**/node_modules", ".venv*", "lib/dist", "dist", "results"])
    assert.ok(ignored.includes(name), name);
  assert.match(read("Containerfile"), /^USER node$/m);
});

test("Binder's postBuild is a program without syntax errors", () => {
  const file = join(root, ".binder", "postBuild");
  assert.ok(statSync(file).mode & 0o100);
  assert.equal(spawnSync("bash", ["-n", file]).status, 0);
});
