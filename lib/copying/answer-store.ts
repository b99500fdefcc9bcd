import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

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

const FORMAT = 1;

/**
 * Answers already paid for: in memory, and where a file is named, on disk too: a line that names the service, then one
 * JSON line a row. A torn last line, the trace of a crash, is dropped.
 */
export class AnswerStore {
  readonly #answers = new Map<string, RowAnswer>();

  /**
   * @param read Brings an answer of an earlier process into the order of this one's.
   * @throws {Error} If the file holds another service's answers, or is not such a file.
   */
  constructor(
    service: { url: string; probabilities: boolean }, read: (answer: RowAnswer) => RowAnswer,
    private readonly file?: string,
  ) {
    if (file === undefined) return;
    const header = JSON.stringify({ format: FORMAT, ...service });
    if (!existsSync(file)) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${header}\n`);
      return;
    }
    const text = readFileSync(file, "utf8");
    const [first, ...lines] = text.split("\n");
    if (first !== header)
      throw new Error(`httpBlackBox: cacheFile must begin with ${header}, got ${first.slice(0, 200)}`);
    const torn = lines.pop();
    if (torn) writeFileSync(file, [first, ...lines, ""].join("\n"));
    lines.forEach((line, i) => {
      const { row, ...answer } = answerOf(line, `line ${i + 2} of ${file}`);
      this.#answers.set(JSON.stringify(row), read(answer));
    });
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

function answerOf(line: string, where: string): RowAnswer & { row: number[] } {
  try {
    return JSON.parse(line) as RowAnswer & { row: number[] };
  } catch (error) {
    throw new Error(`httpBlackBox: cacheFile is damaged at ${where}: got ${line.slice(0, 80)}; remove the line, and `
      + "its rows are asked again", { cause: error });
  }
}
