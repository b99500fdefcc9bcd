import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The file that gives newer Nodes back what tfjs-node 4.22 needs. */
export const nodeCompat = join(root, "scripts", "node-compat.cjs");

/** What the kernel preloads besides. */
export const kernelPreload = join(root, "scripts", "kernel", "preload.cjs");

/** What an offline bundle brings (see scripts/bootstrap/offline.mjs); a clone has no such folder. */
export const offlineFolder = join(root, "offline");

/**
 * The folder that keeps what was downloaded or compiled (the same as lib/data uses): outside every clone, except that
 * an offline bundle brings its own.
 * @returns {string}
 */
export function cacheDir() {
  if (existsSync(join(offlineFolder, "machine.json"))) return offlineFolder;
  return resolve(process.env.KH_CACHE_DIR || join(homeFolder(), ".cache", "knowledge-hacking"));
}

/** @returns {string} */
function homeFolder() {
  let home = "";
  try {
    home = homedir();
  } catch {
    // an account that the system does not list
  }
  if (isAbsolute(home)) return home;
  throw new Error("this account has no home folder (HOME); name a folder for what is kept in KH_CACHE_DIR");
}

/**
 * A program inside a Python environment.
 * @param {string} venv
 * @param {string} program
 * @returns {string}
 */
export function venvProgram(venv, program) {
  return process.platform === "win32" ? join(venv, "Scripts", `${program}.exe`) : join(venv, "bin", program);
}
