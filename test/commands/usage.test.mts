import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/lib/paths.mjs";

const command = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(root, "scripts", `${script}.mjs`), ...args], { encoding: "utf8" });

const refusals: [string, string[], number, RegExp][] = [
  ["reproduce", ["99"], 2, /^no notebook's name starts with 99; there are 00-start-here, 01-/],
  ["reproduce", ["--profile", "fast"], 2, /^--profile must be one of quick, standard, full, got fast\n/],
  ["reproduce", ["--fast"], 2, /^Unknown option '--fast'/],
  ["bench", [], 1, /^error: name a benchmark: npm run bench -- <name>; there are copying, /],
  ["bench", ["speed"], 1, /^error: there is no benchmark "speed": .*there are copying, /],
  ["bench", ["ml106", "--rounds", "0"], 1, /^error: --rounds must be 1 or more, got 0\n/],
];
for (const [script, args, code, message] of refusals)
  test(`npm run ${script} -- ${args.join(" ")} is refused in one clear sentence`, () => {
    const { status, stderr } = command(script, ...args);
    assert.equal(status, code, stderr);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /^ {4}at /m);
  });

test("the doctor finds nothing missing after the set-up", () => {
  const { status, stdout } = command("doctor");
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^tfjs backend +tensorflow, 1 \+ 1 = 2$/m);
  assert.match(stdout, /^cores +\d+$/m);
});
