import { stat, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeFolder } from "../../files";
import { contentHashes, expectedHashes, sha256, type DataFile } from "./data-file";
import { cacheDirectory } from "./directories";

/**
 * Checks the content of a file against its checksums. A file that was right is remembered by size and times of change,
 * so that the next load need not read it all again.
 *
 * @returns What is wrong, naming the expected and the found hash; null if nothing is.
 */
export async function findFault(file: DataFile, path: string): Promise<string | null> {
  const stamp = await stampOf(file, path);
  if (stamp && existsSync(stamp)) return null;
  let found: Record<string, string>;
  try {
    found = await contentHashes(file, path);
  } catch (error) {
    return `can't be read to the end (${(error as Error).message})`;
  }
  for (const [part, expected] of Object.entries(expectedHashes(file)))
    if (found[part] !== expected) return `SHA-256 of its ${part} is ${found[part] ?? "missing"}, expected ${expected}`;
  if (stamp) await remember(stamp);
  return null;
}

const SETTLED_MS = 2000;

/**
 * The name under which a good file is remembered; null for tables, which are cheap to check every time, and for files
 * changed just now, since a clock of coarse ticks would not tell a further change.
 */
async function stampOf(file: DataFile, path: string): Promise<string | null> {
  if (file.content.kind === "table") return null;
  const { size, mtimeNs, ctimeNs, ctimeMs, ino } = await stat(path, { bigint: true });
  if (Date.now() - Number(ctimeMs) < SETTLED_MS) return null;
  const identity = [path, size, mtimeNs, ctimeNs, ino, JSON.stringify(expectedHashes(file))].join("|");
  return join(cacheDirectory(), "verified", sha256(identity).slice(0, 32));
}

async function remember(stamp: string): Promise<void> {
  try {
    makeFolder(dirname(stamp));
    await writeFile(stamp, "");
  } catch {
    // Without a writable cache every load checks again: slower, as safe.
  }
}
