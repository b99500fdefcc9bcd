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

/** @param {unknown} error @returns {string} */
function sentenceOf(error) {
  const { code, path, message } = /** @type {NodeJS.ErrnoException} */ (error instanceof Error ? error : {});
  if (code !== "ENOSPC" && code !== "EDQUOT") return message ?? String(error);
  const where = path ? ` while writing ${path}` : "";
  return `the disk is full${where}: free some space and run the command again; what had finished is kept`;
}

/**
 * Refuses words after a command that has no use for any.
 * @param {string} command its name
 * @throws {SetupError}
 */
export function noArguments(command) {
  const given = process.argv.slice(2);
  if (given.length) throw new SetupError(`npm run ${command} takes no argument, got ${given.join(" ")}`);
}

/**
 * Runs a command's main function; an error becomes one clear message and exit code 1 (KH_DEBUG=1 shows the stack).
 * @param {() => Promise<number | void>} body resolves to the exit code
 */
export function main(body) {
  body().then(
    (code) => {
      process.exitCode = code ?? 0;
    },
    (error) => {
      process.stderr.write(`error: ${process.env.KH_DEBUG && error?.stack ? error.stack : sentenceOf(error)}\n`);
      process.exitCode = 1;
    },
  );
}
