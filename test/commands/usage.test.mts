import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { root } from "../../scripts/bootstrap/paths.mjs";

const command = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(root, "scripts", `${script}.mjs`), ...args], { encoding: "utf8" });

type Refusal = [string, string[], number, RegExp];

const refusals: Refusal[] = [
  ["reproduce", ["99"], 2, /^error: no notebook's name starts with 99; there are 00-start-here, 01-/],
  ["reproduce", ["--profile", "fast"], 2, /^error: --profile must be one of quick, standard, full, got fast\n/],
  ["reproduce", ["--processes", "0"], 2,
    /^error: --processes must be an integer of at least 1, got 0\n {2}usage: npm run reproduce -- /],
  ["reproduce", ["--compare", "1999"], 1, /^error: no run's name starts with 1999; there are/],
  ["reproduce", ["--compare", "a", "b", "c"], 2, /^error: --compare takes two runs, got a b c\n/],
  ["bench", [], 2, /^error: name a benchmark; there are (?:\w+, )*copying, .*\n {2}usage: npm run bench -- <name> …/],
  ["bench", ["speed"], 2, /^error: there is no benchmark "speed"; there are (?:\w+, )*copying, /],
  ["bench", ["ml106", "--rounds", "0"], 2, /^error: --rounds must be an integer of at least 1, got 0\n/],
  ["test", ["nothing-like-it"], 1, /^error: no test file's path contains nothing-like-it; there are:\n/],
  ["hub", ["--port", "http"], 2, /^error: --port must be an integer from 1 to 65533, got http\n/],
  ["hub", ["--ip", "example.org"], 1, /^error: --ip must be an IP address, got example\.org\n/],
  ["hub", ["--trial", "0"], 2, /^error: --trial must be an integer from 1 to 200, got 0\n/],
  ["hub", ["--trial", "1", "--notebook", "99"], 1, /^error: no notebook's name starts with 99; there are 00-/],
  ["assignment", [], 2,
    /^error: name a notebook, as in npm run assignment -- 07\n {2}usage: npm run assignment -- 07 …/],
  ["assignment", ["99"], 1, /^error: no notebook's name starts with 99; there are 00-/],
  ["assignment", ["07", "--points", "0"], 2, /^error: --points must be an integer of at least 1, got 0\n/],
  ["grade", ["00", "07"], 2, /^error: name one assignment, as in npm run grade -- 07\n/],
  ["leaderboard", ["--memory", "64"], 2, /^error: --memory must be an integer of at least 128, got 64\n/],
  ["leaderboard", ["ada"], 2, /^error: npm run leaderboard takes no word beside its options, got ada\n/],
  ["hub", ["--assignments", "/nowhere"], 2, /^error: --assignments must name a file that is there, got \/nowhere\n/],
  ["hub", ["--folder", "/dev/null/class"], 1,
    /^error: \/dev\/null\/class can't be written: a file stands where a folder is needed \(ENOTDIR\)\n.*\n$/],
  ["hub", ["--ssl-key", fileURLToPath(import.meta.url)], 2, /^error: --ssl-key and --ssl-cert need each other\n/],
  ["hub", ["--ssl-key", "no.pem", "--ssl-cert", "no.pem"], 2,
    /^error: --ssl-key must name a file that is there, got no\.pem\n/],
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
