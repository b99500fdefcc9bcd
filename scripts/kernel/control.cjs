// The main thread's end of the control thread.
"use strict";
const { readFileSync, writeSync } = require("node:fs");
const { join } = require("node:path");
const { Worker } = require("node:worker_threads");
const { NEVER, PLACES, PONG } = require("./state.cjs");

const state = new Int32Array(new SharedArrayBuffer(4 * PLACES));

/** @type {Worker | undefined} */
let thread;
/** @type {Promise<void>} */
let bound = Promise.resolve();
/** @type {Buffer[][]} */
const waiting = [];
/** @type {(() => void) | undefined} */
let arrived;

/**
 * Starts the thread.
 * @param {string} connectionFile
 * @param {{ interrupt(cell: number): void, stopped(cell: number): void }} handlers
 */
function startControlThread(connectionFile, { interrupt, stopped }) {
  const connection = JSON.parse(readFileSync(connectionFile, "utf8"));
  const worker = new Worker(join(__dirname, "control-thread.cjs"), {
    workerData: { state, connection },
    resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 },
  });
  thread = worker;
  bound = new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.on("message", (message) => {
      if (message.bound) {
        resolve();
        worker.once("error", (error) => fail(`the kernel ends, for its control thread has failed: ${error.message}`));
      }
      if (message.ping) Atomics.store(state, PONG, message.ping);
      if (message.interrupt) interrupt(message.interrupt);
      if (message.stopped) stopped(message.stopped);
      if (message.frames) {
        waiting.push(message.frames.map((/** @type {Uint8Array} */ frame) => Buffer.from(frame)));
        arrived?.();
      }
    });
  });
  bound.catch(() => undefined);
  // Once its sockets have sent what they have, the process ends without taking the native parts of two threads apart,
  // which may crash.
  process.on("exit", () => {
    worker.postMessage({ end: true });
    Atomics.wait(state, NEVER, 0);
  });
}

/** Ends a kernel that nobody could interrupt or end any more. @param {string} why */
function fail(why) {
  writeSync(2, `${why}\n`);
  process.kill(process.pid, "SIGKILL");
}

/**
 * Starts tslab's server. Where it can't have its ports the process ends, and its client starts another one on others.
 * @param {{ init(): Promise<void> }} server
 */
function serve(server) {
  server.init().catch((error) => fail(`the kernel can't listen on the ports it was given: ${error.message}`));
}

/** Tells the thread of a process to end with the kernel. @param {number} pid */
const childStarted = (pid) => thread?.postMessage({ child: pid });
/** @param {number} pid */
const childEnded = (pid) => thread?.postMessage({ ended: pid });

/** In the place of tslab's own control socket. */
class ControlSocket {
  async bind() {
    await bound;
  }

  /** @param {(string | Buffer)[]} frames */
  async send(frames) {
    thread?.postMessage({ frames });
  }

  close() {}

  async *[Symbol.asyncIterator]() {
    for (;;) {
      const frames = waiting.shift();
      if (frames) yield frames;
      else await new Promise((resolve) => (arrived = () => resolve(undefined)));
    }
  }
}

module.exports = { childEnded, childStarted, ControlSocket, serve, startControlThread, state };
