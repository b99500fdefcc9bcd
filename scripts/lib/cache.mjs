import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "./paths.mjs";
import { makeFolder } from "./stamp.mjs";

/**
 * A new folder in the cache, removed by its maker or, after a kill, by the next set-up.
 * @param {string} name
 * @returns {string}
 */
export function temporaryFolder(name) {
  const cache = cacheDir();
  makeFolder(cache);
  return mkdtempSync(join(cache, `tmp-${process.pid}-${name}-`));
}

/**
 * Moves a finished folder to its place in the cache; one that another set-up put there first stays.
 * @param {string} from
 * @param {string} to
 */
export function keep(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
    rmSync(from, { recursive: true, force: true });
  }
}

/** Removes what a set-up that was killed left in the cache. */
export function sweepCache() {
  for (const name of existsSync(cacheDir()) ? readdirSync(cacheDir()) : []) {
    const pid = /^tmp-(\d+)-/.exec(name)?.[1];
    if (!pid) continue;
    try {
      process.kill(Number(pid), 0);
    } catch {
      rmSync(join(cacheDir(), name), { recursive: true, force: true });
    }
  }
}
