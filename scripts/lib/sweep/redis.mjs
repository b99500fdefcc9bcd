import { Redis } from "ioredis";
import { SetupError } from "../../bootstrap/say.mjs";

/** @param {string} url @returns {string} without its password */
function shown(url) {
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}${parsed.pathname === "/" ? "" : parsed.pathname}`;
}

/**
 * A connection that comes back by itself after a loss, once it has stood.
 * @param {string} url
 * @param {object} [options]
 * @param {number} [options.timeoutMs] how long to try
 * @param {(line: string) => void} [options.tell] gets a line when Redis goes away and when it is back
 * @returns {Promise<Redis>}
 * @throws {SetupError} in one sentence, if it does not stand in time
 */
export async function connectRedis(url, { timeoutMs = 5_000, tell = () => {} } = {}) {
  let stood = false;
  let away = false;
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => (stood ? Math.min(times * 200, 2_000) : null),
  });
  /** @type {Error | undefined} */
  let cause;
  redis.on("error", (error) => (cause = error));
  redis.on("reconnecting", () => {
    if (!away) tell(`Redis at ${shown(url)} is away; waiting for it`);
    away = true;
  });
  redis.on("ready", () => {
    if (away) tell(`Redis at ${shown(url)} is back`);
    away = false;
  });
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer")), timeoutMs);
  });
  try {
    await Promise.race([redis.connect().then(() => redis.ping()), late]);
    stood = true;
    return redis;
  } catch (error) {
    redis.disconnect();
    const reason = (cause ?? /** @type {Error} */ (error)).message || "no answer";
    throw new SetupError(
      `Redis at ${shown(url)} can't be used (${reason}; tried for up to ${timeoutMs / 1000} s)`,
      "start one (`redis-server --appendonly yes`, or Valkey), or name another with --redis redis://host:port",
    );
  } finally {
    clearTimeout(timer);
  }
}
