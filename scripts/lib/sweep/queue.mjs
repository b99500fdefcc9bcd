import { setTimeout as sleep } from "node:timers/promises";
import { Queue, UnrecoverableError, WaitingError, Worker } from "bullmq";
import { labelOf } from "./cells.mjs";

/**
 * A sweep past one machine. The sweep puts every cell of the grid into one BullMQ queue; workers take them. What came
 * out stands under a key of its own (`kh:result:<cell's key>`, first writer wins), so that a cell which two workers ran
 * has one result; the job is only the order to make it. The sweep looks for results, and puts in again whatever has
 * neither a result nor a job: after a loss of Redis' last second nothing is missing.
 *
 * @typedef {import("./cells.mjs").Cell} Cell
 * @typedef {import("./cells.mjs").CellResult} CellResult
 * @typedef {import("ioredis").Redis} Redis
 */

const queueName = "sweep";
const prefix = "kh";
const cancelChannel = "kh:cancel";
const keepSeconds = 7 * 24 * 3600;
const chunkSize = 500;
const resultKey = (/** @type {string} */ key) => `kh:result:${key}`;
const jobId = (/** @type {string} */ key) => `cell-${key}`;

/** A pause that does not keep the process. @param {number} ms */
const atMost = (ms) => sleep(ms, undefined, { ref: false });

/** @template T @param {T[]} all @returns {T[][]} */
const chunks = (all) =>
  Array.from({ length: Math.ceil(all.length / chunkSize) }, (_, i) => all.slice(i * chunkSize, (i + 1) * chunkSize));

/**
 * Has workers run cells, until each has a result or has failed, or the signal aborts: then the cells are taken back.
 *
 * @param {Redis} redis
 * @param {Cell[]} cells
 * @param {object} options
 * @param {AbortSignal} options.signal
 * @param {(cell: Cell, result: CellResult) => void} options.onResult called once for a cell
 * @param {(cell: Cell, message: string) => void} options.onFailure called once for a cell, after its last attempt
 * @param {() => void} [options.onAlone] called if no worker is there at the beginning
 * @param {number} [options.attempts]
 * @param {number} [options.backoffMs] before the second attempt; doubles from one to the next
 * @param {number} [options.tickMs] how often results are looked for
 * @param {number} [options.ensureMs] how often cells without result are put in again, should Redis have lost them
 */
export async function collect(redis, cells, options) {
  const { signal, onResult, onFailure, onAlone, attempts = 3, backoffMs = 5_000 } = options;
  const { tickMs = 1_000, ensureMs = 30_000 } = options;
  const queue = new Queue(queueName, { connection: redis, prefix });
  queue.on("error", () => {});
  const pending = new Map(cells.map((cell) => [cell.key, cell]));
  const jobOptions = {
    attempts, backoff: { type: "exponential", delay: backoffMs },
    removeOnComplete: true, removeOnFail: { age: keepSeconds },
  };
  let ensured = -Infinity;
  const ensureSoon = () => (ensured = -Infinity);
  redis.on("ready", ensureSoon);

  const takeResults = async () => {
    for (const keys of chunks([...pending.keys()])) {
      const texts = await redis.mget(keys.map(resultKey));
      texts.forEach((text, i) => {
        const cell = pending.get(keys[i]);
        if (text === null || !cell) return;
        onResult(cell, JSON.parse(text));
        pending.delete(cell.key);
      });
    }
  };
  const failedJobs = async () => (await queue.getFailed(0, -1)).filter((job) => job && pending.has(job.data.key));
  const takeFailures = async () => {
    const failed = await failedJobs();
    if (failed.length) await takeResults();
    for (const job of failed) {
      const cell = pending.get(job.data.key);
      if (!cell) continue;
      const stalled = /stalled more than allowable/.test(job.failedReason);
      onFailure(cell, stalled ? "its workers ended several times while they ran it" : job.failedReason);
      pending.delete(cell.key);
      await job.remove();
    }
  };
  const jobOf = (/** @type {Cell} */ cell) =>
    ({ name: "cell", data: cell, opts: { ...jobOptions, jobId: jobId(cell.key) } });
  const ensure = async () => {
    for (const some of chunks([...pending.values()])) {
      const jobs = some.map(({ key }) => queue.toKey(jobId(key)));
      if (await redis.exists(jobs) < jobs.length) await queue.addBulk(some.map(jobOf));
    }
  };
  let first = true;
  let toldAlone = false;
  const round = async () => {
    await takeResults();
    if (Date.now() - ensured >= ensureMs) {
      // What an earlier sweep left as failed is tried again.
      if (first) for (const job of await failedJobs()) await job.remove();
      first = false;
      ensured = Date.now();
      await ensure();
    }
    await takeFailures();
    // The list of connections is long where there are many workers: it is asked for only while none is seen at work.
    if (toldAlone || pending.size < cells.length || (await queue.getJobCounts("active")).active) return;
    toldAlone = await queue.getWorkersCount() === 0;
    if (toldAlone) onAlone?.();
  };
  const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  try {
    while (pending.size && !signal.aborted) {
      await Promise.race([round().catch(ignoreLoss), aborted]);
      if (pending.size) await Promise.race([sleep(tickMs), aborted]);
    }
    const back = () => takeBack(redis, queue, [...pending.keys()]).catch(ignoreLoss);
    if (signal.aborted) await Promise.race([back(), atMost(5_000)]);
  } finally {
    redis.off("ready", ensureSoon);
    await Promise.race([queue.close(), atMost(1_000)]);
  }
}

/**
 * A command that a restart of Redis cut off is said again in the next round.
 * @param {unknown} error
 */
function ignoreLoss(error) {
  const { message = "" } = /** @type {Error} */ (error);
  if (!/connection|closed|ECONN|EPIPE|LOADING|READONLY|ended/i.test(message)) throw error;
}

/**
 * Removes cells that wait, and tells workers to drop those they run.
 * @param {Redis} redis
 * @param {Queue} queue
 * @param {string[]} keys
 */
async function takeBack(redis, queue, keys) {
  for (const some of chunks(keys)) {
    await Promise.all(some.map((key) => queue.remove(jobId(key))));
    await redis.publish(cancelChannel, JSON.stringify(some));
  }
}

/**
 * Takes cells and runs them until the signal aborts, or a cell was made with other code than the one here.
 *
 * @param {Redis} redis
 * @param {object} options
 * @param {import("./cells.mjs").RunCell} options.runCell
 * @param {(cell: Cell) => string} options.keyOf what the cell's key would be with the code here
 * @param {number} options.processes cells at a time
 * @param {AbortSignal} options.signal gives the cells that run back, and ends
 * @param {(line: string) => void} options.tell
 * @param {number} [options.lockMs] a worker that says nothing for so long has its cells given to another
 * @returns {Promise<{ done: number, refused?: string }>}
 */
export async function work(redis, { runCell, keyOf, processes, signal, tell, lockMs = 30_000 }) {
  const leave = new AbortController();
  const left = AbortSignal.any([signal, leave.signal]);
  /** @type {Map<string, AbortController>} */
  const running = new Map();
  let done = 0;
  /** @type {string | undefined} */
  let refused;

  /** @param {import("bullmq").Job<Cell>} job @param {string | undefined} token @returns {Promise<never>} */
  const giveBack = async (job, token) => {
    await job.moveToWait(token);
    throw new WaitingError();
  };
  /** @param {import("bullmq").Job<Cell>} job @param {string} [token] @returns {Promise<void>} */
  const processor = async (job, token) => {
    const cell = job.data;
    if (left.aborted) return giveBack(job, token);
    if (await redis.exists(resultKey(cell.key))) return;
    if (keyOf(cell) !== cell.key) {
      refused = `${cell.notebook}, the library, data or packages here are not those of the sweep ${cell.sweep}: `
        + "bring both machines to the same commit, run `npm run setup` and start the worker again";
      leave.abort();
      return giveBack(job, token);
    }
    const cancelled = new AbortController();
    running.set(cell.key, cancelled);
    tell(`${labelOf(cell)}: started`);
    try {
      const result = await runCell(cell, AbortSignal.any([left, cancelled.signal]));
      await redis.set(resultKey(cell.key), JSON.stringify(result), "EX", keepSeconds, "NX");
      done++;
      tell(`${labelOf(cell)}: done in ${result.seconds.toFixed(1)} s`);
    } catch (error) {
      if (left.aborted) return giveBack(job, token);
      if (cancelled.signal.aborted) throw new UnrecoverableError("cancelled");
      tell(`${labelOf(cell)}: ${/** @type {Error} */ (error).message}`);
      throw error;
    } finally {
      running.delete(cell.key);
    }
  };

  const worker = new Worker(queueName, processor, {
    connection: redis, prefix, concurrency: processes, lockDuration: lockMs, stalledInterval: lockMs,
    maxStalledCount: 3,
  });
  worker.on("error", () => {});
  worker.on("failed", (job, { message }) => {
    if (message === "cancelled") job?.remove().catch(() => {});
  });
  const ears = redis.duplicate();
  ears.on("error", () => {});
  ears.on("message", (_channel, text) => {
    for (const key of JSON.parse(text)) running.get(key)?.abort();
  });
  await ears.subscribe(cancelChannel);
  if (!left.aborted) await new Promise((resolve) => left.addEventListener("abort", resolve, { once: true }));
  // What could not be given back (Redis away) is taken over by another worker once its lock has run out.
  await Promise.race([worker.close(), atMost(10_000)]);
  ears.disconnect();
  return { done, refused };
}
