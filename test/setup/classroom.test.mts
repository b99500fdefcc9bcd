import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  classEntries, classNotebooks, classReadme, forClass, unfinishedNotebooks,
} from "../../scripts/lib/classroom.mjs";
import { nameOf, notebookFiles, readNotebook, textOf } from "../../scripts/lib/notebooks.mjs";
import { checkOffline } from "../../scripts/bootstrap/offline.mjs";
import { root, venvProgram } from "../../scripts/bootstrap/paths.mjs";
import { findPython, labEnvironment, minorOf, versionOf } from "../../scripts/bootstrap/python.mjs";
import { writeZip } from "../../scripts/lib/zip.mjs";

const folder = mkdtempSync(join(tmpdir(), "kh-classroom-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const python = venvProgram(labEnvironment.venv, "python");
const zip = join(folder, "class.zip");
const unpacked = join(folder, "room");
await writeZip(zip, classEntries(true));
spawnSync(python, ["-m", "zipfile", "-e", zip, unpacked]);

const markdown = (source: string) => ({ id: "a", cell_type: "markdown" as const, metadata: {}, source });

test("the zip holds every notebook, without outputs, counts or a way to the solutions, and all code cells", () => {
  const names = readdirSync(join(unpacked, "notebooks")).filter((name) => name.endsWith(".ipynb"));
  assert.deepEqual(names.map((name) => join(root, "notebooks", name)).sort(), notebookFiles());
  for (const file of notebookFiles()) {
    const copy = readNotebook(file.replace(root, unpacked));
    const code = (cells: typeof copy.cells) => cells.filter(({ cell_type: type }) => type === "code");
    assert.deepEqual(
      code(copy.cells).map(({ source }) => textOf(source)),
      code(readNotebook(file).cells).map(({ source }) => textOf(source)),
    );
    for (const cell of code(copy.cells)) {
      assert.deepEqual(cell.outputs, []);
      assert.equal(cell.execution_count, null);
    }
    assert.doesNotMatch(copy.cells.map(({ source }) => textOf(source)).join("\n"), /\]\([^)]*solutions\//);
  }
});

test("the zip holds what its commands need, and no path of this machine in what was written for it", () => {
  const { scripts } = JSON.parse(readFileSync(join(unpacked, "package.json"), "utf8"));
  assert.deepEqual(Object.keys(scripts).sort(), ["build", "doctor", "lab", "reproduce", "setup"]);
  for (const command of Object.values<string>(scripts)) {
    const [, launcher, name] = command.split(" ");
    for (const file of [launcher, `scripts/${name}.mjs`]) assert.ok(existsSync(join(unpacked, file)), file);
  }
  for (const name of ["package-lock.json", "requirements.txt", "tsconfig.json", "lib/index.ts", "data/iris.csv",
    "notebooks/tsconfig.json", ...notebookFiles().map((file) => `notebooks/${nameOf(file)}/index.ts`)])
    assert.ok(existsSync(join(unpacked, name)), name);
  for (const made of [join("lib", "dist"), "dist", join("notebooks", "solutions")])
    assert.ok(!existsSync(join(unpacked, made)), made);
  for (const entry of classEntries(false)) {
    if (!("text" in entry)) continue;
    assert.ok(!entry.text.includes(root), entry.name);
    assert.ok(!entry.text.includes(homedir() + "/"), entry.name);
  }
});

test("every link of the class's notebooks that stays in the project leads to a file of the zip", () => {
  for (const name of readdirSync(join(unpacked, "notebooks")).filter((file) => file.endsWith(".ipynb"))) {
    const { cells } = readNotebook(join(unpacked, "notebooks", name));
    const prose = cells.filter(({ cell_type: type }) => type === "markdown");
    const text = prose.map(({ source }) => textOf(source)).join("\n").replace(/`[^`]*`/g, "");
    for (const [, href] of text.matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g))
      assert.ok(existsSync(join(unpacked, "notebooks", href)), `${name}: ${href}`);
  }
});

test("a notebook that has not run to its end is not handed out, and is named", () => {
  const file = (name: string, count: number | null) => {
    const path = join(folder, name);
    const code = { id: "a", cell_type: "code", metadata: {}, source: "1", outputs: [], execution_count: count };
    writeFileSync(path, JSON.stringify({ cells: [code], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    return path;
  };
  const files = [file("11-done.ipynb", 1), file("12-begun.ipynb", null)];
  assert.deepEqual(unfinishedNotebooks(files), ["12-begun"]);
  assert.deepEqual(classNotebooks(files).map(({ name }) => name.slice(-13)), ["11-done.ipynb"]);
  assert.deepEqual(unfinishedNotebooks(), [], "every committed notebook is finished");
});

test("the same entries give the same bytes; a zip that can't be written is named and leaves nothing", async () => {
  const again = join(folder, "again.zip");
  await writeZip(again, classEntries(true));
  assert.ok(readFileSync(again).equals(readFileSync(zip)));
  const bad = writeZip(join(folder, "bad.zip"), [{ name: "x", path: join(folder, "none") }]);
  await assert.rejects(bad, /bad\.zip could not be written: ENOENT: no such file/);
  assert.deepEqual(readdirSync(folder).filter((name) => name.startsWith("bad")), []);
});

test("a line that leads to the solutions goes, a cell of nothing else goes with it, and the original stays", () => {
  const notebook = {
    cells: [markdown("A\n\nSolutions: [there](solutions/01.ipynb)"), markdown("[there](solutions/01.ipynb)")],
    metadata: {}, nbformat: 4, nbformat_minor: 5,
  };
  assert.deepEqual(forClass(notebook).cells.map(({ source }) => textOf(source)), ["A"]);
  assert.equal(notebook.cells.length, 2);
});

test("the README of a class says whether a network is needed, and a part that is missing is named", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  assert.match(classReadme(readme, true), /No network is needed/);
  assert.match(classReadme(readme, false), /needs a network/);
  const without = readme.replace("## Troubleshooting", "## Trouble");
  assert.throws(() => classReadme(without, true), /section "Troubleshooting"/);
});

test("an offline bundle is refused on another system, processor, C library or older glibc, and taken elsewhere", () => {
  const made = { platform: "linux", arch: "x64", glibc: "2.36" };
  for (const glibc of ["2.36", "2.41", "3.0"]) checkOffline(made, { ...made, glibc });
  checkOffline({ ...made, platform: "darwin", glibc: null }, { ...made, platform: "darwin", glibc: null });
  const others = [{ platform: "darwin", glibc: null }, { arch: "arm64" }, { glibc: null }, { glibc: "2.9" }];
  for (const other of others) {
    assert.throws(
      () => checkOffline(made, { ...made, ...other }),
      /made for linux x64 with glibc 2\.36 or later, this is .*\n {2}cure: make one/,
    );
  }
});

test("an offline bundle takes the Python it was made for and names it where there is none", async () => {
  const here = minorOf(await versionOf(python));
  assert.ok(await findPython([3, 9], here));
  const refusal = /holds packages for Python 3\.99, .*\n {2}cure: install Python 3\.99/;
  await assert.rejects(findPython([3, 9], "3.99"), refusal);
});

test("in an unpacked bundle the folder offline is the cache, for the scripts and for lib", () => {
  const bundle = join(folder, "bundle");
  cpSync(join(root, "scripts"), join(bundle, "scripts"), { recursive: true });
  for (const name of ["offline", "data", "lib/data"]) mkdirSync(join(bundle, name), { recursive: true });
  cpSync(join(root, "data", "iris.csv"), join(bundle, "data", "iris.csv"));
  cpSync(join(root, "lib", "dist", "data", "files", "directories.js"), join(bundle, "lib", "data", "directories.cjs"));
  const program = `const { cacheDir } = await import("./scripts/bootstrap/paths.mjs");
    const { cacheDirectory } = await import("./lib/data/directories.cjs");
    console.log(JSON.stringify([cacheDir(), cacheDirectory()]));`;
  const caches = () => {
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      cwd: bundle, encoding: "utf8", env: { ...process.env, KH_CACHE_DIR: folder },
    });
    return JSON.parse(stdout);
  };
  assert.deepEqual(caches(), [folder, folder]);
  writeFileSync(join(bundle, "offline", "machine.json"), "{}");
  assert.deepEqual(caches(), [join(bundle, "offline"), join(bundle, "offline")]);
});
