import { workerData } from "node:worker_threads";
import { ANSWERS, NEXT_TASK, type PrepareTasks, type WorkerAnswer, type WorkerStart } from "./map-tasks";

/** The other end of `mapTasks`: takes tasks until none is left. */
function work({ module, data, numTasks, state, port }: WorkerStart<unknown>): void {
  const answer = (message: WorkerAnswer<unknown>): void => {
    port.postMessage(message);
    Atomics.add(state, ANSWERS, 1);
    Atomics.notify(state, ANSWERS);
  };
  try {
    const { prepareTasks } = require(module) as { prepareTasks: PrepareTasks<unknown, unknown> };
    const run = prepareTasks(data);
    for (let task = Atomics.add(state, NEXT_TASK, 1); task < numTasks; task = Atomics.add(state, NEXT_TASK, 1))
      answer({ task, result: run(task) });
  } catch (error) {
    answer({ failure: String(error) });
  }
}

work(workerData as WorkerStart<unknown>);
