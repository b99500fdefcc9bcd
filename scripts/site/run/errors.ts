/** An error as its reader needs it: what is wrong, and the own line where it happened. */
import type { Fault } from "./cells";
import { inspect } from "./inspect";
import type { Output, Places } from "./messages";
import { placeOf, type Place } from "./source-map";

export interface CellSource {
  source: string;
  places: Places;
}

const MOST_PLACES = 4;
const MOST_CAUSES = 3;

/** The name that a cell's code goes by in stacks, in every browser. */
export const fileOf = (number: number): string => `cell-${number}.js`;

function quote(source: string, { line, column }: Place): string[] {
  const number = `${line} | `;
  const text = source.split("\n")[line - 1] ?? "";
  return [`  ${number}${text}`, `  ${" ".repeat(number.length - 2)}| ${" ".repeat(Math.max(0, column - 1))}^`];
}

function nameAndMessage(error: unknown): { ename: string; evalue: string } {
  if (typeof error === "object" && error !== null && "message" in error && "name" in error)
    return { ename: String(error.name), evalue: String(error.message) };
  return { ename: "thrown", evalue: typeof error === "string" ? error : inspect(error) };
}

function causesOf(error: unknown): string[] {
  const lines: string[] = [];
  let cause = error instanceof Error ? error.cause : undefined;
  for (; cause !== undefined && lines.length < MOST_CAUSES; cause = cause instanceof Error ? cause.cause : undefined) {
    const { ename, evalue } = nameAndMessage(cause);
    lines.push(`  caused by ${ename}: ${evalue}`);
  }
  return lines;
}

/** The places in cells that a stack names, innermost first. */
function placesIn(stack: string, cells: ReadonlyMap<number, CellSource>): { number: number; place: Place }[] {
  const found: { number: number; place: Place }[] = [];
  for (const [, cell, line, column] of stack.matchAll(/cell-(\d+)\.js:(\d+):(\d+)/g)) {
    const number = Number(cell);
    const known = cells.get(number);
    // The first line of what is evaluated is the function around the cell's code.
    const place = known && placeOf(known.places, Number(line) - 1, Number(column));
    const last = found[found.length - 1];
    if (place && !(last?.number === number && last.place.line === place.line)) found.push({ number, place });
  }
  return found.slice(0, MOST_PLACES);
}

/** Why a cell ended, for an error that it threw. */
export function explain(error: unknown, cells: ReadonlyMap<number, CellSource>): Output {
  const { ename, evalue } = nameAndMessage(error);
  const stack = error instanceof Error ? error.stack ?? "" : "";
  const shown = placesIn(stack, cells).flatMap(({ number, place }, i) => [
    `${i ? "called from " : ""}cell [${number}], line ${place.line}`, ...quote(cells.get(number)!.source, place)]);
  return { output_type: "error", ename, evalue, traceback: [`${ename}: ${evalue}`, ...causesOf(error), ...shown] };
}

const MOST_FAULTS = 10;

/** Why a cell was not run: what the compiler found wrong with it. */
export function explainFaults(number: number, source: string, faults: readonly Fault[]): Output {
  const traceback = faults.slice(0, MOST_FAULTS).flatMap((fault) => [
    `${fault.kind}: ${fault.message}`, `cell [${number}], line ${fault.line}`, ...quote(source, fault)]);
  return { output_type: "error", ename: faults[0].kind, evalue: faults[0].message, traceback };
}

export const INTERRUPTED: Output = {
  output_type: "error", ename: "Interrupted", evalue: "", traceback: ["interrupted"],
};
