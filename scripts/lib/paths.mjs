import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The file that gives newer Nodes back what tfjs-node 4.22 needs. */
export const nodeCompat = join(root, "scripts", "node-compat.cjs");

/** What the kernel preloads besides. */
export const kernelPreload = join(root, "scripts", "kernel-preload.cjs");

/**
 * The folder, outside every clone, that keeps what was downloaded or compiled (the same as lib/data uses).
 * @returns {string}
 */
export function cacheDir() {
  return resolve(process.env.KH_CACHE_DIR || join(homedir(), ".cache", "knowledge-hacking"));
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
