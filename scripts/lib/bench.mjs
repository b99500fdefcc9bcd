import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { root } from "../bootstrap/paths.mjs";
import { childEnv, withoutLoadNoise } from "../bootstrap/run.mjs";
import { readText, writeWhole } from "../bootstrap/stamp.mjs";

/**
 * @typedef {{ work: string, seconds: number, result?: unknown }} Timing
 * @typedef {{ work: string, ours_s: number, peer: string, peer_s: number, ratio: number }} Row
 */

/** One side of a benchmark: a process that speaks the protocol of bench/harness.ts. */
export class Side {
  /**
   * @param {string} name
   * @param {string} program
   * @param {string[]} args
   */
  constructor(name, program, args) {
    this.name = name;
    this.child = spawn(program, args, { cwd: root, env: childEnv(), stdio: ["pipe", "pipe", "pipe"] });
    this.child.stderr.setEncoding("utf8").pipe(withoutLoadNoise()).on("data", (text) => process.stderr.write(text));
    this.child.stdin.on("error", () => {});
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  /**
   * The lines up to one that says `last`.
   * @param {string} last
   * @returns {Promise<string[]>}
   */
  async until(last) {
    const lines = [];
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done) throw new Error(`${this.name} ended before it said "${last}"; its own message stands above`);
      if (value === last) return lines;
      lines.push(value);
    }
  }

  /** @returns {Promise<Timing[]>} */
  async round() {
    this.child.stdin.write("round\n");
    const lines = await this.until("done");
    return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  }

  end() {
    this.child.kill();
  }
}

/**
 * The middle value; of an even number, the mean of the two middle ones.
 * @param {number[]} values
 * @returns {number}
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * One row a work from all rounds of both sides.
 * @param {string} peer
 * @param {Timing[][]} ours
 * @param {Timing[][]} theirs
 * @returns {Row[]}
 * @throws {Error} when the two sides did not do the same works
 */
export function toRows(peer, ours, theirs) {
  const names = (/** @type {Timing[]} */ round) => round.map(({ work }) => work).join(", ");
  if (names(ours[0]) !== names(theirs[0])) {
    throw new Error(`the two sides must do the same works; ours: ${names(ours[0])}; ${peer}: ${names(theirs[0])}`);
  }
  return ours[0].map(({ work }, i) => {
    const ours_s = median(ours.map((round) => round[i].seconds));
    const peer_s = median(theirs.map((round) => round[i].seconds));
    return { work, ours_s, peer, peer_s, ratio: ours_s / peer_s };
  });
}

/**
 * Puts rows into a results file, in place of earlier rows of the same work and peer.
 * @param {string} file
 * @param {Row[]} rows
 */
export function mergeRows(file, rows) {
  /** @type {Row[]} */
  const before = JSON.parse(readText(file) ?? "[]");
  const kept = before.filter((old) => !rows.some((row) => row.work === old.work && row.peer === old.peer));
  const all = [...kept, ...rows].sort((a, b) => a.work.localeCompare(b.work));
  writeWhole(file, `${JSON.stringify(all, null, 2)}\n`);
}

/**
 * Whether two results are the same: numbers to a relative tolerance, lists element by element.
 * @param {unknown} a
 * @param {unknown} b
 * @param {number} [tolerance]
 * @returns {boolean}
 */
export function sameResult(a, b, tolerance = 1e-6) {
  if (typeof a === "number" && typeof b === "number") {
    return a === b || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, i) => sameResult(value, b[i], tolerance));
  }
  return JSON.stringify(a) === JSON.stringify(b);
}
