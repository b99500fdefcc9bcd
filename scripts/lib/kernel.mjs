import { existsSync } from "node:fs";
import { join } from "node:path";
import { kernelPreload, nodeCompat, root, venvProgram } from "./paths.mjs";
import { labEnvironment } from "./python.mjs";
import { causeIn, preloadOption, run } from "./run.mjs";
import { SetupError, step } from "./say.mjs";
import { makeFolder, readText, writeWhole } from "./stamp.mjs";

const tslab = join(root, "node_modules", "tslab", "bin", "tslab");
const spec = join(labEnvironment.venv, "share", "jupyter", "kernels", "tslab", "kernel.json");

/**
 * What Jupyter reads to start the kernel: absolute paths, and the environment that TensorFlow and newer Nodes need.
 * @returns {string}
 */
function wanted() {
  const kernel = {
    argv: [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"],
    display_name: "TypeScript",
    language: "typescript",
    interrupt_mode: "message",
    env: { TF_CPP_MIN_LOG_LEVEL: "2", NODE_OPTIONS: [nodeCompat, kernelPreload].map(preloadOption).join(" ") },
  };
  return `${JSON.stringify(kernel, null, 2)}\n`;
}

/** @returns {boolean} whether the kernel is registered in the project's environment, by this Node and this clone */
export function kernelReady() {
  return existsSync(nodeCompat) && readText(spec) === wanted();
}

/**
 * Registers the tslab kernel in the project's Python environment.
 * @throws {SetupError}
 */
export async function registerKernel() {
  await step("TypeScript kernel for notebooks (tslab)", async () => {
    makeFolder(join(root, ".setup"));
    const python = venvProgram(labEnvironment.venv, "python");
    const { code, output } = await run(process.execPath, [tslab, "install", "--python", python, "--sys-prefix"]);
    if (code !== 0 || !existsSync(spec)) {
      throw new SetupError(
        `tslab could not register its kernel:\n${causeIn(output)}`,
        "remove the folder .venv and run the command again",
      );
    }
    writeWhole(spec, wanted());
  });
}
