// The cells that were run: which one code belongs to, how it is run, and how it ends.
"use strict";
const { AsyncLocalStorage } = require("node:async_hooks");
const { MessageChannel } = require("node:worker_threads");
const { childEnded, childStarted, state } = require("./control.cjs");
const { critical, forgetCutWork } = require("./critical.cjs");
const { explain, explainTypes, fileOf } = require("./errors.cjs");
const { variablesOf } = require("./lines.cjs");
const { CellOutput } = require("./output.cjs");
const { restLater, wake } = require("./rest.cjs");
const { REQUESTED, RUNNING } = require("./state.cjs");

/**
 * @typedef {(type: string, content: Record<string, unknown>) => void} Publish
 *
 * @typedef {object} Converted what tslab's compiler makes of a cell
 * @property {string} output
 * @property {boolean} hasToplevelAwait
 * @property {Iterable<string>} names that it declares
 * @property {import("./lines.cjs").PlaceOf} placeOf
 *
 * @typedef {{ terminate?(): unknown, kill?(signal: string): unknown }} Started a worker thread or a process
 *
 * @typedef {{ error: unknown } | { value: unknown }} Outcome
 */

/** @param {Started} started */
function endStarted(started) {
  if (started.terminate) started.terminate();
  else started.kill?.("SIGKILL");
}

class InterruptedError extends Error {
  name = "InterruptedError";
  constructor() {
    super("interrupted");
  }
}

/** Of so many of the last cells the lines of an error can be told. */
const MOST_CELLS = 500;
/** How long an interrupted cell that waits has to end by itself. */
const UNWIND_MS = 500;
/** How long it has to end at all; then what would have ended it was cut with its JavaScript. */
const LOST_MS = 2000;

/** The number of the cell that code belongs to. @type {AsyncLocalStorage<number>} */
const storage = new AsyncLocalStorage();

class Cell {
  /** @type {import("./lines.cjs").PlaceOf | undefined} */
  placeOf;
  /** Names that the cell has given a value. @type {Set<string>} */
  assigned = new Set();
  /** @type {Set<Started>} */
  started = new Set();
  /** Rejects what the cell waits for. @type {Set<(error: Error) => void>} */
  waits = new Set();
  /** @type {((outcome: Outcome) => void) | undefined} */
  finish;
  controller = new AbortController();
  /** What its code wants to be told if it fails. @type {Set<() => void>} */
  failures = new Set();
  interrupted = false;
  /** Ends the cell without the rest of its way. @type {(error: Error) => void} */
  giveUp = () => undefined;
  /** @type {Promise<never>} */
  lost = new Promise((_, reject) => (this.giveUp = reject));
  /** Why it ended, if not at its end. @type {import("./errors.cjs").ShownError | undefined} */
  error;

  /** @param {number} number @param {string} source @param {Publish} publish */
  constructor(number, source, publish) {
    this.number = number;
    this.source = source;
    this.publish = publish;
    this.output = new CellOutput(publish);
  }

  /** @returns {boolean} whether its code is to end */
  get requested() {
    return this.interrupted || Atomics.load(state, REQUESTED) === this.number;
  }

  /** @param {import("./output.cjs").StreamName} name @param {string} text */
  write(name, text) {
    critical(() => this.output.write(name, text));
  }

  /** @param {import("./output.cjs").DisplayData} data @param {boolean} update */
  display(data, update) {
    critical(() => this.output.display(data, update));
  }

  /** Shows why the cell ended. @param {import("./errors.cjs").ShownError} error */
  fail(error) {
    this.error = error;
    for (const tell of this.failures) runAs(this, () => quietly(tell));
    this.failures.clear();
    critical(() => this.output.error(error));
  }

  interrupt() {
    if (this.interrupted) return;
    this.interrupted = true;
    const error = new InterruptedError();
    for (const started of this.started) endStarted(started);
    for (const reject of this.waits) reject(error);
    this.controller.abort(error);
    setTimeout(() => this.finish?.({ error }), UNWIND_MS);
    setTimeout(() => this.giveUp(error), LOST_MS).unref();
  }
}

/** @type {Map<number, Cell>} */
const cells = new Map();
/** @type {Cell | undefined} */
let latest;

/** Calls something whose own failure is of no account. @param {() => void} work */
function quietly(work) {
  try {
    work();
  } catch {
    // the cell has failed already, and says why
  }
}

/** @template T @param {Cell} cell @param {() => T} work @returns {T} */
const runAs = (cell, work) => storage.run(cell.number, work);

const ownCell = () => cells.get(storage.getStore() ?? 0);

/** @returns {Cell | undefined} the cell that the code belongs to; the latest where that can't be told */
const currentCell = () => ownCell() ?? latest;

const { port1: starter, port2: starting } = new MessageChannel();
const { port1: ender, port2: ending } = new MessageChannel();
/** @type {(() => void)[]} */
const starts = [];
/** @type {(() => void)[]} */
const ends = [];
starting.on("message", () => starts.shift()?.());
ending.on("message", () => ends.shift()?.());

/**
 * Runs something in a turn of the event loop of its own. A cell starts and ends so: when its JavaScript is cut, all
 * that stands below it on the stack or waits in the same turn is lost.
 * @param {(() => void)[]} queue @param {import("node:worker_threads").MessagePort} port @param {() => void} work
 */
function inOwnTurn(queue, port, work) {
  queue.push(work);
  port.postMessage(null);
}

/**
 * A cell begins; its code is still to be compiled.
 * @param {number} number @param {string} source @param {Publish} publish
 * @returns {Cell}
 */
function begin(number, source, publish) {
  wake();
  forgetCutWork();
  latest = new Cell(number, source, publish);
  cells.set(number, latest);
  cells.delete(number - MOST_CELLS);
  Atomics.store(state, RUNNING, number);
  return latest;
}

/**
 * A cell's whole way: it is compiled, run, and its value shown.
 * @template T
 * @param {Cell} cell @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
function execute(cell, work) {
  const done = new Promise((resolve) => inOwnTurn(starts, starter, () => resolve(runAs(cell, work))));
  return Promise.race([/** @type {Promise<T>} */ (done), cell.lost]);
}

/** @param {Cell} cell */
function end(cell) {
  critical(() => cell.output.close());
  cell.finish = undefined;
  restLater();
  if (Atomics.load(state, RUNNING) === cell.number) Atomics.store(state, RUNNING, 0);
}

/** @returns {Cell} the cell that is compiled or run */
function thisCell() {
  const cell = ownCell();
  if (!cell) throw new Error("no cell is running");
  return cell;
}

/**
 * The compiler's work, for a cell and after it.
 * @template T
 * @param {() => T} work
 * @returns {T}
 */
const compile = (work) => critical(work);

/** @param {Parameters<typeof explainTypes>[1]} diagnostics why the compiler refuses the cell */
const showDiagnostics = (diagnostics) => thisCell().fail(explainTypes(thisCell(), diagnostics));

/** By name, what sets the variable of the cell that declared it. @type {Map<string, (value: unknown) => void>} */
const setters = new Map();

/**
 * A name of cells got a value: the running cell has given it, and the functions of the cell that declared it see it.
 * @param {string} name @param {{ value?: unknown }} attributes
 */
function assigned(name, { value }) {
  ownCell()?.assigned.add(name);
  try {
    setters.get(name)?.(value);
  } catch {
    // not declared yet
  }
}

/** Code that starts declares these variables. @param {Record<string, (value: unknown) => void>} declared */
function declare(declared) {
  for (const [name, set] of Object.entries(declared)) setters.set(name, set);
}

/** The line with which compiled code sets its exports to undefined; a name keeps its value until it gets a new one. */
const HOISTED = /^(?:exports\.[^\s=]+ = )+void 0;$/m;

/**
 * Runs a cell's code and shows why it failed, if it did.
 * @param {Converted} converted
 * @param {(code: string, filename: string) => unknown} evaluate gives a promise where the code awaits
 * @returns {Promise<{ failed: boolean, assigned: ReadonlySet<string> }>}
 */
async function run({ output, hasToplevelAwait, names, placeOf }, evaluate) {
  const cell = thisCell();
  cell.placeOf = placeOf;
  for (const name of names) setters.delete(name);
  const declared = variablesOf(cell.source).map((name) => `${name}() { ${name} = arguments[0]; }`).join(", ");
  const head = `(${hasToplevelAwait ? "async " : ""}function(exports, require) { __tslab__.declare({ ${declared} });`;
  const code = `${head}\n${output.replace(HOISTED, "")}\n})(__tslab__.exports, __tslab__.require)`;
  const outcome = await runInOwnTurn(cell, () => evaluate(code, fileOf(cell.number)));
  const failed = "error" in outcome;
  if (failed) showFailure(cell, outcome.error);
  return { failed, assigned: cell.assigned };
}

/**
 * Shows a cell's value, in a turn of its own too: that may run code of the cell, and never end.
 * @param {() => void} show
 * @returns {Promise<boolean>} whether it was shown
 */
async function showValue(show) {
  const cell = thisCell();
  const outcome = await runInOwnTurn(cell, show);
  if (!("error" in outcome)) return true;
  showFailure(cell, outcome.error);
  return false;
}

/** @param {Cell} cell @param {unknown} error why it ended */
function showFailure(cell, error) {
  cell.fail(cell.requested || isInterruption(error) ? INTERRUPTED : explain(error, cells, awaited));
}

/**
 * @param {Cell} cell
 * @param {() => unknown} start gives a promise where the code awaits
 * @returns {Promise<Outcome>}
 */
function runInOwnTurn(cell, start) {
  return new Promise((resolve) => {
    cell.finish = (outcome) => {
      cell.finish = undefined;
      inOwnTurn(ends, ender, () => resolve(cell.requested ? { error: new InterruptedError() } : outcome));
    };
    const finish = (/** @type {Outcome} */ outcome) => cell.finish?.(outcome);
    inOwnTurn(starts, starter, () => runAs(cell, () => {
      if (cell.requested) return finish({ error: new InterruptedError() });
      try {
        const value = start();
        if (value instanceof Promise) value.then(() => finish({ value }), (error) => finish({ error }));
        else finish({ value });
      } catch (error) {
        finish({ error });
      }
    }));
  });
}

/**
 * What a cell's `await x` waits for: x, or the cell's interruption.
 * @param {unknown} value @param {number} line of the cell
 * @returns {unknown}
 */
function wait(value, line) {
  const cell = ownCell();
  if (!cell) return value;
  if (cell.requested) throw new InterruptedError();
  const then = /** @type {{ then?: unknown } | null | undefined} */ (value)?.then;
  if (typeof then !== "function") return value;
  return new Promise((resolve, reject) => {
    cell.waits.add(reject);
    Promise.resolve(value).then(
      (result) => {
        cell.waits.delete(reject);
        if (cell.requested) reject(new InterruptedError());
        else resolve(result);
      },
      (error) => {
        cell.waits.delete(reject);
        if (error instanceof Error && !awaited.has(error)) awaited.set(error, { cell, line });
        reject(error);
      },
    );
  });
}

/** Where a cell waited for what failed: a rejection's own stack may not lead back to it. */
const awaited = /** @type {WeakMap<Error, { cell: Cell, line: number }>} */ (new WeakMap());

/**
 * What a cell's `for await (… of x)` goes over.
 * @param {any} iterable @param {number} line
 * @returns {AsyncIterable<unknown>}
 */
function waitEach(iterable, line) {
  const iterator = iterable[Symbol.asyncIterator]?.() ?? iterable[Symbol.iterator]();
  const isSync = !iterable[Symbol.asyncIterator];
  return { [Symbol.asyncIterator]: () => ({
    async next() {
      const step = /** @type {IteratorResult<unknown>} */ (await wait(iterator.next(), line));
      return isSync && !step.done ? { done: false, value: await wait(step.value, line) } : step;
    },
    return: async (/** @type {unknown} */ value) => (await iterator.return?.(value)) ?? { done: true, value },
  }) };
}

/** @param {unknown} error @returns {boolean} */
const isInterruption = (error) => error instanceof Error && error.name === "InterruptedError";

const INTERRUPTED = { ename: "Interrupted", evalue: "", traceback: ["interrupted"] };

/**
 * Shows an error that no code waited for in the output of the cell that caused it.
 * @param {string} origin @param {unknown} error
 */
function showStray(origin, error) {
  const cell = currentCell();
  if (!cell || isInterruption(error) || cell.interrupted) return;
  cell.write("stderr", `${origin}: ${explain(error, cells, awaited).traceback.join("\n")}\n`);
}

/**
 * Notes what a cell started, to end it with an interrupted cell and, if it is a process, with the kernel.
 * @param {Started & { pid?: number, once(event: "exit", done: () => void): unknown }} started
 */
function noteStarted(started) {
  const cell = ownCell();
  const { pid } = started;
  if (pid) childStarted(pid);
  started.once("exit", () => {
    cell?.started.delete(started);
    if (pid) childEnded(pid);
  });
  cell?.started.add(started);
  if (cell?.interrupted) endStarted(started);
}

/** @param {number} [number] of the cell; the one that runs if not given */
const interrupt = (number = Atomics.load(state, RUNNING)) => {
  if (latest?.number === number) latest.interrupt();
};

/** A cell's JavaScript was cut. @param {number} number */
function stopped(number) {
  if (latest?.number !== number) return;
  latest.interrupt();
  latest.finish?.({ error: new InterruptedError() });
}

module.exports = {
  assigned, begin, cells, compile, currentCell, declare, end, execute, interrupt, InterruptedError,
  noteStarted, ownCell, run, showDiagnostics, showFailure, showStray, showValue, stopped, wait,
  waitEach,
};
