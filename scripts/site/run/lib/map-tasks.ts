/** In place of `lib/parallel/map-tasks.ts`: a page from a plain web server has no memory that threads could share. */
import { throwIfInterrupted } from "../../../../lib/interrupt";
import type { MapTasksOptions } from "../../../../lib/parallel/map-tasks";

export const numCores = (): number => 1;

/** Does numbered tasks one after the other; a task's result does not depend on who does it. */
export function mapTasks<D, T>({ prepareTasks, data, numTasks }: MapTasksOptions<D, T>): T[] {
  const run = prepareTasks(data);
  return Array.from({ length: numTasks }, (_, task) => {
    throwIfInterrupted();
    return run(task);
  });
}
