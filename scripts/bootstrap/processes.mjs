import { readText } from "./stamp.mjs";

/**
 * Whether a process lives. One of another user can't be signalled, and lives all the same.
 * @param {number} pid
 * @returns {boolean}
 */
export function isRunning(pid) {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code !== "ESRCH";
  }
}

/**
 * When a process began, in the system's own count, so that a later one with the same number is told from it; empty
 * where the system does not say.
 * @param {number} pid
 * @returns {string}
 */
export function beginningOf(pid) {
  const stat = readText(`/proc/${pid}/stat`) ?? "";
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
