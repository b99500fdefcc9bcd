import { isProbability } from "../validate";
import type { RowAnswer, ServiceLabel } from "./answer-store";

/** What a service said about the rows of one request. */
export interface ServiceAnswer {
  /** A label for each row: integers of 32 bits, or names. */
  readonly labels: readonly ServiceLabel[];
  /** For each row, a probability for each class. */
  readonly probabilities?: readonly (readonly number[])[];
  /** The label of each column of the probabilities. */
  readonly classes?: readonly ServiceLabel[];
}

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 80) ?? String(value);

/**
 * The default protocol's answer.
 *
 * @throws {Error} If it is another protocol's.
 */
export function readPredictions(body: unknown): ServiceAnswer {
  const { predictions, probabilities, classes } = (body ?? {}) as Record<string, unknown>;
  if (predictions === undefined)
    throw new Error(`query: the service must answer { "predictions": [a label for each row] }, got ${shown(body)}; `
      + "the option response reads other answers");
  return { labels: predictions, probabilities, classes } as ServiceAnswer;
}

/**
 * The classes of a service, as it says them and as the library numbers them. Where the caller names them, a class is
 * its position among the names; else integers stay as they are, and names are numbered as they are met.
 */
export class ServiceClasses {
  /** The names in the order of their numbers; empty where the service says integers. */
  readonly names: string[];
  readonly #given: ReadonlySet<string> | null;
  /** The classes of the probabilities' columns in the order that all answers are brought to, once it is known. */
  #columns: readonly ServiceLabel[] | undefined;
  /** Whether the service itself names the columns. */
  #namesColumns = false;

  constructor(classNames?: readonly string[]) {
    this.names = [...(classNames ?? [])];
    this.#given = classNames ? new Set(classNames) : null;
    if (classNames) this.#columns = this.names;
  }

  /** The number that stands for one of the service's labels. */
  codeOf(label: ServiceLabel): number {
    if (typeof label === "number" && !this.#given) return label;
    const known = this.names.indexOf(String(label));
    return known >= 0 ? known : this.names.push(label as string) - 1;
  }

  /** The numbers of the probabilities' columns. */
  get columns(): Int32Array {
    return Int32Array.from(this.#columns ?? [], (label) => this.codeOf(label));
  }

  /**
   * An answer row by row, its probabilities in the order of the first answer's classes.
   *
   * @param n How many rows were asked.
   * @param where What these rows are called in a message.
   * @param probabilities Whether they were asked for.
   * @throws {Error} If a label, a class or a row of probabilities can't be taken.
   */
  read(answer: ServiceAnswer, n: number, where: string, probabilities: boolean): RowAnswer[] {
    const { labels } = (answer ?? {}) as Partial<ServiceAnswer>;
    if (!Array.isArray(labels) || labels.length !== n)
      throw new Error(`query: the service must give ${n} integer labels or names, got ${shown(labels)} in ${where}`);
    this.#requireLabels("labels", labels, where);
    if (!probabilities) return labels.map((label) => ({ label }));
    const order = this.#orderOf(answer, where);
    const rows = answer.probabilities ?? [];
    return labels.map((label, i) => ({
      label, probabilities: order.map((k) => rows[i][k]), ...(this.#namesColumns && { classes: this.#columns }),
    }));
  }

  /** Refuses labels of two kinds, beyond 32 bits, or other than the caller's. */
  #requireLabels(what: string, labels: readonly unknown[], where: string): void {
    const unfit = labels.find((label) => typeof label !== "string" && !Number.isInteger(label));
    if (unfit !== undefined || labels.includes(undefined))
      throw new Error(`query: ${what} must be integer labels or names, got ${shown(labels)} in ${where}`);
    if (this.#given) {
      const unknown = labels.find((label) => !this.#given!.has(String(label)));
      if (unknown === undefined) return;
      const known = this.names.join(", ");
      throw new Error(`query: ${what} must be among classNames (${known}), got ${shown(unknown)} in ${where}`);
    }
    const large = labels.find((label) => typeof label === "number" && (label | 0) !== label);
    if (large !== undefined)
      throw new Error(`query: ${what} must be within 32 bits, got ${String(large)} in ${where}; the option classNames `
        + "takes others");
    const kinds = new Set([...labels, ...(this.#columns ?? []).slice(0, 1), ...this.names.slice(0, 1)]
      .map((label) => typeof label));
    if (kinds.size > 1) throw new Error(`query: ${what} must be all integers or all names, got both in ${where}`);
  }

  /** For each column, where it stands in this answer's rows. */
  #orderOf({ labels, probabilities, classes }: ServiceAnswer, where: string): number[] {
    if (!Array.isArray(probabilities) || probabilities.length !== labels.length)
      throw new Error(`query: the service must give ${labels.length} rows of probabilities, `
        + `got ${shown(probabilities)} in ${where}`);
    const first: readonly number[] = probabilities[0] ?? [];
    const order = classes ? this.#namedOrder(classes, where) : this.#unnamedOrder(labels, first, where);
    const width = order.length;
    probabilities.forEach((row: unknown, i) => {
      if (!Array.isArray(row) || row.length !== width || !row.every(isProbability))
        throw new Error(`query: each row must have ${width} probabilities, got ${shown(row)} for row ${i} of ${where}`);
    });
    return order;
  }

  #namedOrder(classes: readonly ServiceLabel[], where: string): number[] {
    this.#requireLabels("classes", classes, where);
    const got = classes.map(String);
    if (new Set(got).size < got.length)
      throw new Error(`query: classes must differ, got ${shown(classes)} in ${where}`);
    const columns = this.#columns ?? classes;
    if (columns.length !== got.length || columns.some((label) => !got.includes(String(label))))
      throw new Error(`query: classes must be ${shown(columns)} in any order, got ${shown(classes)} in ${where}`);
    this.#columns = columns;
    this.#namesColumns = true;
    for (const label of columns) this.codeOf(label);
    return columns.map((label) => got.indexOf(String(label)));
  }

  #unnamedOrder(labels: readonly ServiceLabel[], row: readonly number[], where: string): number[] {
    if (this.#namesColumns || (!this.#given && typeof labels[0] === "string"))
      throw new Error(`query: probabilities need classes to name their columns, got none in ${where}`);
    const strange = this.#given ? undefined : labels.find((label) => Number(label) < 0 || Number(label) >= row.length);
    if (strange !== undefined)
      throw new Error(`query: probabilities need classes to name their columns where a label is none of `
        + `0 to ${row.length - 1}, got ${String(strange)} in ${where}`);
    this.#columns ??= Array.from(row, (_, k) => k);
    return this.#columns.map((_, k) => k);
  }
}
