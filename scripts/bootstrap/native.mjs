import { existsSync, linkSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { keep, temporaryFolder } from "./cache.mjs";
import { npmCommand } from "./packages.mjs";
import { cacheDir, root, venvProgram } from "./paths.mjs";
import { labEnvironment } from "./python.mjs";
import { causeIn, run } from "./run.mjs";
import { SetupError, say, step } from "./say.mjs";
import { bytesBelow, digest, filesBelow, makeFolder, readText, writeWhole } from "./stamp.mjs";

/** @typedef {"official" | "wheel"} Link */

const here = dirname(fileURLToPath(import.meta.url));
const wheelVersion = "2.21.0";
const libraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];

/** The folders and files of tfjs-node that the native part fills. */
function places() {
  const tfjs = join(root, "node_modules", "@tensorflow", "tfjs-node");
  return { tfjs, deps: join(tfjs, "deps"), lib: join(tfjs, "lib"), stamp: join(tfjs, ".kh-native") };
}

/**
 * The link of the chain that the user forces with TFJS_NATIVE, if any.
 * @returns {Link | undefined}
 * @throws {SetupError} for any other value
 */
export function forcedLink() {
  const value = process.env.TFJS_NATIVE;
  if (value === undefined || value === "") return undefined;
  if (value === "official" || value === "wheel") return value;
  throw new SetupError(`TFJS_NATIVE must be "official" or "wheel", got "${value}"`);
}

/**
 * Refuses a TensorFlow that was asked for with TFJS_BACKEND and is not there.
 * @returns {string} the package that runs TensorFlow
 * @throws {SetupError}
 */
export function checkBackend() {
  const require = createRequire(import.meta.url);
  const { absent, gpu, tensorflowPackage } = require("../tensorflow-backend.cjs");
  try {
    const name = tensorflowPackage(process.env.TFJS_BACKEND);
    if (name === gpu) require.resolve(gpu);
    return name;
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new SetupError(code === "MODULE_NOT_FOUND" ? absent : message);
  }
}

/** @returns {string} sizes of everything native, as a fingerprint of what was tested */
function fingerprint() {
  const { deps, lib } = places();
  return [...filesBelow(deps), ...filesBelow(lib)]
    .filter((file) => /\.(node|so|dylib|dll)(\.|$)/.test(file))
    .map((file) => `${file.slice(root.length)} ${statSync(file).size}`)
    .join("\n");
}

/** @returns {{ link: string, files: string } | undefined} */
function readStamp() {
  const [link, ...files] = (readText(places().stamp) ?? "").split("\n");
  return link ? { link, files: files.join("\n") } : undefined;
}

/** @param {string} link */
function writeStamp(link) {
  writeWhole(places().stamp, `${link}\n${fingerprint()}`);
}

/** @returns {boolean} whether a native part that was tested is in place */
export function nativeReady() {
  const stamp = readStamp();
  const forced = forcedLink();
  const tested = stamp !== undefined && stamp.files !== "" && stamp.files === fingerprint();
  return tested && (!forced || stamp.link === forced);
}

/**
 * Refuses, before anything long begins, a machine on which no way to native TensorFlow can work: it is not there, not
 * in the cache, its host can't be reached, and there is no compiler.
 * @throws {SetupError}
 */
export async function checkNative() {
  const forced = forcedLink();
  const cache = existsSync(cacheDir()) ? readdirSync(cacheDir()) : [];
  const kept = cache.some((name) => name.startsWith("tfjs-native-"));
  if (forced === "official" || kept || existsSync(places().lib)) return;
  try {
    checkWheel();
    await findCompiler();
  } catch (error) {
    if (!forced && (await officialReached())) return;
    const also = forced ? "" : `TensorFlow's own download host (${officialHost()}) can't be reached, and `;
    throw new SetupError(`native TensorFlow can't be installed: ${also}${/** @type {Error} */ (error).message}`);
  }
}

const officialHost = () => process.env.TFJS_NODE_CDN_STORAGE || "https://storage.googleapis.com/";

/** @returns {Promise<boolean>} true also where only a proxy could tell */
async function officialReached() {
  const { HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy } = process.env;
  if (HTTPS_PROXY || https_proxy || HTTP_PROXY || http_proxy) return true;
  return fetch(officialHost(), { method: "HEAD", signal: AbortSignal.timeout(5_000) }).then(() => true, () => false);
}

/** @returns {string} which link put the native part there */
export function nativeLink() {
  return readStamp()?.link ?? "none";
}

/**
 * Loads tfjs-node in a process of its own and adds two numbers.
 * @returns {Promise<string | undefined>} why it does not work, or undefined
 */
async function whyNotLoading() {
  if (!existsSync(join(places().lib, "napi-v8", "tfjs_binding.node"))) return "no native binding is installed";
  const program = `const tf = require("@tensorflow/tfjs-node");
    process.exit(tf.getBackend() === "tensorflow" && tf.add(1, 1).dataSync()[0] === 2 ? 0 : 3);`;
  const { code, output, stopped } = await run(process.execPath, ["-e", program], { timeout: 120_000 });
  return code === 0 ? undefined : causeIn(stopped ?? (output || `exit code ${code}`), 6);
}

/**
 * Puts the native TensorFlow of tfjs-node in place by the first way that works: it loads already; it is in the cache;
 * the official binary; TensorFlow's Python wheel with the binding compiled here.
 * @param {{ idleMs?: number }} [options] after how long without progress the official download is given up
 * @throws {SetupError} with every attempt's cause and cure
 */
export async function installNative({ idleMs = 20_000 } = {}) {
  const forced = forcedLink();
  if (!forced && (await whyNotLoading()) === undefined) {
    say("native TensorFlow: loads already");
    writeStamp("present");
    return;
  }
  /** @type {string[]} */
  const failures = [];
  const links = forced ? [forced] : /** @type {Link[]} */ (["official", "wheel"]);
  const kept = links.filter((link) => existsSync(cached(link)));
  const attempts = [
    ...kept.map((link) => ({ link, title: "from the cache", attempt: fromCache })),
    ...links.map((link) => ({ link, title: titles[link], attempt: link === "official" ? official : wheel })),
  ];
  for (const { link, title, attempt } of attempts) {
    try {
      await step(`native TensorFlow, ${title}`, async () => {
        clear();
        await attempt(link, idleMs);
        const reason = await whyNotLoading();
        if (reason) throw new SetupError(`it does not load:\n${reason}`, "open an issue with this message");
        if (attempt === official) keepOfficial();
        writeStamp(link);
      }, () => `, ${Math.round(bytesBelow(attempt === wheel ? cacheDir() : places().deps) / 1e6)} MB`);
      return;
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      failures.push(`- ${title}: ${error.message}`);
      say(`native TensorFlow, ${title}: did not work (${error.message.split("\n")[0].replace(/:$/, "")})`);
      if (attempt === fromCache) rmSync(cached(link), { recursive: true, force: true });
    }
  }
  clear();
  throw new SetupError(`native TensorFlow could not be installed. What was tried:\n${failures.join("\n")}`);
}

/** @type {Record<Link, string>} */
const titles = {
  official: "official binary (download by tfjs-node)",
  wheel: `Python wheel tensorflow-cpu ${wheelVersion} and compiled binding`,
};

function clear() {
  const { tfjs, deps, lib, stamp } = places();
  if (existsSync(tfjs) && realpathSync(tfjs) !== join(realpathSync(root), relative(root, tfjs))) {
    throw new SetupError(
      `node_modules is a link to ${realpathSync(tfjs)}, where TensorFlow does not load; what belongs to others stays`,
      "remove the link and run the command again: the project then gets packages of its own",
    );
  }
  for (const path of [stamp, deps, lib]) rmSync(path, { recursive: true, force: true });
}

/**
 * Where a link's result is kept outside the clone: deps/ and lib/ as tfjs-node wants them.
 * @param {Link} link
 * @returns {string}
 */
function cached(link) {
  const { tfjs } = places();
  const { version } = createRequire(import.meta.url)(join(tfjs, "package.json"));
  const sources = filesBelow(join(tfjs, "binding"));
  const key = digest([version, link, wheelVersion], sources).slice(0, 12);
  return join(cacheDir(), `tfjs-native-${link}-${process.platform}-${process.arch}-${key}`);
}

/**
 * The native part that is in place, as the cache of another machine of this kind keeps it.
 * @returns {{ from: string, name: string }[]} each file, and its name below the cache
 */
export function nativeFiles() {
  const { tfjs, deps, lib } = places();
  const link = nativeLink() === "wheel" ? "wheel" : "official";
  return [...filesBelow(deps), ...filesBelow(lib)]
    .map((from) => ({ from, name: `${basename(cached(link))}/${relative(tfjs, from).split(sep).join("/")}` }));
}

/**
 * Hard-links a file, or links it symbolically where the cache lies on another disk.
 * @param {string} from
 * @param {string} to
 */
function share(from, to) {
  makeFolder(dirname(to));
  try {
    linkSync(from, to);
  } catch {
    symlinkSync(from, to);
  }
}

/** @param {Link} link */
async function fromCache(link) {
  const { tfjs } = places();
  const folder = cached(link);
  for (const file of filesBelow(folder)) share(file, join(tfjs, file.slice(folder.length + 1)));
}

/**
 * Link 1: what tfjs-node's own install script does.
 * @param {Link} _link
 * @param {number} idleMs
 */
async function official(_link, idleMs) {
  const npm = npmCommand();
  const args = ["rebuild", "@tensorflow/tfjs-node", "--ignore-scripts=false", "--foreground-scripts"];
  const { deps, lib } = places();
  const { code, output, stopped } = await run(npm.program, [...npm.args, ...args], {
    idleTimeout: idleMs,
    growth: () => bytesBelow(deps) + bytesBelow(lib),
  });
  if (code === 0 && existsSync(lib)) return;
  throw new SetupError(
    stopped ?? `its install script failed:\n${causeIn(output)}`,
    "allow downloads from storage.googleapis.com, or name a mirror in TFJS_NODE_CDN_STORAGE",
  );
}

function keepOfficial() {
  const { deps, lib } = places();
  const temporary = temporaryFolder("official");
  for (const [from, name] of [[deps, "deps"], [lib, "lib"]]) {
    for (const file of filesBelow(from)) share(file, join(temporary, name, file.slice(from.length + 1)));
  }
  keep(temporary, cached("official"));
}

/** Link 2: TensorFlow's Python wheel, and tfjs-node's binding compiled against its headers. */
async function wheel() {
  checkWheel();
  const compiler = await findCompiler();
  const temporary = temporaryFolder("wheel");
  try {
    const download = join(temporary, "download");
    const lib = join(temporary, "result", "deps", "lib");
    const include = join(temporary, "include");
    const python = venvProgram(labEnvironment.venv, "python");
    // The wheel is used for its libraries only, so one Python's wheel serves whatever Python is here.
    const pip = await run(python, [
      ...["-m", "pip", "download", "--disable-pip-version-check", "--no-input", "--no-cache-dir"],
      ...["--progress-bar", "off", "--no-deps", "--require-hashes", "--only-binary=:all:"],
      ...["--platform", "manylinux_2_27_x86_64"],
      ...["--implementation", "cp", "--python-version", "311", "--abi", "cp311"],
      ...["--dest", download, "-r", join(here, "tfjs-requirements.txt")],
    ], { env: { TMPDIR: temporary } });
    const file = pip.code === 0 ? readdirSync(download).find((name) => name.endsWith(".whl")) : undefined;
    if (!file) {
      throw new SetupError(
        `pip could not download tensorflow-cpu ${wheelVersion}:\n${causeIn(pip.output)}`,
        "check that the Python package index can be reached and that the disk has 3 GB free",
      );
    }
    const unpack = await run(python, [join(here, "unpack_wheel.py"), join(download, file), lib, include]);
    if (unpack.code !== 0) {
      throw new SetupError(`the wheel could not be unpacked:\n${causeIn(unpack.output)}`, "free 3 GB of disk space");
    }
    rmSync(download, { recursive: true });
    await compile(compiler, include, join(temporary, "result"));
    keep(join(temporary, "result"), cached("wheel"));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  await fromCache("wheel");
}

/** @throws {SetupError} where there is no wheel for this machine */
function checkWheel() {
  if (process.platform === "linux" && process.arch === "x64") return;
  throw new SetupError(
    `there is no wheel for ${process.platform} ${process.arch} that this way supports (Linux x64 only)`,
    "use the official binary, or a Linux x64 machine or container",
  );
}

/** @returns {Promise<string>} */
async function findCompiler() {
  const candidates = process.env.CXX ? [process.env.CXX] : ["g++", "clang++", "c++"];
  for (const candidate of candidates) {
    if ((await run(candidate, ["--version"])).code === 0) return candidate;
  }
  throw new SetupError(
    `no C++ compiler was found (${candidates.join(", ")})`,
    "Debian, Ubuntu: `sudo apt install g++`; Fedora: `sudo dnf install gcc-c++`",
  );
}

/**
 * @param {string} compiler
 * @param {string} include the wheel's headers
 * @param {string} result the folder that holds deps/lib and gets lib/napi-v8
 */
async function compile(compiler, include, result) {
  const { tfjs } = places();
  const output = join(result, "lib", "napi-v8", "tfjs_binding.node");
  const includes = [join(root, "node_modules", "node-api-headers", "include"), include, join(tfjs, "binding")];
  makeFolder(dirname(output));
  const compiled = await run(compiler, [
    ...["-O2", "-std=c++17", "-shared", "-fPIC", "-DNAPI_VERSION=8", "-DBUILDING_NODE_EXTENSION"],
    ...includes.map((path) => `-I${path}`),
    ...["tfjs_backend.cc", "tfjs_binding.cc"].map((name) => join(tfjs, "binding", name)),
    `-L${join(result, "deps", "lib")}`,
    ...libraries.map((name) => `-l:${name}`),
    "-Wl,-rpath,$ORIGIN/../../deps/lib",
    ...["-o", output],
  ]);
  if (compiled.code !== 0) {
    throw new SetupError(
      `the binding could not be compiled:\n${causeIn(compiled.output)}`,
      "a C++17 compiler is needed: g++ 9 or later (`sudo apt install g++`)",
    );
  }
}
