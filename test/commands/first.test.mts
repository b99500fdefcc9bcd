import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { root } from "../../scripts/bootstrap/paths.mjs";

// What can be known at once is said at once: commands of a fresh clone (no packages, no Python environment), which
// would else work for a minute before they fail.

const folder = mkdtempSync(join(tmpdir(), "kh-first-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const clone = join(folder, "clone");
for (const name of ["scripts", "notebooks", "bench"]) cpSync(join(root, name), join(clone, name), { recursive: true });
for (const name of ["package.json", "package-lock.json", "requirements.txt", "tsconfig.json"])
  cpSync(join(root, name), join(clone, name));

/** Programs that fail, so that none of them is ever started in earnest. */
const bin = join(folder, "bin");
mkdirSync(bin);
for (const name of ["npm", "python3", "python", "g++", "clang++", "c++"]) {
  writeFileSync(join(bin, name), `#!/bin/sh\necho ${name} was started >&2\nexit 1\n`);
  chmodSync(join(bin, name), 0o755);
}
symlinkSync(process.execPath, join(bin, "node"));
for (const name of ["sh", "git"]) {
  const found = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
  if (found) symlinkSync(found, join(bin, name));
}

function command(script: string, args: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const none = { KH_PROFILE: "", KH_SEED: "", KH_SIZES: "", PYTHON: "", CXX: "", npm_execpath: "" };
  return spawnSync(process.execPath, [join(clone, "scripts", `${script}.mjs`), ...args], {
    encoding: "utf8", env: { ...process.env, ...none, PATH: bin, KH_CACHE_DIR: join(folder, "cache"), ...env },
  });
}

const npmScripts: Record<string, string> = JSON.parse(readFileSync(join(clone, "package.json"), "utf8")).scripts;
for (const name of Object.values(npmScripts).map((line) => line.split(" ").at(-1) as string))
  if (name !== "lab")
    test(`${name} --fast is refused before any package is there, with its usage`, () => {
      const { status, stderr } = command(name, ["--fast"]);
      assert.equal(status, 2, stderr);
      assert.match(stderr, /^error: Unknown option '--fast'\n {2}usage: npm run \S+.*\n$/);
    });

test("a wrong seed, sizes or profile are refused before the set-up", () => {
  for (const [env, message] of [
    [{ KH_SEED: "-1" }, /^error: KH_SEED must be an integer in \[0, 4294967295\], got -1\n/],
    [{ KH_SEED: "many" }, /^error: KH_SEED must be an integer in \[0, 4294967295\], got "many"\n/],
    [{ KH_SIZES: "{queries: 1}" }, /^error: KH_SIZES must be a JSON object of sizes, got \{queries: 1\}\n/],
    [{ KH_SIZES: "[1]" }, /^error: KH_SIZES must be a JSON object of sizes, got \[1\]\n/],
    [{ KH_PROFILE: "huge" }, /^error: KH_PROFILE must be one of quick, standard, full, got huge\n/],
  ] as [NodeJS.ProcessEnv, RegExp][])
    for (const name of ["reproduce", "lab"]) {
      const { status, stderr } = command(name, [], env);
      assert.notEqual(status, 0);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /was started/);
    }
  assert.match(command("sweep", ["00", "--grid", "queries=1"], { KH_SEED: "7" }).stderr,
    /^error: KH_SEED has no say in a sweep: write it into --grid\n/);
});

test("a missing Python is named before the packages are installed", () => {
  const { status, stderr } = command("setup");
  assert.equal(status, 1);
  assert.match(stderr, /^error: Python 3\.9 or later is needed, none of python3, python, .*\n {2}cure: install it/);
});

const linux = process.platform === "linux" && process.arch === "x64" ? false : "only Linux x64 compiles";
test("a missing compiler is named before the packages are installed, where nothing else can bring TensorFlow",
  { skip: linux }, () => {
    const python = join(folder, "python3");
    writeFileSync(python, "#!/bin/sh\ncase \"$2\" in *version_info*) echo 3.11.2;; esac\n");
    chmodSync(python, 0o755);
    const env = { PYTHON: python, TFJS_NODE_CDN_STORAGE: "http://127.0.0.1:9/", HTTPS_PROXY: "", https_proxy: "",
      HTTP_PROXY: "", http_proxy: "" };
    const { status, stderr } = command("setup", [], env);
    assert.equal(status, 1);
    assert.match(stderr, /^error: native TensorFlow can't be installed: .*127\.0\.0\.1:9\/\) can't be reached, and no/);
    const forced = command("setup", [], { ...env, TFJS_NATIVE: "wheel" });
    assert.match(forced.stderr, /^error: .*no C\+\+ compiler was found/);
    const found = command("setup", [], { ...env, HTTPS_PROXY: "http://proxy:1" });
    assert.match(found.stderr, /npm packages \(npm ci\)/, "a proxy may reach what we can't");
  });

test("folders that can't be made or written are named before any work, with the cure", () => {
  const file = join(folder, "a file");
  writeFileSync(file, "");
  assert.match(command("setup", [], { KH_CACHE_DIR: join(file, "cache") }).stderr,
    /^error: \S+a file\/cache can't be written: a file stands where .* \(ENOTDIR\)\n {2}cure: .*KH_CACHE_DIR\n$/);
  const homeless = command("setup", [], { KH_CACHE_DIR: "", HOME: "" });
  assert.match(homeless.stderr, /^error: this account has no home folder .*KH_CACHE_DIR\n$/);
  writeFileSync(join(clone, "results"), "");
  try {
    assert.match(command("reproduce", ["00"]).stderr,
      /^error: \S+results\S* can't be written: a file stands .*\n {2}cure: make the project's folder writable/);
  } finally {
    rmSync(join(clone, "results"));
  }
});

test("a hub's busy port and weak password are told before its set-up", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  try {
    const { stderr } = command("hub", ["--port", String(port)]);
    assert.match(stderr, RegExp(`^error: port ${port} at 127.0.0.1 is in use`));
  } finally {
    server.close();
  }
  assert.match(command("hub", [], { KH_HUB_PASSWORD: "short" }).stderr, /^error: KH_HUB_PASSWORD must have 8 or more/);
});
