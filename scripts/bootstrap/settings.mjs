import { createRequire } from "node:module";
import { join } from "node:path";
import { oneOf, profiles } from "./arguments.mjs";
import { root } from "./paths.mjs";
import { SetupError } from "./say.mjs";

const isObject = (/** @type {unknown} */ value) =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** @returns {Record<string, unknown>} what KH_SIZES replaces */
export function sizesAsked() {
  const text = process.env.KH_SIZES;
  if (!text) return {};
  try {
    const parsed = JSON.parse(text);
    if (isObject(parsed)) return parsed;
  } catch {
    // refused below
  }
  throw new SetupError(`KH_SIZES must be a JSON object of sizes, got ${text}`, `KH_SIZES='{"queries":250}'`);
}

/**
 * Refuses a seed that the notebooks can't take.
 * @param {string} name
 * @param {unknown} seed
 */
function checkSeed(name, seed) {
  if (!(Number.isInteger(seed) && Number(seed) >= 0 && Number(seed) < 2 ** 32))
    throw new SetupError(`${name} must be an integer in [0, ${2 ** 32 - 1}], got ${JSON.stringify(seed)}`);
}

/**
 * Refuses, before any work is done, a profile, a seed or sizes in the environment that every notebook would refuse.
 * @throws {SetupError}
 */
export function checkSettings() {
  const { KH_PROFILE, KH_SEED } = process.env;
  if (KH_PROFILE) {
    try {
      oneOf(profiles)(KH_PROFILE);
    } catch (error) {
      throw new SetupError(`KH_PROFILE ${/** @type {Error} */ (error).message}, got ${KH_PROFILE}`);
    }
  }
  if (KH_SEED) checkSeed("KH_SEED", /^\s*$/.test(KH_SEED) || Number.isNaN(Number(KH_SEED)) ? KH_SEED : Number(KH_SEED));
  sizesAsked();
}

/**
 * Refuses a seed or sizes that a notebook does not have.
 * @param {string} notebook
 * @param {string} profile
 * @param {Record<string, unknown>} parameters
 * @throws {SetupError}
 */
export function checkParameters(notebook, profile, { seed, ...sizes }) {
  if (seed !== undefined) checkSeed("seed", seed);
  const require = createRequire(import.meta.url);
  const { overriddenSizes } = require(join(root, "lib", "dist", "notebook", "overrides.js"));
  const table = require(join(root, "dist", notebook, "sizes.js")).sizes;
  try {
    overriddenSizes(table[profile], sizes, { notebook });
  } catch (error) {
    const message = /** @type {Error} */ (error).message.replace(/^profile: /, "");
    throw new SetupError(message.replace("must be one of", "must be seed or one of"));
  }
}
