import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { availableBytes } from "./lib/pool.mjs";
import { main, SetupError } from "./lib/say.mjs";
import { keyHere, runCell } from "./lib/sweep/cells.mjs";
import { work } from "./lib/sweep/queue.mjs";
import { connectRedis } from "./lib/sweep/redis.mjs";
import { ensureSetup } from "./setup.mjs";

const usage = "npm run worker -- --redis redis://host:6379 [--processes N]";
const bytesPerProcess = 2 * 2 ** 30;

/** What the command line asks for. */
function request() {
  try {
    const { values } = parseArgs({ options: { redis: { type: "string" }, processes: { type: "string" } } });
    if (values.redis === undefined) throw new Error("--redis must name the Redis that the sweep uses");
    const room = Math.max(1, Math.min(availableParallelism(), Math.floor(availableBytes() / bytesPerProcess)));
    const processes = Number(values.processes ?? room);
    if (!Number.isInteger(processes) || processes < 1)
      throw new Error(`--processes must be an integer of at least 1, got ${values.processes}`);
    return { url: values.redis, processes };
  } catch (error) {
    throw new SetupError(/** @type {Error} */ (error).message, usage);
  }
}

async function serve() {
  const { url, processes } = request();
  await ensureSetup();
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const tell = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);
  const redis = await connectRedis(url, { tell });
  tell(`worker ready, ${processes} cell${processes > 1 ? "s" : ""} at a time; Ctrl-C ends it and gives its cells back`);
  const { done, refused } = await work(redis, { runCell, keyOf: keyHere, processes, signal: abort.signal, tell });
  redis.disconnect();
  if (refused) throw new SetupError(refused);
  tell(`worker ended; cells done: ${done}`);
  return 0;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) main(serve);
