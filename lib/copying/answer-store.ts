import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../files";

/** A class as a service says it: an integer or a name. */
export type ServiceLabel = number | string;

/** A service's answer to one row. */
export interface RowAnswer {
  readonly label: ServiceLabel;
  /** By the order of the service's classes; absent where it gives none. */
  readonly probabilities?: readonly number[];
  /** The label of each probability; absent where the service does not name them. */
  readonly classes?: readonly ServiceLabel[];
}

interface StoredAnswer extends RowAnswer {
  readonly row: readonly number[];
}

const FORMAT = 2;

const checksum = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** One JSON line; its last field is a checksum over all before it. */
function writeLine(answer: StoredAnswer): string {
  const fields = JSON.stringify(answer).slice(0, -1);
  return `${fields},"check":"${checksum(fields)}"}\n`;
}

/** The answer of a line, or null if a single bit of it is not as it was written. */
function readLine(line: string): StoredAnswer | null {
  const [, fields, check] = /^(.*),"check":"([0-9a-f]{16})"\}$/s.exec(line) ?? [];
  return fields !== undefined && checksum(fields) === check ? (JSON.parse(`${fields}}`) as StoredAnswer) : null;
}

/**
 * Answers already paid for: in memory, and where a file is named, on disk too: a line that names the service, then one
 * JSON line a row with its checksum. A torn last line, the trace of a crash, is dropped: its rows are asked again.
 */
export class AnswerStore {
  readonly #answers = new Map<string, RowAnswer>();

  /**
   * @param read Brings an answer of an earlier process into the order of this one's.
   * @throws {Error} If the file holds another service's answers, is not such a file, or is damaged.
   */
  constructor(
    service: { url: string; probabilities: boolean }, private readonly file?: string,
    read: (answer: RowAnswer) => RowAnswer = (answer) => answer,
  ) {
    if (file === undefined) return;
    const header = JSON.stringify({ format: FORMAT, ...service });
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    if (!text.includes("\n") && header.startsWith(text)) {
      makeFolder(dirname(file));
      writeFileSync(file, `${header}\n`);
      return;
    }
    const [first, ...lines] = text.split("\n");
    if (first !== header)
      throw new Error(`httpBlackBox: cacheFile must begin with ${header}, got ${first.slice(0, 200)} in ${file}; `
        + "name another file, or delete it to ask for all rows again");
    const torn = lines.pop();
    lines.forEach((line, i) => this.#remember(line, i + 2, file, read));
    if (torn) writeFileSync(file, [first, ...lines, ""].join("\n"));
  }

  #remember(line: string, number: number, file: string, read: (answer: RowAnswer) => RowAnswer): void {
    const stored = readLine(line);
    if (!stored)
      throw new Error(`httpBlackBox: line ${number} of cacheFile ${file} is damaged (${line.slice(0, 80)}); `
        + "delete that line to ask for its row again, or the file for all of them");
    const { row, ...answer } = stored;
    this.#answers.set(JSON.stringify(row), read(answer));
  }

  get(row: readonly number[]): RowAnswer | undefined {
    return this.#answers.get(JSON.stringify(row));
  }

  add(rows: readonly (readonly number[])[], answers: readonly RowAnswer[]): void {
    rows.forEach((row, i) => this.#answers.set(JSON.stringify(row), answers[i]));
    if (this.file !== undefined)
      appendFileSync(this.file, rows.map((row, i) => writeLine({ row, ...answers[i] })).join(""));
  }
}
