import { freemem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

const checkMs = 500;

/** @returns {number} bytes that a new process can take, in a container those its limit leaves */
export function availableBytes() {
  const { availableMemory } = /** @type {{ availableMemory?: () => number }} */ (/** @type {unknown} */ (process));
  return availableMemory ? availableMemory.call(process) : freemem();
}

/**
 * Does pieces of work side by side, each in a process of this machine. Another one starts only while memory for it is
 * free; one always runs.
 *
 * @template Work, Result
 * @param {readonly Work[]} works
 * @param {object} options
 * @param {(work: Work, signal: AbortSignal) => Promise<Result>} options.run does one; the signal ends it
 * @param {number} options.processes at most so many at a time
 * @param {number} options.needBytes what one may take
 * @param {() => number} [options.available]
 * @param {number} [options.settleMs] how long a new one is given to take its memory before the next is weighed
 * @param {AbortSignal} options.signal
 * @param {(work: Work, result: Result) => void} options.onResult
 * @param {(work: Work, message: string) => void} options.onFailure
 * @param {(running: number) => void} [options.onRunning]
 */
export async function runPool(works, options) {
  const { run, processes, needBytes, available = availableBytes, settleMs = 5_000, signal } = options;
  const waiting = [...works];
  /** @type {Set<Promise<void>>} */
  const running = new Set();
  /** @type {unknown} */
  let fatal;
  const ended = new AbortController();
  const anySignal = AbortSignal.any([signal, ended.signal]);
  let lastStart = -Infinity;
  const mayStart = () => running.size === 0
    || (running.size < processes && available() >= needBytes * (Date.now() - lastStart < settleMs ? 2 : 1));
  const start = (/** @type {Work} */ work) => {
    lastStart = Date.now();
    const one = (async () => {
      try {
        options.onResult(work, await run(work, anySignal));
      } catch (error) {
        if (anySignal.aborted) return;
        if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOSPC") {
          fatal = error;
          ended.abort();
        } else options.onFailure(work, error instanceof Error ? error.message : String(error));
      }
    })().finally(() => running.delete(one));
    running.add(one);
  };
  while ((waiting.length || running.size) && !(anySignal.aborted && running.size === 0)) {
    while (waiting.length && !anySignal.aborted && mayStart()) start(/** @type {Work} */ (waiting.shift()));
    options.onRunning?.(running.size);
    await Promise.race([...running, sleep(checkMs)]);
  }
  if (fatal) throw fatal;
}
