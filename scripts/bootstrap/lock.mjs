import { linkSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname, uptime } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { beginningOf, isRunning } from "./processes.mjs";
import { say } from "./say.mjs";
import { makeFolder, readText } from "./stamp.mjs";

const beatMs = 2_000;
const forgottenMs = 300_000;

/** @typedef {{ pid: number, began: string, host: string }} Holder */

/**
 * Runs `work` while holding a lock file, so that two set-ups take turns. On one machine the holder's process decides:
 * as long as it lives, suspended or busy, the lock is its own. Of a holder on another machine (a shared disk, a
 * container) only the file's age is known: it is touched every two seconds, from a thread that long file work does not
 * stop, and one that nobody touched for five minutes is taken over.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  makeFolder(dirname(file));
  const me = JSON.stringify({ pid: process.pid, began: beginningOf(process.pid), host: hostname() });
  let told = false;
  while (!acquire(file, me)) {
    const text = readText(file);
    if (isLeft(file, text)) takeAway(file, text);
    else {
      if (!told) say(`another set-up (process ${holderOf(text)?.pid ?? "unknown"}) is at work here; waiting for it`);
      told = true;
      await sleep(500);
    }
  }
  const beat = beating(file);
  const release = () => {
    if (readText(file) === me) rmSync(file, { force: true });
  };
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.removeListener("exit", release);
    await beat.terminate();
    release();
  }
}

/** @param {string} file @returns {Worker} a thread that touches it */
function beating(file) {
  const program = `const { utimesSync } = require("node:fs");
    const { workerData: { file, beatMs } } = require("node:worker_threads");
    setInterval(() => { try { utimesSync(file, new Date(), new Date()); } catch {} }, beatMs);`;
  const worker = new Worker(program, { eval: true, workerData: { file, beatMs }, execArgv: [], env: {} });
  worker.on("error", () => {});
  worker.unref();
  return worker;
}

/** @param {string} file @param {string} me @returns {boolean} */
function acquire(file, me) {
  try {
    writeFileSync(file, me, { flag: "wx" });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    return false;
  }
}

/** @param {string | undefined} text @returns {Holder | undefined} */
function holderOf(text) {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

/** @param {string} file @param {string | undefined} text @returns {boolean} whether its holder has gone */
function isLeft(file, text) {
  if (text === undefined) return false;
  const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
  const age = Date.now() - mtimeMs;
  const holder = holderOf(text);
  // A file that its maker has not written yet, or that is no lock of ours, is given time too.
  if (holder?.host !== hostname()) return age > forgottenMs;
  if (!isRunning(holder.pid)) return true;
  return holder.began ? beginningOf(holder.pid) !== holder.began : age > (uptime() + 60) * 1000;
}

/** @param {string} file @param {string | undefined} text what it held */
function takeAway(file, text) {
  const away = `${file}.${process.pid}.left`;
  try {
    renameSync(file, away);
    // Another that waits may have been quicker, and this is its own lock: it goes back.
    if (readText(away) !== text) linkSync(away, file);
  } catch {
    // it was taken away, or made anew, by another
  } finally {
    rmSync(away, { force: true });
  }
}
