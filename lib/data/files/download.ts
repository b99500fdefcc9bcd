import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { threadId } from "node:worker_threads";
import { isRunning, makeFolder } from "../../files";
import { sha256 } from "./data-file";

export interface DownloadProgress {
  /** The data file's name. */
  readonly file: string;
  readonly url: string;
  readonly receivedBytes: number;
  /** Null where the server does not say. */
  readonly totalBytes: number | null;
}

/**
 * What can go wrong at one address: `refused`: it says that it has no such file; `unreachable`: no answer; `wrong`: the
 * file arrived and its content is not right; `broken`: the transfer broke off, or the server is in trouble.
 */
type FailureKind = "refused" | "unreachable" | "wrong" | "broken";

/** How long a download tries. */
export interface RetryPolicy {
  /** After how many failures of a kind an address is given up. */
  readonly tries: Readonly<Record<FailureKind, number>>;
  /** Wait before the second try, in milliseconds; doubled for each later one. */
  readonly backoffMs: number;
  /** A connection that gives no byte for so long is cut, in milliseconds. */
  readonly stallMs: number;
}

const DEFAULT_POLICY: RetryPolicy = {
  tries: { refused: 1, unreachable: 2, wrong: 2, broken: 4 },
  backoffMs: 1000,
  stallMs: 15000,
};

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

/** A try that failed. */
class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    reason: string,
  ) {
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
export async function download(request: DownloadRequest, policy = DEFAULT_POLICY): Promise<void> {
  const failures: string[] = [];
  makeFolder(dirname(request.target));
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
  const failures = { refused: 0, unreachable: 0, wrong: 0, broken: 0 };
  for (let wait = policy.backoffMs; ; wait *= 2) {
    const before = await sizeOf(part);
    try {
      await fetchRest(url, part, request, policy);
      const fault = await request.findFault(part);
      if (fault !== null) throw new Failure("wrong", fault);
      await rename(part, request.target);
      return null;
    } catch (error) {
      if (!(error instanceof Failure)) {
        await rm(part, { force: true });
        throw error;
      }
      if (error.kind === "wrong") await rm(part, { force: true });
      if (error.kind === "broken" && (await sizeOf(part)) > before) failures.broken = 0;
      failures[error.kind]++;
      if (failures[error.kind] >= policy.tries[error.kind]) {
        await rm(part, { force: true });
        return error.message;
      }
    }
    await sleep(wait);
  }
}

/** Fetches what the temporary file lacks. What has arrived stays when the connection breaks. */
async function fetchRest(url: string, part: string, request: DownloadRequest, policy: RetryPolicy): Promise<void> {
  const have = await sizeOf(part);
  const abort = new AbortController();
  const watchdog = setTimeout(() => abort.abort(), policy.stallMs);
  const failure = (kind: FailureKind, error: unknown): Failure =>
    new Failure(kind, abort.signal.aborted ? `gave no data for ${policy.stallMs / 1000} s` : reasonOf(error));
  try {
    const response = await fetch(url, {
      signal: abort.signal,
      headers: { "accept-encoding": "identity", ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
    }).catch((error) => {
      throw failure("unreachable", error);
    });
    const offset = await requireUsable(response, part, have);
    const chunks = response.body?.[Symbol.asyncIterator]();
    const totalBytes = totalOf(response, offset);
    let receivedBytes = offset;
    const file = await open(part, offset > 0 ? "a" : "w");
    try {
      for (;;) {
        const next = await chunks?.next().catch((error: unknown) => {
          throw failure("broken", error);
        });
        if (!next || next.done) break;
        watchdog.refresh();
        await file.appendFile(next.value);
        receivedBytes += next.value.length;
        request.onProgress?.({ file: request.file, url, receivedBytes, totalBytes });
      }
    } finally {
      await file.close();
    }
    if (totalBytes !== null && receivedBytes < totalBytes)
      throw new Failure("broken", `ended after ${receivedBytes} of ${totalBytes} bytes`);
  } finally {
    clearTimeout(watchdog);
    abort.abort();
  }
}

/** @returns Where in the file the answer begins: `have` if the server goes on there, 0 if it starts again. */
async function requireUsable(response: Response, part: string, have: number): Promise<number> {
  const { status, statusText, headers } = response;
  if (status === 200) return 0;
  if (status === 206 && headers.get("content-range")?.startsWith(`bytes ${have}-`)) return have;
  if (status === 206 || status === 416) {
    await rm(part, { force: true });
    throw new Failure("broken", `can't go on from byte ${have}`);
  }
  const refused = status >= 400 && status < 500 && ![408, 425, 429].includes(status);
  throw new Failure(refused ? "refused" : "broken", `answered ${status} ${statusText}`.trimEnd());
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

async function sizeOf(path: string): Promise<number> {
  return stat(path).then((found) => found.size, () => 0);
}

/** fetch hides the cause ("fetch failed", "terminated") one level down. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: Error };
  return cause?.message ? `${message} (${cause.message})` : message;
}
