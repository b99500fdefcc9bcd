import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { venvProgram } from "../../scripts/bootstrap/paths.mjs";
import { type Environment, environmentReady, makeEnvironment, missingPieces } from "../../scripts/bootstrap/python.mjs";
import { moved } from "../../scripts/bootstrap/relocate.mjs";

const folder = mkdtempSync(join(tmpdir(), "kh-environment-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const requirements = join(folder, "requirements.txt");
writeFileSync(requirements, "# nothing beside pip\n");
const at = (place: string): Environment =>
  ({ title: "a trial", venv: join(folder, place, ".venv"), requirements, oldestPython: [3, 9] });

test("a program names its Python anew after a move, also where the new path has spaces or is long, and back", () => {
  const plain = "#!/old/.venv/bin/python3.11\nimport sys\nprint('/old/.venv/etc')\n";
  assert.equal(moved(plain, "/old/.venv", "/new/.venv"), plain.replaceAll("/old", "/new"));
  for (const to of ["/a new place/.venv", `/${"long/".repeat(30)}.venv`]) {
    const wrapped = moved(plain, "/old/.venv", to);
    assert.ok(wrapped.startsWith(`#!/bin/sh\n'''exec' "${to}/bin/python3.11" "$0" "$@"\n' '''\nimport sys\n`), wrapped);
    assert.equal(moved(wrapped, to, "/old/.venv"), plain);
  }
  assert.equal(moved('VIRTUAL_ENV="/old/.venv"\n', "/old/.venv", "/new/.venv"), 'VIRTUAL_ENV="/new/.venv"\n');
  assert.equal(moved("#!/usr/bin/env python3\n", "/old/.venv", "/new/.venv"), "#!/usr/bin/env python3\n");
});

const skip = process.platform === "win32" ? "the launchers of Windows can't be moved" : false;

test("an environment: moved it is taken over as it is, damaged it is made anew, and through a link nothing is emptied",
  { skip }, async () => {
    const first = at("first");
    mkdirSync(join(folder, "first"));
    await makeEnvironment(first);
    assert.ok(environmentReady(first));
    writeFileSync(join(first.venv, "mark"), "made once");

    // A copy of hard links, as some tools make: what is changed in it must not change the original.
    const copy = at("a copy (ü)");
    mkdirSync(join(folder, "a copy (ü)"));
    assert.equal(spawnSync("cp", ["-al", first.venv, copy.venv]).status, 0);
    assert.ok(!environmentReady(copy));
    await makeEnvironment(copy);
    assert.ok(environmentReady(copy));
    assert.equal(readFileSync(join(copy.venv, "mark"), "utf8"), "made once");
    for (const { venv } of [first, copy]) {
      const { stdout } = spawnSync(venvProgram(venv, "pip"), ["--version"], { encoding: "utf8" });
      assert.ok(stdout.includes(venv), stdout);
    }
    assert.ok(environmentReady(first), "the original");

    const second = at("second");
    renameSync(join(folder, "first"), join(folder, "second"));
    await makeEnvironment(second);
    assert.equal(readFileSync(join(second.venv, "mark"), "utf8"), "made once");

    const lib = join(second.venv, "lib");
    const packages = join(lib, readdirSync(lib)[0], "site-packages");
    rmSync(join(packages, "pip", "_internal"), { recursive: true });
    assert.deepEqual(missingPieces(second).map((path) => path.split("site-packages/")[1]), ["pip/_internal"]);
    assert.ok(!environmentReady(second));

    const linked = at("linked");
    mkdirSync(join(folder, "linked"));
    symlinkSync(second.venv, linked.venv, "dir");
    await makeEnvironment(linked);
    assert.ok(environmentReady(linked));
    assert.ok(!existsSync(join(linked.venv, "mark")), "it has a folder of its own");
    assert.equal(readFileSync(join(second.venv, "mark"), "utf8"), "made once");

    await makeEnvironment(second);
    assert.ok(environmentReady(second));
    assert.ok(!existsSync(join(second.venv, "mark")), "it was made anew");
  });
