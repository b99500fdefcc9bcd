// The two ways in which a cell is stopped: the code that runs asks whether to end, or its JavaScript is cut.
"use strict";
const inspector = require("node:inspector");
const Module = require("node:module");
const cells = require("./cells.cjs");
const { state } = require("./control.cjs");
const { forgetCutWork, inCriticalWork } = require("./critical.cjs");
const { CUT, REQUESTED, RUNNING } = require("./state.cjs");
const { forgetCutOperations } = require("./tensorflow.cjs");

/**
 * Empties Node's own list of what the running code belongs to. Cut code does not leave it, and Node ends a process that
 * comes to the end of a turn with something on it. Only Node itself has this: the kernel is started with
 * `--expose-internals` for it.
 * @type {() => void}
 */
const clearAsyncIdStack = (() => {
  try {
    return /** @type {(name: string) => any} */ (require)("internal/async_hooks").clearAsyncIdStack;
  } catch {
    throw new Error("the TypeScript kernel was registered by an older version: run `npm run setup`");
  }
})();

/** How long one step may take of code that asks between its steps, and the loading of a module. */
const STEP_MS = 10_000;

/** @type {Set<symbol>} */
const holds = new Set();
/** @type {number | undefined} */
let refusedSince;
/** @type {inspector.Session | undefined} */
let session;

const cellOfCode = () => cells.ownCell() ?? cells.cells.get(Atomics.load(state, RUNNING));

/** What lib/interrupt.ts finds. */
const asked = {
  get signal() {
    return cells.currentCell()?.controller.signal ?? new AbortController().signal;
  },
  requested: () => cellOfCode()?.requested ?? false,
  /** From now until the returned function is called, code asks so often that it need not be cut. */
  hold() {
    const own = Symbol("hold");
    holds.add(own);
    return () => void holds.delete(own);
  },
  /** Has a function called if the cell fails or is interrupted. @param {() => void} tell */
  onFailure(tell) {
    const cell = cells.currentCell();
    cell?.failures.add(tell);
    return () => void cell?.failures.delete(tell);
  },
};

/** @returns {boolean} whether the code that asks is to end here and now */
const mayStop = () => holds.size === 0 && asked.requested();

/** Frames of the kernel and its compiler, of Node, and of the expression that asks. */
const OWN_FRAME = /[\\/](?:scripts[\\/]kernel|tslab[\\/]dist|@tslab)[\\/]|\bnode:|at <anonymous>:|\(<anonymous>\)$/;

/** @returns {boolean} whether the code under way is a cell's: between two turns of the event loop nothing may be cut */
function isCellsCode() {
  const frames = String(new Error().stack).split("\n").slice(1);
  return frames.some((frame) => !OWN_FRAME.test(frame));
}

/**
 * Ends the JavaScript under way, if it is a cell's and may be cut here. The control thread has this evaluated between
 * two steps of JavaScript, so native work has either not begun or is done.
 * @param {number} cell
 * @returns {boolean} whether it ends
 */
function stop(cell) {
  const isAsked = Atomics.load(state, RUNNING) === cell && Atomics.load(state, REQUESTED) === cell;
  if (!isAsked || inCriticalWork() || !isCellsCode()) return false;
  if (holds.size > 0) {
    refusedSince ??= Date.now();
    if (Date.now() - refusedSince < STEP_MS) return false;
  }
  refusedSince = undefined;
  Atomics.store(state, CUT, cell);
  session?.disconnect();
  session = new inspector.Session();
  session.connect();
  // Without it the process does not outlive the next.
  session.post("Runtime.enable");
  session.post("Runtime.terminateExecution");
  clearAsyncIdStack();
  return true;
}

/** A cell's JavaScript was cut, and none of its `finally` ran. @param {number} cell */
function stopped(cell) {
  session?.disconnect();
  session = undefined;
  holds.clear();
  forgetCutWork();
  forgetCutOperations();
  cells.stopped(cell);
}

/** @param {number} cell */
function interrupt(cell) {
  refusedSince = undefined;
  cells.interrupt(cell);
}

/** A module is loaded whole: a half-loaded one would stay in the cache for good. */
function loadModulesWhole() {
  const loader = /** @type {{ _load(...args: unknown[]): unknown }} */ (/** @type {unknown} */ (Module));
  const load = loader._load;
  loader._load = function (...args) {
    const release = asked.hold();
    try {
      return load.apply(this, args);
    } finally {
      release();
    }
  };
}

function install() {
  loadModulesWhole();
  Object.assign(globalThis, { [Symbol.for("jupyter.stop")]: stop, [Symbol.for("knowledge-hacking.interrupt")]: asked });
}

module.exports = { install, interrupt, mayStop, stopped };
