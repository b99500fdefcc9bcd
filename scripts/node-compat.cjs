// tfjs-node 4.22 calls two functions of `util` that Node 22 warns of, in the middle of a learner's cell, and Node 23
// removed. Preloaded through NODE_OPTIONS by every command and by the notebook kernel, so that Node 24 runs the same
// notebooks as Node 20.
"use strict";
const util = require("node:util");

util.isNullOrUndefined = /** @returns {value is null | undefined} */ (/** @type {unknown} */ value) =>
  value === null || value === undefined;
util.isArray = Array.isArray;

// The one place where TFJS_BACKEND takes effect; another value than cpu and gpu is refused by the commands themselves.
if (process.env.TFJS_BACKEND === "gpu") require("./tensorflow-backend.cjs").useGpu();
