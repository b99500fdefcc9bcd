import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";

/** The project's own folder: the nearest one above this file that has the shipped `data/iris.csv`. */
export function projectDirectory(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "data", "iris.csv"))) {
    if (folder === dirname(folder)) throw new Error("projectDirectory: data/iris.csv of the project was not found");
    folder = dirname(folder);
  }
  return folder;
}

/**
 * Where downloads are kept for every clone on this machine: `KH_CACHE_DIR`, or `~/.cache/knowledge-hacking`; an offline
 * bundle brings its own folder `offline`.
 */
export function cacheDirectory(): string {
  const bundled = join(projectDirectory(), "offline");
  if (existsSync(join(bundled, "machine.json"))) return bundled;
  return resolve(process.env.KH_CACHE_DIR || join(homeDirectory(), ".cache", "knowledge-hacking"));
}

function homeDirectory(): string {
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
 * The folders in which data files are looked for, in this order: `KH_DATA_DIR`, the cache, `../shared/data` beside the
 * project.
 */
export function dataDirectories(): string[] {
  const own = process.env.KH_DATA_DIR;
  const beside = join(projectDirectory(), "..", "shared", "data");
  return [...(own ? [own] : []), join(cacheDirectory(), "data"), beside];
}
