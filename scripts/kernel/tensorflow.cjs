// TensorFlow.js in an interrupted cell. An operation is where a cell may be stopped in an orderly way, and inside of
// one it is not cut; what a cut between two operations leaves open in its engine is closed.
"use strict";
const { critical } = require("./critical.cjs");

/**
 * @typedef {{ saved?: { dispose(): void }[] | null }} TapeNode an operation, and what its gradient will need
 *
 * @typedef {object} Engine the part of tfjs-core's engine that is used here
 * @property {(...args: unknown[]) => unknown} runKernelFunc
 * @property {{ kernelDepth: number, gradientDepth: number, activeTape: TapeNode[] | null, scopeStack: unknown[] }}
 *   state
 * @property {(...args: unknown[]) => unknown} makeTensor
 * @property {(...args: unknown[]) => unknown} makeTensorFromTensorInfo
 * @property {(...args: unknown[]) => unknown} makeVariable
 * @property {(...args: unknown[]) => unknown} disposeTensor
 * @property {(...args: unknown[]) => unknown} startScope
 * @property {(...args: unknown[]) => unknown} endScope
 */

/** What counts tensors and scopes; cut in the middle, one would be counted and never freed. */
const BOOKKEEPING = /** @type {const} */ (
  ["makeTensor", "makeTensorFromTensorInfo", "makeVariable", "disposeTensor", "startScope", "endScope"]);

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
        if (mayStop()) {
          forgetTape(made);
          throw interruption();
        }
        return critical(() => runKernelFunc.apply(this, args));
      };
      for (const name of BOOKKEEPING) {
        const whole = made[name];
        made[name] = function (...args) {
          return critical(() => whole.apply(this, args));
        };
      }
    },
  });
}

/** Frees what gradients that won't be computed had kept. @param {Engine} engine */
function forgetTape({ state }) {
  for (const { saved } of state.activeTape?.splice(0) ?? []) saved?.forEach((tensor) => tensor.dispose());
}

/** Closes what cut code opened. */
function forgetCutOperations() {
  if (!engine) return;
  const { state } = engine;
  while (state.scopeStack.length > 0) engine.endScope();
  forgetTape(engine);
  Object.assign(state, { kernelDepth: 0, gradientDepth: 0, activeTape: null });
}

module.exports = { forgetCutOperations, watchTensorflow };
