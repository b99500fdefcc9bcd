import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { exerciseErrors, hygieneErrors, repeatedClaims, typeErrors } from "../../scripts/check-notebooks.mjs";
import { readNotebook } from "../../scripts/lib/notebooks.mjs";
import { root } from "../../scripts/bootstrap/paths.mjs";
import { runNotebook } from "../../scripts/lib/run-notebook.mjs";
import { filesBelow } from "../../scripts/bootstrap/stamp.mjs";

const project = mkdtempSync(join(tmpdir(), "kh-new-"));
after(() => rmSync(project, { recursive: true, force: true }));
for (const name of ["lib", "scripts", "notebooks", "data"])
  cpSync(join(root, name), join(project, name), { recursive: true, preserveTimestamps: true });
for (const name of ["tsconfig.json", "package-lock.json"]) cpSync(join(root, name), join(project, name));
symlinkSync(join(root, "node_modules"), join(project, "node_modules"), "dir");

const command = (...names: string[]) =>
  spawnSync(process.execPath, [join(project, "scripts", "new.mjs"), ...names], { encoding: "utf8" });
const listing = () => filesBelow(project, ["node_modules"]).map((file) => `${file} ${readFileSync(file).length}`);

for (const [names, status, message] of [
  [["topic"], 1, /^error: a name must be two digits and lower-case words, like 20-topic; got topic\n$/],
  [["20-Topic"], 1, /^error: a name must be .*; got 20-Topic\n$/],
  [["../20-topic"], 1, /^error: a name must be .*; got \.\.\/20-topic\n$/],
  [["07-topic"], 1, /^error: the number 07 is taken by 07-mnist-poisoning\n$/],
  [[], 2, /^error: one name is needed, got 0\n {2}usage: npm run new -- 20-topic\n$/],
  [["20-topic", "21-topic"], 2, /^error: one name is needed, got 2\n/],
] as [string[], number, RegExp][])
  test(`npm run new -- ${names.join(" ")} is refused, and nothing is written`, () => {
    const before = listing();
    const run = command(...names);
    assert.equal(run.status, status);
    assert.match(run.stderr, message);
    assert.deepEqual(listing(), before);
  });

test("npm run new -- 90-noisy-labels writes a notebook and solutions that type-check and run, and takes the number",
  async () => {
    const before = listing();
    const { status, stdout, stderr } = command("90-noisy-labels");
    assert.equal(status, 0, stderr);
    const paths = ["notebooks/90-noisy-labels.ipynb", "notebooks/solutions/90-noisy-labels.ipynb",
      ...["index.ts", "sizes.ts", "exercises.ts", "notes.json", "package.json"]
        .map((file) => `notebooks/90-noisy-labels/${file}`)];
    assert.deepEqual(stdout.split("\n").slice(0, paths.length), paths);
    assert.deepEqual(listing().filter((file) => !before.includes(file)).map((file) => file.split(" ")[0]).sort(),
      paths.map((path) => join(project, path)).sort(), "no other file is touched");
    const notes = JSON.parse(readFileSync(join(project, "notebooks", "90-noisy-labels", "notes.json"), "utf8"));
    assert.deepEqual(Object.keys(notes), ["source", "headline"]);

    const built = spawnSync(process.execPath, [join(project, "scripts", "build.mjs")], { encoding: "utf8" });
    assert.equal(built.status, 0, built.stderr);
    const files = paths.slice(0, 2).map((path) => join(project, path));
    assert.deepEqual(typeErrors(files), []);

    const ran = ["notebook", "solutions"].map((kind) => join(project, "ran", kind, "90-noisy-labels.ipynb"));
    for (const [i, file] of files.entries()) {
      const { failure, record } = await runNotebook(file, { profile: "quick", executed: ran[i] });
      assert.equal(failure?.message, undefined);
      assert.deepEqual(record?.claims.map(({ verdict }) => verdict), i === 0 ? ["reproduced"] : []);
    }
    assert.deepEqual(ran.flatMap(hygieneErrors), []);
    assert.deepEqual(repeatedClaims(ran), []);
    assert.deepEqual(exerciseErrors("90-noisy-labels", readNotebook(ran[0]), readNotebook(ran[1])), []);

    const again = command("90-other");
    assert.equal(again.status, 1);
    assert.match(again.stderr, /^error: the number 90 is taken by 90-noisy-labels\n$/);
    assert.ok(!existsSync(join(project, "notebooks", "90-other.ipynb")));
  });
