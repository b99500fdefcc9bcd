/** What the library uses of the other modules of Node: `os`, `url`, `util`, `timers/promises`, `worker_threads`. */

// One thread runs the cells; nothing is shared with others.
export const availableParallelism = (): number => 1;
export const homedir = (): string => "/home";
export const hostname = (): string => "browser";

export const fileURLToPath = (url: string | URL): string => new URL(url).pathname;
export const pathToFileURL = (path: string): URL => new URL(`file://${path}`);

export const setTimeout = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => self.setTimeout(resolve, milliseconds));

export const threadId = 0;
export const workerData = null;

export class Worker {
  constructor() {
    throw new Error("threads of Node are not there in the browser");
  }
}
