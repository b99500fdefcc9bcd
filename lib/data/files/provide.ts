import { existsSync } from "node:fs";
import { join } from "node:path";
import { expectedHashes, type DataFile } from "./data-file";
import { cacheDirectory, dataDirectories } from "./directories";
import { download, DownloadError, type DownloadProgress } from "./download";
import { findFault } from "./verify";

export interface DownloadOptions {
  /** Called as bytes arrive; not called where the file is at hand. */
  onProgress?: (progress: DownloadProgress) => void;
  /**
   * Folders on the web laid out as a data directory (`mnist/…`, `cifar-10/…`, `uci/…`), used in place of the data
   * set's own mirrors. By default those of the environment variable `KH_MIRROR` (one address), then the data set's own.
   */
  mirrors?: readonly string[];
}

/** A data file that is neither at hand nor to be downloaded, or can't be kept. */
export class DataFileError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "DataFileError";
  }
}

const downloads = new Map<string, Promise<void>>();

/**
 * The path of a data file whose content is right: from `KH_DATA_DIR`, the cache, `../shared/data` beside the project,
 * or downloaded into the cache. A copy whose content is wrong is passed over.
 *
 * @throws {DataFileError} With every place tried, what was wrong there, and where to put the file by hand.
 */
export async function provide(file: DataFile, options: DownloadOptions = {}): Promise<string> {
  const faults: string[] = [];
  for (const directory of dataDirectories()) {
    const path = join(directory, file.name);
    if (!existsSync(path)) continue;
    const fault = await findFault(file, path);
    if (fault === null) return path;
    faults.push(`${path}: ${fault}`);
  }
  const target = join(cacheDirectory(), "data", file.name);
  const running = downloads.get(target) ?? fetchInto(target, file, options, faults);
  downloads.set(target, running);
  try {
    await running;
  } finally {
    downloads.delete(target);
  }
  return target;
}

async function fetchInto(target: string, file: DataFile, options: DownloadOptions, faults: string[]): Promise<void> {
  const own = process.env.KH_MIRROR;
  const bases = options.mirrors ?? (own ? [own] : []);
  const urls = bases.map((base) => `${base.replace(/\/+$/, "")}/${file.name}`);
  if (!options.mirrors) for (const mirror of file.mirrors) urls.push(mirror);
  try {
    await download({
      file: file.name,
      urls,
      target,
      findFault: (path) => findFault(file, path),
      onProgress: options.onProgress,
    });
  } catch (error) {
    if (error instanceof DownloadError)
      throw new DataFileError(notHad(file, target, urls, [...faults, ...error.failures]), { cause: error });
    throw new DataFileError(notKept(file, target, error as NodeJS.ErrnoException), { cause: error });
  }
}

function notHad(file: DataFile, target: string, urls: readonly string[], faults: readonly string[]): string {
  const hashes = Object.entries(expectedHashes(file)).map(([part, hash]) => `  ${part}: ${hash}`);
  return [
    `${file.name} is not at hand and could not be downloaded:`,
    ...faults.map((fault) => `  ${fault}`),
    `Get it by hand (${urls[0] ?? "from where you trust"}) and put it at`,
    `  ${target}`,
    `or at ${file.name} below the folder that the environment variable KH_DATA_DIR names. Its SHA-256 must be`,
    ...hashes,
    CHECKED[file.content.kind],
  ].join("\n");
}

const CHECKED = {
  gzip: "(of the decompressed bytes).",
  text: "(of the text, lines separated by \\n).",
  "tar.gz": "(of the files in the archive).",
  table: "(of the values, without ids, lines separated by \\n, no newline at the end).",
};

const MEANING: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "writing is not permitted",
  EPERM: "writing is not permitted",
  EROFS: "the file system is read-only",
  ENOTDIR: "a file stands where a folder is needed",
  EEXIST: "a file stands where a folder is needed",
};

function notKept(file: DataFile, target: string, error: NodeJS.ErrnoException): string {
  const why = MEANING[error.code ?? ""] ?? "writing failed";
  return (
    `${file.name} can't be kept at ${target}: ${why} (${error.message}). Make room or name another folder by the ` +
    "environment variable KH_CACHE_DIR, or put the file below a folder named by KH_DATA_DIR."
  );
}
