import { existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { kernelPreload, nodeCompat, root, venvProgram } from "./paths.mjs";
import { labEnvironment } from "./python.mjs";
import { causeIn, preloadOption, run } from "./run.mjs";
import { SetupError, step } from "./say.mjs";
import { makeFolder, readText, writeWhole } from "./stamp.mjs";

const tslabDist = join(root, "node_modules", "tslab", "dist");
const tslab = join(root, "node_modules", "tslab", "bin", "tslab");
const kernels = join(labEnvironment.venv, "share", "jupyter", "kernels");
const spec = join(kernels, "tslab", "kernel.json");
const serverConfig = join(labEnvironment.venv, "etc", "jupyter", "jupyter_server_config.json");
const { misfit } = createRequire(import.meta.url)("../kernel/patching.cjs");

/** Notebooks here are for one kernel: no other is offered. */
const onlyKernel = {
  KernelSpecManager: { allowed_kernelspecs: ["tslab"], ensure_native_kernel: false },
  MultiKernelManager: { default_kernel_name: "tslab" },
};
const wantedConfig = `${JSON.stringify(onlyKernel, null, 2)}\n`;

/**
 * What Jupyter reads to start the kernel: absolute paths, and the environment that TensorFlow and newer Nodes need.
 * @returns {string}
 */
function wanted() {
  const kernel = {
    // The flag is for what an interrupt leaves behind: see scripts/kernel/interrupt.cjs.
    argv: [process.execPath, "--expose-internals", tslab, "kernel", "--config-path", "{connection_file}"],
    display_name: "TypeScript",
    language: "typescript",
    interrupt_mode: "message",
    env: {
      TF_CPP_MIN_LOG_LEVEL: "2",
      // Native memory in two pools instead of one a thread: what ended threads held is used again.
      MALLOC_ARENA_MAX: "2",
      NODE_OPTIONS: [nodeCompat, kernelPreload].map(preloadOption).join(" "),
    },
  };
  return `${JSON.stringify(kernel, null, 2)}\n`;
}

/** @returns {boolean} whether the kernel is registered in the project's environment, by this Node and this clone */
export function kernelReady() {
  return existsSync(nodeCompat) && readText(spec) === wanted() && readText(serverConfig) === wantedConfig
    && misfit(tslabDist) === null;
}

/**
 * Registers the tslab kernel in the project's Python environment.
 * @throws {SetupError}
 */
export async function registerKernel() {
  await step("TypeScript kernel for notebooks (tslab)", async () => {
    const why = misfit(tslabDist);
    if (why)
      throw new SetupError(
        `the kernel's patches were written for another tslab than the one that is installed: ${why}`,
        "bring back the one of package-lock.json with `npm ci --ignore-scripts`, or mend scripts/kernel/patches",
      );
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
    rmSync(join(kernels, "jslab"), { recursive: true, force: true });
    writeWhole(serverConfig, wantedConfig);
  });
}
