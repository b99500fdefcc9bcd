import { availableParallelism } from "node:os";
import { join } from "node:path";
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from "node:worker_threads";
import { throwIfInterrupted } from "../interrupt";

/** Does task number `task`; gives its result. */
export type TaskRunner<T> = (task: number) => T;

/** What a compiled module that does tasks exports as `prepareTasks`. */
export type PrepareTasks<D, T> = (data: D) => TaskRunner<T>;

export interface MapTasksOptions<D, T> {
  /** Path of the compiled module whose `prepareTasks` the workers call. */
  module: string;
  /** The same function, for the tasks that are done in this thread. */
  prepareTasks: PrepareTasks<D, T>;
  /** What the tasks work on: plain data and arrays; those on shared buffers are not copied. */
  data: D;
  numTasks: number;
  /** Threads in all, this one included. */
  numThreads: number;
}

/** What a worker is started with. */
export interface WorkerStart<D> {
  module: string;
  data: D;
  numTasks: number;
  state: Int32Array;
  port: MessagePort;
}

/** A task's result, or why a worker gave up. */
export type WorkerAnswer<T> = { task: number; result: T } | { failure: string };

export const NEXT_TASK = 0;
export const ANSWERS = 1;
const PATIENCE_MS = 60_000;
/** How long it waits before it asks whether to end. */
const ASK_MS = 50;

/** Threads that work at once on this machine. */
export const numCores = (): number => availableParallelism();

/**
 * Does numbered tasks on several threads and waits for them: the caller's thread takes its share.
 * Which thread does a task must not change its result. A task whose worker fails is done here.
 *
 * @returns The results, by task number.
 */
export function mapTasks<D, T>({ module, prepareTasks, data, numTasks, numThreads }: MapTasksOptions<D, T>): T[] {
  const state = new Int32Array(new SharedArrayBuffer(8));
  const results = new Map<number, T>();
  const helpers = Array.from({ length: Math.min(numThreads, numTasks) - 1 }, () => {
    const { port1, port2 } = new MessageChannel();
    const start: WorkerStart<D> = { module, data, numTasks, state, port: port2 };
    const worker = new Worker(join(__dirname, "worker.js"), { workerData: start, transferList: [port2], execArgv: [] });
    worker.unref();
    return { worker, port: port1 };
  });
  const run = prepareTasks(data);
  try {
    for (let task = Atomics.add(state, NEXT_TASK, 1); task < numTasks; task = Atomics.add(state, NEXT_TASK, 1)) {
      throwIfInterrupted();
      results.set(task, run(task));
    }
    let failed = false;
    let heardAt = performance.now();
    while (helpers.length && results.size < numTasks && !failed) {
      throwIfInterrupted();
      const answers = Atomics.load(state, ANSWERS);
      let received = 0;
      for (const { port } of helpers)
        for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) {
          received++;
          const answer = got.message as WorkerAnswer<T>;
          if ("failure" in answer) failed = true;
          else results.set(answer.task, answer.result);
        }
      if (received) heardAt = performance.now();
      else if (performance.now() - heardAt > PATIENCE_MS) failed = true;
      else Atomics.wait(state, ANSWERS, answers, ASK_MS);
    }
  } finally {
    for (const { worker, port } of helpers) {
      port.close();
      void worker.terminate();
    }
  }
  return Array.from({ length: numTasks }, (_, task) => (results.has(task) ? results.get(task)! : run(task)));
}
