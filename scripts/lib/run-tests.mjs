// Runs test files in the order given, side by side, and says which took longest: run-tests.mjs CONCURRENCY FILES…
// Node's own `--test` sorts them by name, so that the longest would begin late and be waited for.
import { relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const [concurrency, ...files] = process.argv.slice(2);
/** @type {Map<string, number>} */
const seconds = new Map();

/** @param {{ file?: string, nesting: number, details: { duration_ms: number } }} test */
function count({ file = "", nesting, details }) {
  if (nesting === 0) seconds.set(file, (seconds.get(file) ?? 0) + details.duration_ms / 1000);
}

run({ files, concurrency: Number(concurrency) })
  .on("test:pass", count)
  .on("test:fail", (test) => {
    count(test);
    process.exitCode = 1;
  })
  .compose(new spec())
  .on("end", () => {
    const longest = [...seconds].sort(([, a], [, b]) => b - a).slice(0, 8);
    const lines = longest.map(([file, time]) => `  ${time.toFixed(0).padStart(4)} s  ${relative(process.cwd(), file)}`);
    if (longest.length > 1) process.stdout.write(`\nlongest:\n${lines.join("\n")}\n`);
  })
  .pipe(process.stdout);
