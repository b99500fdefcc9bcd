// What the kernel's process needs before tslab starts.
"use strict";
const { ChildProcess } = require("node:child_process");
const cells = require("./cells.cjs");
const { quietCompilerHost } = require("./compiler-host.cjs");
const { startControlThread } = require("./control.cjs");
const { hideInternals } = require("./display.cjs");
const interrupt = require("./interrupt.cjs");
const { watchTensorflow } = require("./tensorflow.cjs");

/** So that an error from deep inside the library still shows the cell's own line. */
Error.stackTraceLimit = 50;

/** Sees every thread and process that a cell starts. */
function watchStarted() {
  const prototype = /** @type {any} */ (ChildProcess.prototype);
  const { spawn } = prototype;
  prototype.spawn = function (/** @type {unknown[]} */ ...args) {
    const result = spawn.apply(this, args);
    if (this.pid) cells.noteStarted(this);
    return result;
  };
  process.on("worker", (worker) => cells.noteStarted(/** @type {any} */ (worker)));
}

/** A cell that ended the process would take all variables along. */
function keepProcess() {
  const { exit } = process;
  process.exit = (code) => {
    if (!cells.ownCell()) return exit(code);
    throw new Error("process.exit would end the kernel and lose every variable: leave a cell by an error, "
      + "or restart the kernel from its menu");
  };
}

const connectionFile = process.argv[process.argv.indexOf("--config-path") + 1];
startControlThread(connectionFile, { interrupt: interrupt.interrupt, stopped: interrupt.stopped });
interrupt.install();
watchStarted();
keepProcess();
watchTensorflow(interrupt.mayStop, () => new cells.InterruptedError());
quietCompilerHost();
hideInternals();
