import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { sweepCache, temporaryFolder } from "../../scripts/bootstrap/cache.mjs";
import { root } from "../../scripts/bootstrap/paths.mjs";
import { isRunning } from "../../scripts/bootstrap/processes.mjs";
import { checkWritable, dropLink, makeFolder } from "../../scripts/bootstrap/stamp.mjs";

const folder = mkdtempSync(join(tmpdir(), "kh-folders-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const linux = process.platform === "linux" ? false : "there is no /proc here";

test("where no folder can be made, below /proc too, that is said at once", { skip: linux, timeout: 10_000 }, () => {
  assert.throws(() => makeFolder("/proc/none/deeper/still"), { code: "ENOENT" });
  writeFileSync(join(folder, "file"), "");
  assert.throws(() => makeFolder(join(folder, "file", "below", "it")), { code: "ENOTDIR" });
  makeFolder(join(folder, "a", "b", "c"));
  checkWritable(join(folder, "a", "b", "c"));
  assert.ok(existsSync(join(folder, "a", "b", "c")));
});

test("a link is taken away, and what it leads to stays", () => {
  const [precious, link] = [join(folder, "precious"), join(folder, "link")];
  mkdirSync(precious);
  writeFileSync(join(precious, "work.txt"), "work");
  symlinkSync(precious, link, "dir");
  dropLink(link);
  assert.ok(!existsSync(link));
  assert.equal(readFileSync(join(precious, "work.txt"), "utf8"), "work");
  dropLink(precious);
  dropLink(join(folder, "none"));
  assert.ok(existsSync(precious));
});

test("a process that can't be signalled lives; one that has ended does not", (t) => {
  assert.ok(isRunning(process.pid));
  const ended = spawnSync(process.execPath, ["-e", ""]).pid;
  assert.ok(!isRunning(ended));
  for (const none of [0, -1, Number.NaN, 1.5]) assert.ok(!isRunning(none));
  t.mock.method(process, "kill", () => {
    throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
  });
  assert.ok(isRunning(4711));
});

test("of temporary folders in the cache only those go whose maker has ended", (t) => {
  const before = process.env.KH_CACHE_DIR;
  process.env.KH_CACHE_DIR = join(folder, "cache");
  t.after(() => {
    if (before === undefined) delete process.env.KH_CACHE_DIR;
    else process.env.KH_CACHE_DIR = before;
  });
  const mine = temporaryFolder("mine");
  const ended = spawnSync(process.execPath, ["-e", ""]).pid;
  const [left, foreign, old] = [
    mine.replace(`-${process.pid}-`, `-${ended}-`),
    join(folder, "cache", `tmp-00000000-${ended}-foreign`), join(folder, "cache", `tmp-00000000-${ended}-old`),
  ];
  for (const path of [left, foreign, old]) mkdirSync(path);
  utimesSync(old, new Date(0), new Date(0));
  sweepCache();
  assert.deepEqual([mine, left, foreign, old].map((path) => existsSync(path)), [true, false, true, false], hostname());
  assert.match(basename(mine), /^tmp-[0-9a-f]{8}-/);
});

/** Runs a command of the project with another environment. */
function doctor(env: NodeJS.ProcessEnv): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(root, "scripts", "doctor.mjs")], {
    encoding: "utf8", env: { ...process.env, ...env }, timeout: 120_000,
  });
}

test("a cache that can't be made is told by the doctor, with KH_CACHE_DIR as the cure", () => {
  const home = join(folder, "home-file");
  writeFileSync(home, "");
  for (const env of [{ HOME: home, KH_CACHE_DIR: "" }, { KH_CACHE_DIR: join(home, "cache") }]) {
    const { status, stdout } = doctor(env);
    assert.equal(status, 1);
    assert.match(stdout, /^cache +\S+ can't be written: a file stands where .* \(ENOTDIR\)\n.*KH_CACHE_DIR$/m);
  }
});

test("a wrong setting and a wrong file in KH_DATA_DIR are told by the doctor", () => {
  const data = join(folder, "data");
  makeFolder(join(data, "uci"));
  writeFileSync(join(data, "uci", "sonar.csv"), "1,2,3\n");
  const { status, stdout } = doctor({ KH_DATA_DIR: data, KH_PROFILE: "huge" });
  assert.equal(status, 1);
  assert.match(stdout, /^settings +KH_PROFILE must be one of quick, standard, full, got huge$/m);
  assert.match(stdout, /^data uci +passed over: \S+\/uci\/sonar\.csv: .+$/m);
});
