import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { threadId } from "node:worker_threads";
import { sha256 } from "./data-file";

export interface DownloadProgress {
  /** The data file's name. */
  readonly file: string;
  readonly url: string;
  readonly receivedBytes: number;
  /** Null where the server does not say. */
  readonly totalBytes: number | null;
}

/** How long a download tries. */
export interface RetryPolicy {
  /** Tries per address. */
  readonly attempts: number;
  /** Tries per address for content that arrived whole and was wrong. */
  readonly wrongContentAttempts: number;
  /** Wait before the second try, in milliseconds; doubled for each later one. */
  readonly backoffMs: number;
  /** A connection that gives no byte for so long is cut, in milliseconds. */
  readonly stallMs: number;
}

export const PATIENT: RetryPolicy = { attempts: 4, wrongContentAttempts: 2, backoffMs: 1000, stallMs: 15000 };

export interface DownloadRequest {
  /** The data file's name, for progress. */
  readonly file: string;
  /** Addresses of the same content, tried in this order. */
  readonly urls: readonly string[];
  /** Where the file shall lie. */
  readonly target: string;
  /** Says what is wrong with a file that has arrived; null: nothing. */
  readonly findFault: (path: string) => Promise<string | null>;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** No address gave the file; `failures` says for each why. */
export class DownloadError extends Error {
  constructor(readonly failures: readonly string[]) {
    super(failures.join("\n"));
    this.name = "DownloadError";
  }
}

/** A try that failed. `permanent`: another one at the same address would fail too. */
class Failure extends Error {
  constructor(reason: string, readonly permanent = false) {
    super(reason);
  }
}

/**
 * Downloads a file: to a temporary file beside the target, taken up again where it broke off, checked, and only then
 * given its name in one step. Several processes may do so at once: each writes its own temporary file.
 *
 * @throws {DownloadError} If no address gives the right content.
 * @throws {Error} Of the file system (with its `code`), if the target can't be written.
 */
export async function download(request: DownloadRequest, policy: RetryPolicy = PATIENT): Promise<void> {
  const failures: string[] = [];
  await mkdir(dirname(request.target), { recursive: true });
  for (const url of request.urls) {
    const reason = await downloadFrom(url, request, policy);
    if (reason === null) return;
    failures.push(`${url}: ${reason}`);
  }
  throw new DownloadError(failures);
}

/** @returns Why this address gave nothing; null if the file lies at its target. */
async function downloadFrom(url: string, request: DownloadRequest, policy: RetryPolicy): Promise<string | null> {
  const part = await adoptPart(request.target, url);
  let reason = "was not tried";
  let wrong = 0;
  for (let attempt = 0; attempt < policy.attempts && wrong < policy.wrongContentAttempts; attempt++) {
    if (attempt > 0) await sleep(policy.backoffMs * 2 ** (attempt - 1));
    try {
      await fetchRest(url, part, request, policy);
    } catch (error) {
      if (isFileSystemError(error)) {
        await rm(part, { force: true });
        throw error;
      }
      reason = reasonOf(error);
      if (error instanceof Failure && error.permanent) break;
      continue;
    }
    const fault = await request.findFault(part);
    if (fault === null) {
      await rename(part, request.target);
      return null;
    }
    reason = fault;
    wrong++;
    await rm(part, { force: true });
  }
  await rm(part, { force: true });
  return reason;
}

/** Fetches what the temporary file lacks. What has arrived stays when the connection breaks. */
async function fetchRest(url: string, part: string, request: DownloadRequest, policy: RetryPolicy): Promise<void> {
  const have = await sizeOf(part);
  const abort = new AbortController();
  const watchdog = setTimeout(
    () => abort.abort(new Failure(`gave no data for ${policy.stallMs / 1000} s`)),
    policy.stallMs,
  );
  try {
    const response = await fetch(url, {
      signal: abort.signal,
      headers: { "accept-encoding": "identity", ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
    });
    await requireUsable(response, part);
    const resumed = response.status === 206;
    if (resumed && !response.headers.get("content-range")?.startsWith(`bytes ${have}-`)) {
      await rm(part, { force: true });
      throw new Failure("answered with another range than asked for");
    }
    let receivedBytes = resumed ? have : 0;
    const totalBytes = totalOf(response, receivedBytes);
    const file = await open(part, resumed ? "a" : "w");
    try {
      for await (const chunk of response.body ?? []) {
        watchdog.refresh();
        await file.appendFile(chunk as Uint8Array);
        receivedBytes += (chunk as Uint8Array).length;
        request.onProgress?.({ file: request.file, url, receivedBytes, totalBytes });
      }
    } finally {
      await file.close();
    }
    if (totalBytes !== null && receivedBytes < totalBytes)
      throw new Failure(`ended after ${receivedBytes} of ${totalBytes} bytes`);
  } finally {
    clearTimeout(watchdog);
    abort.abort();
  }
}

async function requireUsable(response: Response, part: string): Promise<void> {
  if (response.status === 416) {
    await rm(part, { force: true });
    throw new Failure("can't go on from where the download broke off");
  }
  const { status, statusText } = response;
  const permanent = status >= 400 && status < 500 && ![408, 425, 429].includes(status);
  if (status !== 200 && status !== 206) throw new Failure(`answered ${status} ${statusText}`.trimEnd(), permanent);
}

function totalOf(response: Response, offset: number): number | null {
  const length = response.headers.get("content-length");
  return length === null || response.headers.has("content-encoding") ? null : offset + Number(length);
}

const OWNER = `${sha256(hostname()).slice(0, 8)}-${process.pid}-${threadId}`;

/**
 * The temporary file for one target and address. What a process that is gone has left there is taken over, so that a
 * download goes on after an interruption; a name belongs to one address, since wrappers differ between mirrors.
 */
async function adoptPart(target: string, url: string): Promise<string> {
  const prefix = `${basename(target)}.${sha256(url).slice(0, 8)}.`;
  const own = join(dirname(target), `${prefix}${OWNER}.part`);
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(prefix) || !name.endsWith(".part")) continue;
    const path = join(dirname(target), name);
    if (path !== own && (await isAbandoned(path, name.slice(prefix.length, -".part".length))))
      await rename(path, own).catch(() => undefined);
  }
  return own;
}

const HOUR = 3600_000;

async function isAbandoned(path: string, owner: string): Promise<boolean> {
  const [host, pid] = owner.split("-");
  if (host === OWNER.split("-")[0] && !isRunning(Number(pid))) return true;
  const changed = await stat(path).then((found) => found.mtimeMs, () => Date.now());
  return Date.now() - changed > HOUR;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then((found) => found.size, () => 0);
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function isFileSystemError(error: unknown): boolean {
  return ["open", "write", "close", "mkdir"].includes((error as NodeJS.ErrnoException).syscall ?? "");
}

/** fetch hides the cause ("fetch failed", "terminated") one level down. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: Error };
  return cause?.message ? `${message} (${cause.message})` : message;
}
