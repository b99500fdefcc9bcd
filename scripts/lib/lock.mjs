import { mkdirSync, renameSync, statSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./say.mjs";
import { readText } from "./stamp.mjs";

const beatMs = 2_000;
const staleMs = 30_000;

/**
 * Runs `work` while holding a lock file, so that two set-ups take turns. The holder touches the file every two seconds;
 * one whose process has gone, or that was not touched for half a minute, is taken over.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  const me = `${process.pid}`;
  let told = false;
  while (!acquire(file, me)) {
    const owner = readText(file);
    if (isStale(file, owner)) takeAway(file, owner);
    else {
      if (!told) say(`another set-up (process ${owner}) is at work here; waiting for it`);
      told = true;
      await sleep(500);
    }
  }
  const beat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // somebody removed the file; the work goes on
    }
  }, beatMs);
  const release = () => {
    if (readText(file) === me) unlinkSync(file);
  };
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.removeListener("exit", release);
    release();
  }
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

/** @param {string} file @param {string | undefined} owner @returns {boolean} */
function isStale(file, owner) {
  try {
    if (Date.now() - statSync(file).mtimeMs > staleMs) return true;
    process.kill(Number(owner), 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "ESRCH";
  }
}

/** @param {string} file @param {string | undefined} owner */
function takeAway(file, owner) {
  if (readText(file) !== owner) return;
  try {
    renameSync(file, `${file}.stale`);
  } catch {
    // another process took it away first
  }
}
