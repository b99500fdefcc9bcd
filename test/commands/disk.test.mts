import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { root } from "../../scripts/bootstrap/paths.mjs";
import { writeWhole } from "../../scripts/bootstrap/stamp.mjs";

const folder = mkdtempSync(join(tmpdir(), "kh-disk-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command whose work is the given code, with the file system's `writeFileSync` failing as on a full disk. */
function onFullDisk(code: string) {
  const module = (name: string) => JSON.stringify(join(root, "scripts", "bootstrap", name));
  const program = `
    import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    const write = fs.writeFileSync;
    fs.writeFileSync = (path, text) => {
      write(path, String(text).slice(0, 3));
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", path });
    };
    syncBuiltinESMExports();
    const { main } = await import(${module("say.mjs")});
    const { writeWhole } = await import(${module("stamp.mjs")});
    main(async () => { ${code} });`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
}

test("a full disk is said in one sentence; the file that was there stays whole, and no half of one is left", () => {
  const file = join(folder, "results.csv");
  writeWhole(file, "whole");
  const { status, stderr } = onFullDisk(`writeWhole(${JSON.stringify(file)}, "another");`);
  assert.equal(status, 1);
  assert.match(stderr, /^error: the disk is full while writing \S+: free some space and run the command again; .*\n$/);
  assert.equal(readFileSync(file, "utf8"), "whole");
  assert.deepEqual(readdirSync(folder), ["results.csv"]);
});
