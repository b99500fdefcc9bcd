import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/lib/paths.mjs";

const command = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(root, "scripts", `${script}.mjs`), ...args], { encoding: "utf8" });

type Refusal = [string, string[], number, RegExp];

const refusals: Refusal[] = [
  ["reproduce", ["99"], 2, /^no notebook's name starts with 99; there are 00-start-here, 01-/],
  ["reproduce", ["--profile", "fast"], 2, /^--profile must be one of quick, standard, full, got fast\n/],
  ["reproduce", ["--processes", "0"], 2, /^--processes must be 1 or more, got 0\nusage: npm run reproduce -- /],
  ["reproduce", ["--fast"], 2, /^Unknown option '--fast'/],
  ["bench", [], 1,
    /^error: name a benchmark: npm run bench -- <name> \[--rounds 5\] \[--save\]; there are (?:\w+, )*copying, /],
  ["bench", ["speed"], 1, /^error: there is no benchmark "speed": .*there are (?:\w+, )*copying, /],
  ["bench", ["ml106", "--rounds", "0"], 1, /^error: --rounds must be 1 or more, got 0\n/],
  ["test", ["nothing-like-it"], 1, /^error: no test file's path contains nothing-like-it; there are:\n/],
  ["site", ["--fast"], 2, /^Unknown option '--fast'.*\nusage: npm run site -- /],
  ["hub", ["--fast"], 1, /^error: Unknown option '--fast'.*\n {2}cure: npm run hub -- /],
  ["hub", ["--port", "http"], 1, /^error: --port must be an integer from 1 to 65533, got http\n/],
  ["hub", ["--ip", "example.org"], 1, /^error: --ip must be an IP address, got example\.org\n/],
  ["hub", ["--trial", "0"], 1, /^error: --trial must be an integer from 1 to 200, got 0\n/],
  ["hub", ["--trial", "1", "--notebook", "99"], 1, /^error: no notebook's name starts with 99; there are 00-/],
  ["hub", ["--folder", "/dev/null/class"], 1, /^error: --folder \/dev\/null\/class can't be made: ENOTDIR\b.*\n$/],
  ["hub", ["--ssl-key", "key.pem"], 1, /^error: --ssl-key and --ssl-cert need each other\n/],
  ["hub", ["--ssl-key", "no.pem", "--ssl-cert", "no.pem"], 1, /^error: there is no file \S+no\.pem\n/],
  ...["setup", "build", "doctor", "readme", "check-links", "check-spelling"].map((name): Refusal =>
    [name, ["--fast"], 1, RegExp(`^error: npm run ${name.replace("-", ":")} takes no argument, got --fast\\n$`)]),
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
