import { cacheDir, root } from "./paths.mjs";

/** A failure whose message already tells the reader what is missing and how to get it. */
export class SetupError extends Error {
  /**
   * @param {string} message what could not be done
   * @param {string} [cure] what the reader can do about it
   */
  constructor(message, cure) {
    super(cure ? `${message}\n  cure: ${cure}` : message);
    this.name = "SetupError";
  }
}

/** A command line that the command can't follow; the exit code is 2. */
export class UsageError extends SetupError {
  /**
   * @param {string} message
   * @param {string} usage
   */
  constructor(message, usage) {
    super(`${message}\n  usage: ${usage}`);
  }
}

/**
 * Writes one line about the set-up; to stderr, so that a command's own output stays clean.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`set-up: ${line}\n`);
}

/**
 * Runs one step, saying what it does, that it is still at work, and how long it took.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @param {() => string} [detail] what to add to the "still at work" lines
 * @returns {Promise<T>}
 */
export async function step(title, work, detail = () => "") {
  const start = Date.now();
  const seconds = () => ((Date.now() - start) / 1000).toFixed(1);
  say(`${title} …`);
  const beat = setInterval(() => say(`${title}: still at work after ${seconds()} s${detail()}`), 15_000);
  try {
    const result = await work();
    say(`${title}: done in ${seconds()} s`);
    return result;
  } finally {
    clearInterval(beat);
  }
}

const meanings = /** @type {Record<string, string>} */ ({
  EACCES: "writing is not permitted",
  EPERM: "writing is not permitted",
  EROFS: "the file system is read-only",
  ENOTDIR: "a file stands where a folder is needed",
  EEXIST: "a file stands where a folder is needed",
  ENOENT: "no folder can be made there",
});
const writing = /\b(?:mkdir|mkdtemp|open|rename|link|symlink|unlink|rm|copyfile|write)\b/;

/** @param {string} path @param {string} folder @returns {boolean} whether one of them lies in the other */
const related = (path, folder) => `${path}/`.startsWith(`${folder}/`) || `${folder}/`.startsWith(`${path}/`);

/** @param {string} path that can't be written @returns {string} what helps */
function cureFor(path) {
  if (related(path, root)) return "make the project's folder writable for this account, or work in a copy of your own";
  try {
    if (related(path, cacheDir())) return "name a folder that can be written in KH_CACHE_DIR";
  } catch {
    // its own message is said where it is asked for
  }
  return "name another folder";
}

/**
 * What a failure means, in a sentence or a few.
 * @param {unknown} error
 * @returns {string}
 */
export function sentenceOf(error) {
  if (!(error instanceof Error)) return String(error);
  const { code = "", path, syscall = "", message } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === "ENOSPC" || code === "EDQUOT") {
    const where = path ? ` while writing ${path}` : "";
    return `the disk is full${where}: free some space and run the command again; what had finished is kept`;
  }
  const dest = /** @type {{ dest?: string }} */ (error).dest;
  const target = dest ?? path;
  if (!target || !(code in meanings) || !writing.test(syscall) || message.includes("cure: ")) return message;
  if (code === "ENOENT" && syscall === "open") return message;
  return `${target} can't be written: ${meanings[code]} (${code})\n  cure: ${cureFor(target)}`;
}

/**
 * Runs a command's main function; an error becomes one clear message and exit code 1, or 2 where the command line was
 * wrong (KH_DEBUG=1 shows the stack).
 * @param {() => Promise<number | void>} body resolves to the exit code
 */
export function main(body) {
  // Whoever reads the output may have had enough of it.
  process.stdout.on("error", ({ code }) => process.exit(code === "EPIPE" ? 0 : 1));
  body().then(
    (code) => {
      process.exitCode = code ?? 0;
    },
    (error) => {
      process.stderr.write(`error: ${process.env.KH_DEBUG && error?.stack ? error.stack : sentenceOf(error)}\n`);
      process.exitCode = error instanceof UsageError ? 2 : 1;
    },
  );
}
