// TensorFlow.js in an interrupted cell. An operation is where a cell may be stopped in an orderly way, and inside of
// one it is not cut; what a cut between two operations leaves open in its engine is closed.
"use strict";
const { critical } = require("./critical.cjs");

/**
 * @typedef {object} Engine the part of tfjs-core's engine that is used here
 * @property {(...args: unknown[]) => unknown} runKernelFunc
 * @property {{ kernelDepth: number, gradientDepth: number, activeTape: unknown, scopeStack: unknown[] }} state
 * @property {() => void} endScope
 */

/** @type {Engine | undefined} */
let engine;

/** @param {() => boolean} mayStop @param {() => Error} interruption */
function watchTensorflow(mayStop, interruption) {
  // tfjs-core keeps its one engine here.
  Object.defineProperty(globalThis, "_tfengine", {
    configurable: true,
    get: () => engine,
    set(/** @type {Engine} */ made) {
      engine = made;
      const runKernelFunc = made.runKernelFunc;
      made.runKernelFunc = function (...args) {
        if (mayStop()) throw interruption();
        return critical(() => runKernelFunc.apply(this, args));
      };
    },
  });
}

/** Closes what cut code opened. */
function forgetCutOperations() {
  if (!engine) return;
  const { state } = engine;
  while (state.scopeStack.length > 0) engine.endScope();
  Object.assign(state, { kernelDepth: 0, gradientDepth: 0, activeTape: null });
}

module.exports = { forgetCutOperations, watchTensorflow };
