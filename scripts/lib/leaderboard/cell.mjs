import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../bootstrap/paths.mjs";

const realm = join(root, "scripts", "leaderboard", "realm.cjs");
const MEBI = 2 ** 20;
const WATCH_MS = 50;

/**
 * What an entry may take.
 * @typedef {object} Limits
 * @property {number} seconds in all
 * @property {number} mebibytes of memory
 * @property {number} [said] bytes that it may send
 *
 * What it asks of the referee, by kind: gives the answer, or throws what the entry is told.
 * @typedef {Record<string, (asked: Record<string, unknown>) => unknown>} Services
 *
 * How a run ended: with an answer, or with the reason why there is none.
 * @typedef {{ answer?: unknown, fault?: string, seconds: number }} Outcome
 */

/** @type {boolean | undefined} */
let unshared;

/** Whether Linux gives a process a network of its own, in which there is nothing. */
export function networkCanBeCut() {
  const tried = () => process.platform === "linux" && spawnSync("unshare", ["-rn", "true"]).status === 0;
  return (unshared ??= tried());
}

/** Node's own wall: no files but the realm's own program, no child processes, no threads, no native code. */
const permission = ["--permission", "--experimental-permission"]
  .find((flag) => process.allowedNodeEnvironmentFlags.has(flag)) ?? "";

/**
 * A command line that runs Node behind walls.
 * @param {number} mebibytes of memory, half of them for JavaScript's objects
 * @returns {[string, ...string[]]}
 */
export function behindWalls(mebibytes) {
  const node = [process.execPath, permission, `--allow-fs-read=${realm}`, "--disallow-code-generation-from-strings",
    `--max-old-space-size=${Math.round(mebibytes / 2)}`, "--no-warnings"];
  return networkCanBeCut() ? ["unshare", "-rn", ...node] : [node[0], ...node.slice(1)];
}

/** @param {Limits} limits */
function startCell({ mebibytes }) {
  const [program, ...words] = [...behindWalls(mebibytes), realm];
  const env = process.env.PATH === undefined ? {} : { PATH: process.env.PATH };
  return spawn(program, words, { env, stdio: ["pipe", "pipe", "ignore"] });
}

/** @param {number} pid @returns {number} bytes that a process has in memory; 0 if it has ended */
function residentBytes(pid) {
  try {
    if (process.platform === "linux") return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096;
    return Number(spawnSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }).stdout) * 1024;
  } catch {
    return 0;
  }
}

/**
 * @param {Record<string, unknown>} asked
 * @param {Services} services
 * @returns {{ id: unknown, value?: unknown, error?: string }}
 */
function served(asked, services) {
  const { id, ask } = asked;
  if (typeof ask !== "string" || !Object.hasOwn(services, ask)) return { id, error: "there is nothing of that kind" };
  try {
    return { id, value: services[ask](asked) };
  } catch (error) {
    return { id, error: /** @type {Error} */ (error).message };
  }
}

/**
 * Runs an entry where it can reach nothing but the services: see docs/leaderboard.md for what that holds and what not.
 *
 * @param {string} script the entry's
 * @param {{ game: string, task: object }} start
 * @param {Services} services
 * @param {Limits} limits
 * @returns {Promise<Outcome>}
 */
export function runEntry(script, start, services, limits) {
  const { seconds, mebibytes, said = 64 * MEBI } = limits;
  const began = Date.now();
  const cell = startCell(limits);
  /** @type {Omit<Outcome, "seconds">} */
  let outcome = {};
  let bytes = 0;
  /** What has come of a line that has not ended, in pieces. @type {string[]} */
  let begun = [];
  const stop = (/** @type {Omit<Outcome, "seconds">} */ end) => {
    if (outcome.fault === undefined && outcome.answer === undefined) outcome = end;
    cell.kill("SIGKILL");
  };
  const hear = (/** @type {string} */ line) => {
    if (Object.keys(outcome).length) return undefined;
    try {
      const message = JSON.parse(line);
      if (typeof message.fault === "string") return stop({ fault: message.fault.slice(0, 300) });
      if ("answer" in message) return stop({ answer: message.answer });
      return cell.stdin.write(`${JSON.stringify(served(message, services))}\n`);
    } catch {
      return stop({ fault: "it said something that the referee can't read" });
    }
  };
  cell.stdin.on("error", () => undefined);
  cell.stdout.setEncoding("utf8").on("data", (text) => {
    bytes += text.length;
    if (bytes > said) return stop({ fault: `it sent more than ${said / MEBI} MiB` });
    const [first, ...lines] = text.split("\n");
    begun.push(first);
    if (!lines.length) return undefined;
    const whole = [begun.join(""), ...lines];
    begun = [whole.pop() ?? ""];
    return whole.forEach(hear);
  });
  cell.stdin.write(`${JSON.stringify(script)}\n${JSON.stringify(start)}\n`);
  const watch = setInterval(() => {
    if (Date.now() - began > 1000 * seconds) stop({ fault: `it ran longer than ${seconds} s` });
    else if (residentBytes(Number(cell.pid)) > mebibytes * MEBI) stop({ fault: `it took more than ${mebibytes} MiB` });
  }, WATCH_MS);
  return new Promise((resolve) => {
    const finish = () => {
      clearInterval(watch);
      if (!Object.keys(outcome).length) outcome = { fault: "it ended without an answer (memory, or its own doing)" };
      resolve({ ...outcome, seconds: (Date.now() - began) / 1000 });
    };
    cell.once("error", ({ message }) => {
      outcome = { fault: `its process could not be started: ${message}` };
      finish();
    });
    cell.once("close", finish);
  });
}
