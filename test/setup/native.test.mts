import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, createReadStream, existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { labEnvironment } from "../../scripts/bootstrap/python.mjs";
import { root } from "../../scripts/bootstrap/paths.mjs";

// The chain that puts native TensorFlow in place, tried on a small copy of the project: its scripts and the packages
// that tfjs-node needs, without the native part.

const folder = mkdtempSync(join(tmpdir(), "kh native "));
after(() => rmSync(folder, { recursive: true, force: true }));

const linux = process.platform === "linux" && process.arch === "x64";
const skip = linux ? false : "the stand-ins are made for Linux x64";
const realTfjs = join(root, "node_modules", "@tensorflow", "tfjs-node");

/** The packages that tfjs-node needs to be installed and to be loaded, with their own dependencies. */
function closure(names: string[], seen = new Set<string>()): Set<string> {
  for (const name of names.filter((candidate) => !seen.has(candidate))) {
    const file = join(root, "node_modules", name, "package.json");
    if (!existsSync(file)) continue;
    seen.add(name);
    closure(Object.keys(JSON.parse(readFileSync(file, "utf8")).dependencies ?? {}), seen);
  }
  return seen;
}

const home = join(folder, "project");

/** The copy of the project, without native part. Nothing in it leads back into the real packages. */
function project(): string {
  const tfjs = join(home, "node_modules", "@tensorflow", "tfjs-node");
  if (!existsSync(home)) {
    cpSync(join(root, "scripts"), join(home, "scripts"), { recursive: true });
    for (const needed of closure(["@tensorflow/tfjs-node", "node-api-headers"])) {
      const [from, to] = [join(root, "node_modules", needed), join(home, "node_modules", needed)];
      mkdirSync(dirname(to), { recursive: true });
      // Hard links save time; tfjs-node itself is copied, since its install script writes there.
      const links = needed === "@tensorflow/tfjs-node" ? 1 : spawnSync("cp", ["-RlL", from, to]).status;
      const filter = (source: string) => !/[/\\]tfjs-node[/\\](deps|lib|\.kh-native)$/.test(source);
      if (links !== 0) cpSync(realpathSync(from), to, { recursive: true, force: true, filter });
    }
    const bin = join(home, "node_modules", ".bin");
    mkdirSync(bin);
    symlinkSync("../@mapbox/node-pre-gyp/bin/node-pre-gyp", join(bin, "node-pre-gyp"));
    const { version } = JSON.parse(readFileSync(join(tfjs, "package.json"), "utf8"));
    const dependencies = { "@tensorflow/tfjs-node": version };
    writeFileSync(join(home, "package.json"), JSON.stringify({ name: "copy", version: "1.0.0", dependencies }));
    mkdirSync(join(home, ".venv", "bin"), { recursive: true });
  }
  for (const part of ["deps", "lib", ".kh-native"]) rmSync(join(tfjs, part), { recursive: true, force: true });
  return home;
}

interface Outcome {
  code: number | null;
  output: string;
}

/** Runs the chain in a copy of the project, without blocking the servers of this process. */
function install(cwd: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const program = `import { main } from "./scripts/bootstrap/say.mjs";
    import { installNative, nativeLink } from "./scripts/bootstrap/native.mjs";
    main(async () => {
      await installNative({ idleMs: 4000 });
      console.log("link: " + nativeLink());
    });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    cwd,
    env: { ...process.env, KH_CACHE_DIR: join(folder, "cache"), ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output })));
}

/** Answers as tfjs-node's download host for as long as `work` takes. */
async function withHost(answer: RequestListener, work: (env: NodeJS.ProcessEnv) => Promise<void>): Promise<void> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    await work({ TFJS_NODE_CDN_STORAGE: base, npm_config_tfjs_binding_binary_host_mirror: `${base}binding` });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** The loader finds the libraries that are here, so that the stand-in need not serve 850 MB. */
const libraries = { LD_LIBRARY_PATH: join(realTfjs, "deps", "lib") };

/** The two archives that the official host serves: the binding that is here, and a placeholder for the libraries. */
function archives(): { library: string; binding: string } {
  const stage = join(folder, "stage");
  const [lib, napi] = [join(stage, "lib"), join(stage, "napi-v8")];
  mkdirSync(lib, { recursive: true });
  mkdirSync(napi);
  writeFileSync(join(lib, "libtensorflow.so"), "a placeholder");
  cpSync(realpathSync(join(realTfjs, "lib", "napi-v8", "tfjs_binding.node")), join(napi, "tfjs_binding.node"));
  const [library, binding] = [join(folder, "library.tar.gz"), join(folder, "binding.tar.gz")];
  assert.equal(spawnSync("tar", ["-czf", library, "-C", stage, "lib"]).status, 0);
  assert.equal(spawnSync("tar", ["-czf", binding, "-C", stage, "napi-v8"]).status, 0);
  return { library, binding };
}

/** A PATH that has the shell's tools, node and npm, but no compiler. */
function pathWithoutCompiler(): string {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  for (const name of ["sh", "env", "ls", "cat"]) {
    const found = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).stdout.trim();
    if (!existsSync(join(bin, name))) symlinkSync(found, join(bin, name));
  }
  return bin;
}

test("the official binary is taken where its host answers, then comes from the cache", { skip }, async () => {
  const { library, binding } = archives();
  const asked: string[] = [];
  await withHost(
    (request, response) => {
      asked.push(request.url ?? "");
      createReadStream(/libtensorflow/.test(request.url ?? "") ? library : binding).pipe(response);
    },
    async (env) => {
      const { code, output } = await install(project(), { ...env, ...libraries, TFJS_NATIVE: "official" });
      assert.equal(code, 0, output);
      assert.match(output, /link: official/);
    },
  );
  assert.ok(asked.some((url) => /libtensorflow-cpu-linux-x86_64-2\.9\.1\.tar\.gz/.test(url)), asked.join(" "));
  const { code, output } = await install(project(), { ...libraries, TFJS_NATIVE: "official" });
  assert.equal(code, 0, output);
  assert.match(output, /from the cache: done/);
  assert.doesNotMatch(output, /download by tfjs-node/);
});

test("a host that has nothing, one that stalls, and a cure for both", { skip }, async () => {
  const env = { TFJS_NATIVE: "official", KH_CACHE_DIR: join(folder, "empty cache") };
  await withHost(
    (_request, response) => response.writeHead(404).end(),
    async (host) => {
      const { code, output } = await install(project(), { ...env, ...host });
      assert.equal(code, 1);
      assert.match(output, /official binary.*did not work.*cure: allow downloads from .*TFJS_NODE_CDN_STORAGE/s);
    },
  );
  await withHost(
    (_request, response) => void response.writeHead(200).write("a first piece"),
    async (host) => {
      const { code, output } = await install(project(), { ...env, ...host });
      assert.equal(code, 1);
      assert.match(output, /no progress for 4 s/);
    },
  );
});

test("when every way fails, one message has each one's cause and cure", { skip }, async () => {
  project();
  await withHost(
    (_request, response) => response.writeHead(404).end(),
    async (host) => {
      const cache = { KH_CACHE_DIR: join(folder, "empty cache") };
      const { code, output } = await install(home, { ...host, ...cache, PATH: pathWithoutCompiler(), CXX: "" });
      assert.equal(code, 1);
      const message = output.slice(output.indexOf("error: "));
      assert.match(message, /native TensorFlow could not be installed\. What was tried:/);
      assert.match(message, /- official binary .*cure: .*- Python wheel .*no C\+\+ compiler was found \(g\+\+, clang/s);
      assert.match(message, /cure: Debian, Ubuntu: `sudo apt install g\+\+`/);
    },
  );
});

test("a wheel that pip can't download is said with pip's own words and a cure", { skip }, async () => {
  project();
  const python = join(home, ".venv", "bin", "python");
  writeFileSync(python, "#!/bin/sh\necho ERROR: connection refused >&2\nexit 1\n");
  chmodSync(python, 0o755);
  const compiler = join(folder, "a compiler");
  writeFileSync(compiler, "#!/bin/sh\nexit 0\n");
  chmodSync(compiler, 0o755);
  const cache = join(folder, "empty cache");
  const { code, output } = await install(home, { TFJS_NATIVE: "wheel", KH_CACHE_DIR: cache, CXX: compiler });
  assert.equal(code, 1);
  assert.match(output, /could not download tensorflow-cpu 2\.21\.0:\n.*connection refused\n {2}cure: .*package index/);
  assert.deepEqual(readdirSync(cache).filter((name) => name.startsWith("tmp-")), []);
});

const wheelSkip = skip || (process.env.KH_TEST_DOWNLOADS ? false : "downloads 270 MB; KH_TEST_DOWNLOADS=1 runs it");

test("the wheel is downloaded and compiled, then comes from the cache", { skip: wheelSkip }, async () => {
  const cache = { KH_CACHE_DIR: join(folder, "wheel cache"), TFJS_NATIVE: "wheel" };
  for (const expected of [/compiled binding: done/, /from the cache: done/]) {
    project();
    rmSync(join(home, ".venv"), { recursive: true });
    symlinkSync(labEnvironment.venv, join(home, ".venv"));
    const { code, output } = await install(home, cache);
    assert.equal(code, 0, output);
    assert.match(output, expected);
  }
});
