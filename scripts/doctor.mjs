import { existsSync, statfsSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, freemem, totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readArguments } from "./bootstrap/arguments.mjs";
import { findChromium } from "./lib/browser.mjs";
import { compiled } from "./bootstrap/compile.mjs";
import { dataFound } from "./lib/data-found.mjs";
import { kernelReady } from "./bootstrap/kernel.mjs";
import { labExtensionReady } from "./bootstrap/lab-extension.mjs";
import { checkBackend, nativeLink, nativeReady } from "./bootstrap/native.mjs";
import { checkNode, missingPackages, npmCommand, packagesReady } from "./bootstrap/packages.mjs";
import { cacheDir, root, venvProgram } from "./bootstrap/paths.mjs";
import { environmentReady, labEnvironment, missingPieces } from "./bootstrap/python.mjs";
import { causeIn, run } from "./bootstrap/run.mjs";
import { main, sentenceOf } from "./bootstrap/say.mjs";
import { checkSettings } from "./bootstrap/settings.mjs";
import { checkWritable } from "./bootstrap/stamp.mjs";

const require = createRequire(import.meta.url);
const missing = "missing (`npm run setup` puts it in place)";
let faults = 0;

/** @param {string} name @param {string} value */
function line(name, value) {
  process.stdout.write(`${name.padEnd(20)} ${value}\n`);
}

/** @param {string} name @param {string} value */
function fault(name, value) {
  faults++;
  line(name, value);
}

/**
 * A line of what must be there: its value, or a fault where there is none or it is refused.
 * @param {string} name
 * @param {() => string | undefined | Promise<string | undefined>} find
 */
async function needed(name, find) {
  try {
    const value = await find();
    if (value === undefined) fault(name, missing);
    else line(name, value);
  } catch (error) {
    fault(name, sentenceOf(error));
  }
}

/** @param {string} name @returns {string | undefined} */
function packageVersion(name) {
  const file = join(root, "node_modules", name, "package.json");
  return existsSync(file) ? require(file).version : undefined;
}

/** @param {string} program @param {string[]} args @returns {Promise<string | undefined>} */
async function firstLine(program, args) {
  const { code, stdout } = await run(program, args);
  return code === 0 ? stdout.trim().split("\n")[0] : undefined;
}

/**
 * A step of the set-up that was done and of which something has gone since: doctor and set-up look in the same way.
 * @param {boolean} ready
 * @param {string} whenReady
 * @param {string[]} gone
 * @returns {string}
 */
function whole(ready, whenReady, gone) {
  if (ready) return whenReady;
  const some = `${gone.slice(0, 5).join(", ")}${gone.length > 5 ? ` and ${gone.length - 5} more` : ""}`;
  throw new Error(gone.length ? `missing: ${some} (\`npm run setup\` puts it in place)` : missing);
}

const leastFree = 1e9;

/**
 * @param {string} folder
 * @returns {string | undefined} a folder's place, if files can be made there and some room is left
 * @throws {Error} naming what is wrong
 */
export function writable(folder, free = freeBytes) {
  checkWritable(folder);
  const bytes = free(folder);
  if (bytes < leastFree)
    throw new Error(`${folder}: ${(bytes / 1e9).toFixed(2)} GB free, some work needs ${leastFree / 1e9} GB: make room`);
  return `${folder}, ${(bytes / 1e9).toFixed(1)} GB free`;
}

/** @param {string} folder @returns {number} */
function freeBytes(folder) {
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  const { bavail, bsize } = statfsSync(there);
  return bavail * bsize;
}

const tensorflow = `
  const tf = require("@tensorflow/tfjs-node");
  const sum = tf.add(1, 1).dataSync()[0];
  const shared = require("danfojs-node").tensorflow === tf;
  const libtensorflow = tf.backend().binding.TF_Version;
  const onGpu = tf.backend().isUsingGpuDevice;
  process.stdout.write("\\n@" + JSON.stringify({ backend: tf.getBackend(), libtensorflow, sum, shared, onGpu }));`;

/**
 * Which package runs TensorFlow, and on what.
 * @param {boolean} onGpu
 */
function showBackend(onGpu) {
  const name = checkBackend();
  const asked = process.env.TFJS_BACKEND ? `TFJS_BACKEND=${process.env.TFJS_BACKEND}` : "TFJS_BACKEND=gpu uses a GPU";
  line("TensorFlow runs on", `${onGpu ? "the GPU" : "the CPU"}, ${name} ${packageVersion(name) ?? ""} (${asked})`);
}

async function showTensorFlow() {
  try {
    checkBackend();
  } catch (error) {
    return fault("TensorFlow", sentenceOf(error));
  }
  await needed("tfjs-node", () => packageVersion("@tensorflow/tfjs-node"));
  if (!nativeReady()) fault("native TensorFlow", missing);
  const { code, stdout, output } = await run(process.execPath, ["-e", tensorflow]);
  if (code !== 0) return fault("TensorFlow", `does not load (\`npm run setup\` repairs it):\n${causeIn(output)}`);
  const { backend, libtensorflow, sum, shared, onGpu } = JSON.parse(stdout.slice(stdout.lastIndexOf("\n@") + 2));
  const works = backend === "tensorflow" && sum === 2;
  line("libtensorflow", `${libtensorflow}, link: ${nativeLink()}`);
  (works ? line : fault)("tfjs backend", `${backend}, ${works ? "1 + 1 = 2" : `1 + 1 = ${sum}: wrong`}`);
  showBackend(onGpu);
  if (shared) line("danfojs", "shares this TensorFlow");
  else fault("danfojs", "loads a second TensorFlow: remove node_modules, set up again");
}

/**
 * Where each data set is, and every copy on the way to it that the notebooks pass over, since its content is wrong.
 */
async function showData() {
  const { KH_DATA_DIR } = process.env;
  if (KH_DATA_DIR && !existsSync(KH_DATA_DIR)) fault("KH_DATA_DIR", `there is no folder ${KH_DATA_DIR}`);
  for (const { set, folders, absent, wrong } of await dataFound()) {
    for (const copy of wrong) fault(set, `passed over: ${copy}`);
    const later = absent ? ["not all here yet; downloaded when a notebook first needs it"] : [];
    line(set, [...folders, ...later].join(", "));
  }
}

async function doctor() {
  readArguments("doctor");
  const npm = npmCommand();
  line("platform", `${process.platform} ${process.arch}`);
  line("cores", `${availableParallelism()}`);
  line("memory", `${(totalmem() / 2 ** 30).toFixed(1)} GiB, ${(freemem() / 2 ** 30).toFixed(1)} GiB free`);
  await needed("node", () => {
    checkNode();
    return process.versions.node;
  });
  await needed("settings", () => {
    checkSettings();
    const asked = Object.entries(process.env).filter(([name]) => /^(?:KH|TFJS)_/.test(name) && !/PASSWORD/.test(name));
    return asked.map(([name, value]) => `${name}=${value}`).join(" ") || "none in the environment";
  });
  await needed("project", () => writable(root));
  await needed("results", () => writable(join(root, "results")));
  await needed("cache", () => writable(cacheDir()));
  await needed("npm", () => firstLine(npm.program, [...npm.args, "--version"]));
  await needed("npm packages", () => whole(packagesReady(), "as in package-lock.json", missingPackages()));
  const python = venvProgram(labEnvironment.venv, "python");
  await needed("python", () => firstLine(python, ["--version"]));
  await needed("python packages", () =>
    whole(environmentReady(labEnvironment), "as in requirements.txt", missingPieces(labEnvironment)));
  await needed("jupyterlab", () => firstLine(python, ["-m", "jupyterlab", "--version"]));
  await needed("tslab", () => packageVersion("tslab"));
  await needed("notebook kernel", () => (kernelReady() ? "registered in .venv" : undefined));
  await needed("lab extension", () => (labExtensionReady() ? "installed in .venv" : undefined));
  await needed("lib/dist and dist", () => (compiled() ? "up to date" : undefined));
  await showTensorFlow();
  if (compiled()) await showData();
  line("Chromium", findChromium() ?? "not found: the browser test is skipped (`sudo apt install chromium`)");
  return faults === 0 ? 0 : 1;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main(doctor);
