import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { integer, readArguments } from "./bootstrap/arguments.mjs";
import { availableBytes } from "./lib/pool.mjs";
import { main, SetupError } from "./bootstrap/say.mjs";
import { keyHere, runCell } from "./lib/sweep/cells.mjs";
import { redisTools, redisUrl } from "./lib/sweep/redis-tools.mjs";
import { ensureSetup } from "./setup.mjs";

const bytesPerProcess = 2 * 2 ** 30;

/** What the command line asks for. */
function request() {
  const room = Math.max(1, Math.min(availableParallelism(), Math.floor(availableBytes() / bytesPerProcess)));
  const { values: { redis, processes }, refuse } = readArguments("worker", { options: {
    redis: { value: "redis://host:6379", read: redisUrl },
    processes: { value: "N", read: integer(1), default: String(room) },
  } });
  return { url: redis ?? refuse("--redis must name the Redis that the sweep uses"), processes };
}

async function serve() {
  const { url, processes } = request();
  // The sweep says which seed and sizes.
  for (const name of ["KH_SEED", "KH_SIZES"]) delete process.env[name];
  await ensureSetup();
  const { connectRedis, work } = await redisTools();
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
