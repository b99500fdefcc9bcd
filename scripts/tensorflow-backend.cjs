// TFJS_BACKEND=gpu: whoever asks for tfjs-node gets tfjs-node-gpu (the library, danfojs, notebooks alike), so that one
// TensorFlow is in the process. Preloaded by node-compat.cjs.
"use strict";
const Module = require("node:module");

const cpu = "@tensorflow/tfjs-node";
const gpu = "@tensorflow/tfjs-node-gpu";
const absent =
  `TFJS_BACKEND=gpu needs ${gpu}, which is not installed: \`npm install --no-save --ignore-scripts ${gpu}@4.22.0 && ` +
  `npm rebuild ${gpu} --ignore-scripts=false\` brings it (Linux x64 or Windows, with NVIDIA's driver, CUDA and ` +
  "cuDNN); without TFJS_BACKEND the CPU is used";

/**
 * The package that runs TensorFlow.
 * @param {string | undefined} backend the value of TFJS_BACKEND
 * @returns {string}
 * @throws {Error} for another value than cpu and gpu
 */
function tensorflowPackage(backend) {
  if (!backend || backend === "cpu") return cpu;
  if (backend === "gpu") return gpu;
  throw new Error(`TFJS_BACKEND must be cpu or gpu, got "${backend}"`);
}

/** From now on, tfjs-node means tfjs-node-gpu in this process. */
function useGpu() {
  const loader = /** @type {{ _resolveFilename(request: string, ...rest: unknown[]): string }} */ (
    /** @type {unknown} */ (Module));
  const resolve = loader._resolveFilename;
  loader._resolveFilename = function (request, ...rest) {
    if (request !== cpu) return resolve.call(this, request, ...rest);
    try {
      return resolve.call(this, gpu, ...rest);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "MODULE_NOT_FOUND") throw error;
      throw Object.assign(new Error(absent), { code: "MODULE_NOT_FOUND" });
    }
  };
}

module.exports = { absent, gpu, tensorflowPackage, useGpu };
