// The kernel's control channel, in a thread of its own, so that it answers while a cell keeps the main thread busy:
// interrupts a cell, ends the kernel when asked to or when its server is gone, and passes on all else.
"use strict";
const { createHmac, randomBytes } = require("node:crypto");
const inspector = require("node:inspector");
const { readdirSync, readFileSync } = require("node:fs");
const { parentPort, workerData } = require("node:worker_threads");
const { Router } = require("zeromq");
const { send } = require("./outbox.cjs");
const { CUT, PONG, REQUESTED, RUNNING } = require("./state.cjs");

/**
 * @typedef {object} Start
 * @property {Int32Array} state
 * @property {{ key: string, transport: string, ip: string, control_port: number }} connection
 */

const { state, connection } = /** @type {Start} */ (workerData);
const main = /** @type {import("node:worker_threads").MessagePort} */ (parentPort);
const socket = new Router();
const children = /** @type {Set<number>} */ (new Set());

/** How long the main thread may take to answer, and a cell that keeps it busy to end by itself. */
const ANSWER_MS = 200;
const RETRY_MS = 50;
/** How long the main thread may take to come to where its JavaScript can be ended; then it is asked anew. */
const STOP_MS = 1000;
/** Time for the sockets to send what they have. */
const SENDING_MS = 50;
const PARENT_MS = 1000;

const sleep = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {Buffer[]} parts @returns {string} */
function signatureOf(parts) {
  const hmac = createHmac("sha256", connection.key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
}

/**
 * @param {Buffer[]} frames
 * @returns {{ identity: Buffer[], header: { msg_type: string }, content: Record<string, unknown> } | undefined}
 *   undefined unless the message is whole and signed with the connection's key
 */
function read(frames) {
  const at = frames.findIndex((frame) => frame.equals(Buffer.from("<IDS|MSG>")));
  const parts = frames.slice(at + 2);
  if (at < 0 || parts.length < 4 || String(frames[at + 1]) !== signatureOf(parts)) return undefined;
  return { identity: frames.slice(0, at), header: JSON.parse(String(parts[0])), content: JSON.parse(String(parts[3])) };
}

/** @param {NonNullable<ReturnType<typeof read>>} request @param {Record<string, unknown>} content */
function reply({ identity, header }, content) {
  const msg_type = header.msg_type.replace(/_request$/, "_reply");
  const answer = { ...header, msg_type, msg_id: randomBytes(16).toString("hex"), date: new Date().toISOString() };
  const parts = [answer, header, {}, content].map((part) => Buffer.from(JSON.stringify(part)));
  send(socket, [...identity, "<IDS|MSG>", signatureOf(parts), ...parts]);
}

/**
 * Has the main thread end the JavaScript that it is in, if it agrees: see `stop` in interrupt.cjs. It does so when it
 * comes to it, perhaps long after it was asked, and its answer may be cut short by what it answers: CUT tells.
 * @param {number} cell
 */
async function stop(cell) {
  const session = new inspector.Session();
  session.connectToMainThread();
  const expression = `globalThis[Symbol.for("jupyter.stop")](${cell})`;
  const answered = new Promise((resolve) => session.post("Runtime.evaluate", { expression }, resolve));
  await Promise.race([answered, sleep(STOP_MS)]);
  session.disconnect();
}

/** Tells the main thread, once, that a cell's JavaScript was cut. @param {number} cell */
function tellIfCut(cell) {
  if (Atomics.compareExchange(state, CUT, cell, 0) === cell) main.postMessage({ stopped: cell });
}

let pings = 0;

/** @returns {Promise<boolean>} whether the main thread is free to take messages */
async function isResponsive() {
  const ping = ++pings;
  main.postMessage({ ping });
  for (let waited = 0; waited < ANSWER_MS; waited += 10) {
    await sleep(10);
    if (Atomics.load(state, PONG) === ping) return true;
  }
  return false;
}

/** @param {number} pid @returns {number[]} what a process has started, and what that has, as far as it is known */
function descendants(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const found = threads.flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number));
    return [...found, ...found.flatMap(descendants)];
  } catch {
    // no such process any more, or no such folder on this system
    return [];
  }
}

/** Ends the processes that the main thread waits for (`execSync`); it has told of all others. */
function endAwaited() {
  const known = new Set([...children].flatMap((child) => [child, ...descendants(child)]));
  for (const child of descendants(process.pid).filter((pid) => !known.has(pid))) endProcess(child);
}

/** Asks the running cell to end, and ends it where it keeps the main thread busy all the same. */
async function interrupt() {
  const cell = Atomics.load(state, RUNNING);
  if (!cell || Atomics.exchange(state, REQUESTED, cell) === cell) return;
  main.postMessage({ interrupt: cell });
  while (Atomics.load(state, RUNNING) === cell) {
    if (!(await isResponsive()) && Atomics.load(state, RUNNING) === cell) {
      endAwaited();
      await stop(cell);
    }
    tellIfCut(cell);
    await sleep(RETRY_MS);
  }
  tellIfCut(cell);
}

/** @param {number} pid */
function endProcess(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended already
  }
}

/** Ends the kernel at once, with the processes that it started. */
function end() {
  for (const child of children) endProcess(child);
  process.kill(process.pid, "SIGKILL");
}

async function serve() {
  const { transport, ip, control_port: port } = connection;
  await socket.bind(`${transport}://${ip}:${port}`);
  main.postMessage({ bound: true });
  for await (const frames of socket) {
    const request = read(frames);
    if (!request) continue;
    const type = request.header.msg_type;
    if (type === "interrupt_request") {
      reply(request, { status: "ok" });
      void interrupt();
    } else if (type === "shutdown_request") {
      reply(request, { status: "ok", restart: request.content.restart === true });
      setTimeout(end, SENDING_MS);
    } else main.postMessage({ frames });
  }
}

main.on("message", ({ frames, child, ended, end: isEnd }) => {
  if (frames) send(socket, frames);
  if (child) children.add(child);
  if (ended) children.delete(ended);
  if (isEnd) setTimeout(end, SENDING_MS);
});

const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) end();
}, PARENT_MS).unref();

void serve();
