import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { compiled } from "../../scripts/bootstrap/compile.mjs";
import { kernelReady } from "../../scripts/bootstrap/kernel.mjs";
import { labExtensionReady } from "../../scripts/bootstrap/lab-extension.mjs";
import { forcedLink, nativeReady } from "../../scripts/bootstrap/native.mjs";
import { checkNode, packagesReady } from "../../scripts/bootstrap/packages.mjs";
import { root, venvProgram } from "../../scripts/bootstrap/paths.mjs";
import { environmentReady, findPython, labEnvironment } from "../../scripts/bootstrap/python.mjs";
import { run, withoutLoadNoise } from "../../scripts/bootstrap/run.mjs";

const folder = mkdtempSync(join(tmpdir(), "kh-setup-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A program made of shell lines. */
function program(name: string, lines: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${lines}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Runs `work` with an environment variable set. */
async function withEnv<T>(name: string, value: string | undefined, work: () => T | Promise<T>): Promise<T> {
  const before = process.env[name];
  const set = (text: string | undefined) => {
    if (text === undefined) delete process.env[name];
    else process.env[name] = text;
  };
  set(value);
  try {
    return await work();
  } finally {
    set(before);
  }
}

test("after the set-up that npm test did, every step is done", () => {
  assert.ok(packagesReady());
  assert.ok(environmentReady(labEnvironment));
  assert.ok(nativeReady());
  assert.ok(kernelReady());
  assert.ok(labExtensionReady());
  assert.ok(compiled());
});

test("Node 18 is refused with its version and a cure, Node 20 and 24 are taken", () => {
  assert.throws(() => checkNode("18.20.1"), /Node 20 or later is needed, this is 18\.20\.1\n {2}cure: install Node/);
  checkNode("20.0.0");
  checkNode("24.21.0");
});

test("no Python on PATH is named with its cure", async () => {
  await withEnv("PATH", folder, () =>
    withEnv("PYTHON", undefined, () =>
      assert.rejects(findPython([3, 9]), /Python 3\.9 or later is needed, none of python3.*apt install python3/s),
    ),
  );
});

test("a Python that is too old is named with its version", async () => {
  const old = program("old-python", "echo 3.8.18");
  await withEnv("PYTHON", old, () => assert.rejects(findPython([3, 9]), /old-python is 3\.8\.18/));
});

test("a Python without the venv module is named with its cure", async () => {
  const answers = "*version_info*) echo 3.11.2;; *) echo no ensurepip >&2; exit 1;;";
  const bare = program("bare-python", `case "$2" in ${answers} esac`);
  await withEnv("PYTHON", bare, () =>
    assert.rejects(findPython([3, 9]), /no ensurepip\n {2}cure: .*apt install python3-venv/s),
  );
});

test("TFJS_NATIVE takes two words and refuses others", async () => {
  await withEnv("TFJS_NATIVE", "wheel", () => assert.equal(forcedLink(), "wheel"));
  await withEnv("TFJS_NATIVE", "", () => assert.equal(forcedLink(), undefined));
  await withEnv("TFJS_NATIVE", "wasm", () =>
    assert.throws(forcedLink, /TFJS_NATIVE must be "official" or "wheel", got "wasm"/),
  );
});

test("a failure is one clear sentence, and its stack is shown with KH_DEBUG=1", () => {
  const show = (debug: string) =>
    spawnSync(process.execPath, [join(root, "scripts", "setup.mjs")], {
      encoding: "utf8",
      env: { ...process.env, TFJS_NATIVE: "wasm", KH_DEBUG: debug },
    });
  const { status, stderr } = show("");
  assert.equal(status, 1);
  assert.equal(stderr, 'error: TFJS_NATIVE must be "official" or "wheel", got "wasm"\n');
  assert.match(show("1").stderr, /at forcedLink/);
});

test("the kernel's registration holds absolute paths and the environment that TensorFlow needs", () => {
  const file = join(labEnvironment.venv, "share", "jupyter", "kernels", "tslab", "kernel.json");
  const kernel = JSON.parse(readFileSync(file, "utf8"));
  assert.equal(kernel.argv[0], process.execPath);
  const [flag, program, command] = kernel.argv.slice(1);
  assert.equal(flag, "--expose-internals");
  assert.ok(existsSync(program));
  assert.equal(command, "kernel");
  assert.equal(kernel.env.TF_CPP_MIN_LOG_LEVEL, "2");
  const listed = spawnSync(venvProgram(labEnvironment.venv, "jupyter"), ["kernelspec", "list", "--json"]);
  assert.ok("tslab" in JSON.parse(listed.stdout.toString()).kernelspecs);
});

test("children get back the two functions of util that newer Nodes lack", async () => {
  const removed = join(folder, "remove.cjs");
  writeFileSync(removed, 'const util = require("util"); delete util.isNullOrUndefined; delete util.isArray;');
  const program = 'const u = require("util"); [u.isNullOrUndefined(undefined), u.isNullOrUndefined(0), u.isArray([])]';
  const env = { NODE_OPTIONS: `--require "${removed}"` };
  assert.equal((await run(process.execPath, ["-p", program], { env })).output.trim(), "[ true, false, true ]");
});

test("only TensorFlow's two lines at load are taken out of stderr", async () => {
  const lines = [
    "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR",
    "I0000 00:00:1795351624.183483   12152 port.cc:153] oneDNN custom operations are on. You may see …",
    "E0000 00:00:1795351624.183483   12152 port.cc:153] something real",
    "a last line without an end",
  ];
  const filter = withoutLoadNoise();
  const whole = lines.join("\n");
  for (let i = 0; i < whole.length; i += 7) filter.write(whole.slice(i, i + 7));
  filter.end();
  let seen = "";
  for await (const text of filter) seen += text;
  assert.equal(seen, lines.slice(2).join("\n"));
});

test("a child that makes no progress is ended with its children, one that does is not", async () => {
  const stuck = program("stuck", "sleep 60 & echo $!; wait");
  const { stopped, output } = await run(stuck, [], { idleTimeout: 300 });
  assert.equal(stopped, "no progress for 0.3 s");
  const grandchild = Number(output);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const state = spawnSync("ps", ["-o", "stat=", "-p", `${grandchild}`], { encoding: "utf8" }).stdout.trim();
  assert.ok(state === "" || state.startsWith("Z"), state);
  const busy = program("busy", "for i in 1 2 3 4 5 6; do echo $i; sleep 0.2; done");
  assert.equal((await run(busy, [], { idleTimeout: 1_000 })).code, 0);
});

test("a child ends when the process that started it is killed", async () => {
  const file = join(folder, "pid");
  const script = program("long", `echo $$ > "${file}"; sleep 60`);
  const runModule = JSON.stringify(join(root, "scripts", "bootstrap", "run.mjs"));
  const source = `const { run } = await import(${runModule}); await run(${JSON.stringify(script)}, []);`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", source]);
  const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const pid = () => (existsSync(file) ? readFileSync(file, "utf8").trim() : "");
  while (pid() === "") await wait(20);
  parent.kill("SIGKILL");
  const alive = () => /^[^Z]/.test(spawnSync("ps", ["-o", "stat=", "-p", pid()], { encoding: "utf8" }).stdout.trim());
  for (let tries = 0; tries < 200 && alive(); tries++) await wait(20);
  assert.ok(!alive());
});

test("a program that does not exist gives exit code 127 and its name", async () => {
  const { code, output } = await run(join(folder, "nothing-here"), []);
  assert.equal(code, 127);
  assert.match(output, /nothing-here/);
});

test("a pattern that fits no test file is named", () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, "scripts", "test.mjs"), "no-such-topic"], {
    encoding: "utf8",
  });
  assert.equal(status, 1);
  assert.match(stderr, /^error: no test file's path contains no-such-topic; there are:/);
});
