import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { Transform } from "node:stream";
import { fileURLToPath } from "node:url";
import { nodeCompat, root } from "./paths.mjs";

const guard = join(dirname(fileURLToPath(import.meta.url)), "guard.mjs");

/**
 * @typedef {object} RunOptions
 * @property {NodeJS.ProcessEnv} [env] added to the child's environment
 * @property {string} [cwd] the project's folder when left out
 * @property {boolean} [inherit] true: the child talks to the terminal; false: its output is collected
 * @property {number} [timeout] milliseconds in all
 * @property {number} [idleTimeout] milliseconds without output or growth
 * @property {() => number} [growth] a number that rises while the child makes progress, such as bytes written
 *
 * @typedef {object} RunResult
 * @property {number} code exit code; 127 when the program could not be started
 * @property {string} output stdout and stderr as they came; empty with `inherit`
 * @property {string} stdout
 * @property {string} [stopped] why the child was ended early
 */

/**
 * The environment of every child: the preload for newer Nodes, TensorFlow's log level, the project's programs on PATH.
 * @param {NodeJS.ProcessEnv} [extra]
 * @returns {NodeJS.ProcessEnv}
 */
export function childEnv(extra = {}) {
  const env = { ...process.env, ...extra };
  const options = env.NODE_OPTIONS ?? "";
  if (!options.includes("node-compat.cjs")) env.NODE_OPTIONS = `${options} ${preloadOption(nodeCompat)}`.trim();
  env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  env.PATH = [join(root, "node_modules", ".bin"), env.PATH ?? ""].join(delimiter);
  return env;
}

/**
 * The NODE_OPTIONS word that preloads a file, quoted so that a path may hold spaces.
 * @param {string} file
 * @returns {string}
 */
export function preloadOption(file) {
  return `--require "${file.replace(/\\/g, "\\\\").replace(/"/g, '\\"')}"`;
}

// TensorFlow 2.21 writes these two while its library is being loaded, before it reads TF_CPP_MIN_LOG_LEVEL.
const loadNoise = [
  /^WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR$/,
  /^I0000 \S+ +\d+ port\.cc:\d+\] oneDNN custom operations are on\./,
];

/**
 * A stream that passes every line except the two that TensorFlow writes at each load.
 * @returns {Transform}
 */
export function withoutLoadNoise() {
  let rest = "";
  const keep = (/** @type {string} */ line) => !loadNoise.some((pattern) => pattern.test(line));
  return new Transform({
    decodeStrings: false,
    transform(chunk, _encoding, done) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      done(null, lines.filter(keep).map((line) => `${line}\n`).join(""));
    },
    flush(done) {
      done(null, keep(rest) ? rest : "");
    },
  });
}

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(program, args, options = {}) {
  const { env, cwd = root, inherit = false, timeout, idleTimeout, growth } = options;
  // A child whose output is collected runs under a guard, in a group of its own: the group ends when this process does.
  const guarded = !inherit && process.platform !== "win32";
  /** @type {import("node:child_process").StdioOptions} */
  const stdio = inherit ? ["inherit", "inherit", "pipe"] : ["ignore", "pipe", "pipe", guarded ? "ipc" : "ignore"];
  return new Promise((resolve) => {
    /** @type {import("node:child_process").ChildProcess} */
    const child = spawn(guarded ? process.execPath : program, guarded ? [guard, program, ...args] : args, {
      cwd,
      detached: guarded,
      env: childEnv(env),
      stdio,
    });
    let output = "";
    let stdout = "";
    let last = Date.now();
    let level = growth?.() ?? 0;
    /** @type {string | undefined} */
    let stopped;
    const end = () => {
      try {
        if (guarded && child.pid) process.kill(-child.pid, "SIGKILL");
        else child.kill("SIGKILL");
      } catch {
        // it has ended already
      }
    };
    const start = Date.now();
    const watch = setInterval(() => {
      const now = Date.now();
      const newLevel = growth?.() ?? 0;
      if (newLevel > level) last = now;
      level = newLevel;
      if (timeout !== undefined && now - start > timeout) stopped = `not done after ${timeout / 1000} s`;
      else if (idleTimeout !== undefined && now - last > idleTimeout) {
        stopped = `no progress for ${idleTimeout / 1000} s`;
      }
      if (stopped) end();
    }, 250);
    const take = (/** @type {boolean} */ isStdout) => (/** @type {string} */ text) => {
      last = Date.now();
      output += text;
      if (isStdout) stdout += text;
    };
    child.stdout?.setEncoding("utf8").on("data", take(true));
    const stderr = /** @type {import("node:stream").Readable} */ (child.stderr).setEncoding("utf8");
    const filtered = stderr.pipe(withoutLoadNoise());
    if (inherit) filtered.on("data", (text) => process.stderr.write(text));
    else filtered.on("data", take(false));

    // Ctrl-C reaches a child that shares the terminal, which then decides.
    const terminate = () => child.kill("SIGTERM");
    const handlers = { SIGINT: () => {}, SIGTERM: terminate, SIGHUP: terminate };
    for (const [signal, handler] of Object.entries(handlers)) if (inherit) process.on(signal, handler);
    const finish = (/** @type {number} */ code) => {
      clearInterval(watch);
      for (const [signal, handler] of Object.entries(handlers)) process.removeListener(signal, handler);
      resolve({ code, output, stdout, stopped });
    };
    child.once("error", (error) => {
      output += error.message;
      finish(127);
    });
    child.once("close", (code) => finish(code ?? 1));
  });
}

const causes = /error|err!|fail|fatal|cannot|can't|could not|denied|refused|not found|no such|timed? ?out|ENO|EAI_/i;
const frame = /^\s+at \S|^\s*throw \w+;|^node:internal|^\s*File ".*", line \d+|^\s*\^+$|^$/;

/**
 * What a failed program's output says of the cause, for an error message: all of a short output; else the lines that
 * speak of a failure, wherever they stand, and the last ones. KH_DEBUG=1 gives all.
 * @param {string} output
 * @param {number} [most] lines
 * @returns {string}
 */
export function causeIn(output, most = 10) {
  const all = output.replace(/\u001b\[[0-9;]*m/g, "").split("\n").map((line) => line.trimEnd());
  const lines = all.filter((line, i) => !frame.test(line) && all.indexOf(line) === i);
  const shown = new Set(lines.length ? lines : all);
  if (!process.env.KH_DEBUG && shown.size > most) {
    const telling = lines.filter((line) => causes.test(line));
    const kept = new Set([...telling.slice(0, most - 4), ...telling.slice(-2), ...lines.slice(-2)]);
    for (const line of shown) if (!kept.has(line)) shown.delete(line);
  }
  return (process.env.KH_DEBUG ? all : [...shown]).map((line) => `    ${line}`).join("\n");
}
