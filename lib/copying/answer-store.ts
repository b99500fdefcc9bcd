import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "../files";

/** A service's answer to one row. */
export interface RowAnswer {
  readonly label: number;
  /** By the order of the service's classes; absent where it gives none. */
  readonly probabilities?: readonly number[];
  /** The label of each probability; absent where the service does not name them. */
  readonly classes?: readonly number[];
}

const FORMAT = 1;

/**
 * Answers already paid for: in memory, and where a file is named, on disk too: a line that names the service, then one
 * JSON line a row. A torn last line, the trace of a crash, is dropped.
 */
export class AnswerStore {
  readonly #answers = new Map<string, RowAnswer>();

  /** @throws {Error} If the file holds another service's answers, or is not such a file. */
  constructor(service: { url: string; probabilities: boolean }, private readonly file?: string) {
    if (file === undefined) return;
    const header = JSON.stringify({ format: FORMAT, ...service });
    if (!existsSync(file)) {
      makeFolder(dirname(file));
      writeFileSync(file, `${header}\n`);
      return;
    }
    const text = readFileSync(file, "utf8");
    const [first, ...lines] = text.split("\n");
    if (first !== header)
      throw new Error(`httpBlackBox: cacheFile must begin with ${header}, got ${first.slice(0, 200)}`);
    const torn = lines.pop();
    if (torn) writeFileSync(file, [first, ...lines, ""].join("\n"));
    for (const line of lines) {
      const { row, ...answer } = JSON.parse(line) as RowAnswer & { row: number[] };
      this.#answers.set(JSON.stringify(row), answer);
    }
  }

  get(row: readonly number[]): RowAnswer | undefined {
    return this.#answers.get(JSON.stringify(row));
  }

  add(rows: readonly (readonly number[])[], answers: readonly RowAnswer[]): void {
    rows.forEach((row, i) => this.#answers.set(JSON.stringify(row), answers[i]));
    if (this.file !== undefined)
      appendFileSync(this.file, rows.map((row, i) => `${JSON.stringify({ row, ...answers[i] })}\n`).join(""));
  }
}
