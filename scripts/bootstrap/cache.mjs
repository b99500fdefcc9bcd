import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { cacheDir } from "./paths.mjs";
import { isRunning } from "./processes.mjs";
import { makeFolder } from "./stamp.mjs";

const dayMs = 24 * 3600_000;
const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

/**
 * A new folder in the cache, removed by its maker or, after a kill, by the next set-up.
 * @param {string} name
 * @returns {string}
 */
export function temporaryFolder(name) {
  const cache = cacheDir();
  makeFolder(cache);
  return mkdtempSync(join(cache, `tmp-${host}-${process.pid}-${name}-`));
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

/** Removes what a set-up that was killed left in the cache; one of another machine that shares it, after a day. */
export function sweepCache() {
  for (const name of existsSync(cacheDir()) ? readdirSync(cacheDir()) : []) {
    const [, of, pid] = /^tmp-([0-9a-f]{8})-(\d+)-/.exec(name) ?? [];
    if (!pid) continue;
    const folder = join(cacheDir(), name);
    const age = Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (of === host ? !isRunning(Number(pid)) : age > dayMs) rmSync(folder, { recursive: true, force: true });
  }
}
