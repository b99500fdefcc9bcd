import { createInterface } from "node:readline";

/** One piece of work that is timed. */
export interface Work {
  name: string;
  /** Does the work once; what it returns is compared with the peer's result. */
  run: () => unknown;
}

/**
 * Speaks the bench protocol on stdin and stdout: does all works once to warm up, prints `ready`, and for every line
 * `round` read does them again, printing one JSON line each and `done`.
 */
export async function serve(works: readonly Work[]): Promise<void> {
  for (const { run } of works) await run();
  console.log("ready");
  for await (const line of createInterface({ input: process.stdin })) {
    if (line !== "round") throw new Error(`bench protocol: expected the line "round", got "${line}"`);
    for (const { name, run } of works) {
      const start = performance.now();
      const result = await run();
      const seconds = (performance.now() - start) / 1000;
      console.log(JSON.stringify({ work: name, seconds, result }));
    }
    console.log("done");
  }
}
