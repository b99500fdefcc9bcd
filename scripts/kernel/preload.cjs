// Preloaded by the notebook kernel (the spec that scripts/lib/kernel.mjs registers says so): gives tslab its patches.
"use strict";
const { basename } = require("node:path");
const { isMainThread } = require("node:worker_threads");

// Not in the kernel's worker threads and children, which inherit NODE_OPTIONS but run no cells.
const isKernel = isMainThread && basename(process.argv[1] ?? "") === "tslab" && process.argv[2] === "kernel";
if (isKernel) require("./patching.cjs").install();
