import { SetupError } from "../../bootstrap/say.mjs";

/** @type {import("../../bootstrap/arguments.mjs").Read<string>} */
export const redisUrl = (text) => {
  if (/^rediss?:\/\/[^/]/.test(text) && URL.canParse(text)) return text;
  throw new Error("must be a URL such as redis://127.0.0.1:6379");
};

/**
 * What sweeps past one machine need, from packages that an install may leave out.
 * @returns {Promise<typeof import("./redis.mjs") & typeof import("./queue.mjs")>}
 * @throws {SetupError} where the packages are not there
 */
export async function redisTools() {
  try {
    return { ...(await import("./redis.mjs")), ...(await import("./queue.mjs")) };
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new SetupError(
      "sweeps past one machine need the optional packages bullmq and ioredis, which are not installed",
      "npm install --no-save --ignore-scripts bullmq@6 ioredis@5",
    );
  }
}
