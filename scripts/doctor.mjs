import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, freemem, totalmem } from "node:os";
import { join } from "node:path";
import { findChromium } from "./lib/browser.mjs";
import { compiled } from "./lib/compile.mjs";
import { kernelReady } from "./lib/kernel.mjs";
import { labExtensionReady } from "./lib/lab-extension.mjs";
import { checkBackend, nativeLink } from "./lib/native.mjs";
import { npmCommand, packagesReady } from "./lib/packages.mjs";
import { cacheDir, root, venvProgram } from "./lib/paths.mjs";
import { environmentReady, labEnvironment } from "./lib/python.mjs";
import { run, tail } from "./lib/run.mjs";
import { main, noArguments } from "./lib/say.mjs";

const require = createRequire(import.meta.url);
const missing = "missing (`npm run setup` puts it in place)";
let faults = 0;

/** @param {string} name @param {string} value */
function line(name, value) {
  process.stdout.write(`${name.padEnd(20)} ${value}\n`);
}

/** @param {string} name @param {string | undefined} value a fault when undefined */
function needed(name, value) {
  if (value === undefined) faults++;
  line(name, value ?? missing);
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
    faults++;
    line("TensorFlow", /** @type {Error} */ (error).message);
    return;
  }
  needed("tfjs-node", packageVersion("@tensorflow/tfjs-node"));
  const { code, stdout, output } = await run(process.execPath, ["-e", tensorflow]);
  if (code !== 0) {
    faults++;
    line("TensorFlow", `does not load (\`npm run setup\` repairs it):\n${tail(output, 4)}`);
    return;
  }
  const { backend, libtensorflow, sum, shared, onGpu } = JSON.parse(stdout.slice(stdout.lastIndexOf("\n@") + 2));
  const works = backend === "tensorflow" && sum === 2;
  if (!works || !shared) faults++;
  line("libtensorflow", `${libtensorflow}, link: ${nativeLink()}`);
  line("tfjs backend", `${backend}, ${works ? "1 + 1 = 2" : `1 + 1 = ${sum}: wrong`}`);
  showBackend(onGpu);
  line("danfojs", shared ? "shares this TensorFlow" : "loads a second TensorFlow: remove node_modules, set up again");
}

const dataSets = {
  MNIST: ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"].map(
    (name) => `mnist/${name}-ubyte.gz`,
  ),
  "CIFAR-10": ["cifar-10/cifar-10-binary.tar.gz"],
  "UCI tables": ["uci/breast-cancer-wisconsin.data", "uci/ionosphere.csv", "uci/sonar.csv"],
};

function showData() {
  const lib = join(root, "lib", "dist", "data", "directories.js");
  if (!existsSync(lib)) return needed("data", undefined);
  /** @type {string[]} */
  const folders = require(lib).dataDirectories();
  for (const [name, files] of Object.entries(dataSets)) {
    const folder = folders.find((candidate) => files.every((file) => existsSync(join(candidate, file))));
    line(name, folder ?? "not here yet; downloaded when a notebook first needs it");
  }
}

main(async () => {
  noArguments("doctor");
  const npm = npmCommand();
  line("platform", `${process.platform} ${process.arch}`);
  line("cores", `${availableParallelism()}`);
  line("memory", `${(totalmem() / 2 ** 30).toFixed(1)} GiB, ${(freemem() / 2 ** 30).toFixed(1)} GiB free`);
  line("node", process.versions.node);
  needed("npm", await firstLine(npm.program, [...npm.args, "--version"]));
  needed("npm packages", packagesReady() ? "as in package-lock.json" : undefined);
  const python = venvProgram(labEnvironment.venv, "python");
  needed("python", await firstLine(python, ["--version"]));
  needed("python packages", environmentReady(labEnvironment) ? "as in requirements.txt" : undefined);
  needed("jupyterlab", await firstLine(python, ["-m", "jupyterlab", "--version"]));
  needed("tslab", packageVersion("tslab"));
  needed("notebook kernel", kernelReady() ? "registered in .venv" : undefined);
  needed("lab extension", labExtensionReady() ? "installed in .venv" : undefined);
  needed("lib/dist and dist", compiled() ? "up to date" : undefined);
  await showTensorFlow();
  line("cache", cacheDir());
  showData();
  line("Chromium", findChromium() ?? "not found: the browser test is skipped (`sudo apt install chromium`)");
  return faults === 0 ? 0 : 1;
});
