/** A learner's work: kept in the browser, and taken home as a notebook. */
import type { Output } from "./messages";

/** What is kept; nothing of it leaves the browser. */
export interface Work {
  /** Changed code, by the cell's id. */
  sources: Record<string, string>;
  /** Cells that the learner added, each after another one. */
  added: { id: string; after: string }[];
  /** What the checks of exercises said, by the exercise's id. */
  verdicts: Record<string, string>;
}

const keyOf = (notebook: string): string => `knowledge-hacking/${notebook}`;

/** @returns What was kept; nothing where the browser keeps nothing. */
export function readWork(notebook: string): Work {
  const none: Work = { sources: {}, added: [], verdicts: {} };
  try {
    return { ...none, ...(JSON.parse(localStorage.getItem(keyOf(notebook)) ?? "{}") as Partial<Work>) };
  } catch {
    return none;
  }
}

/** @returns Whether it could be kept. */
export function keepWork(notebook: string, work: Work): boolean {
  try {
    localStorage.setItem(keyOf(notebook), JSON.stringify(work));
    return true;
  } catch {
    return false;
  }
}

export interface NotebookCell {
  id: string;
  cell_type: string;
  source: string[] | string;
  metadata: Record<string, unknown>;
  outputs?: unknown[];
  execution_count?: number | null;
}

export interface NotebookFile {
  cells: NotebookCell[];
  [field: string]: unknown;
}

/** A code cell as it stands in the page. */
export interface LiveCell {
  id: string;
  source: string;
  count: number | null;
  outputs: Output[];
}

/** Lines as a notebook's file keeps them. */
const linesOf = (text: string): string[] => text.split(/(?<=\n)/);

function outputOf(output: Output): unknown {
  if (output.output_type === "stream") return { ...output, text: linesOf(output.text) };
  if (output.output_type === "error") return output;
  const data = Object.fromEntries(Object.entries(output.data).map(([type, value]) =>
    [type, type.startsWith("text/") && typeof value === "string" ? linesOf(value) : value]));
  return { ...output, data };
}

/** The notebook with the page's code cells in the place of its own; its prose stays. */
export function notebookOf(original: NotebookFile, live: readonly LiveCell[]): NotebookFile {
  const byId = new Map(live.map((cell, i) => [cell.id, i]));
  const known = new Set(original.cells.map(({ id }) => id));
  const cells: NotebookCell[] = [];
  const push = ({ id, source, count, outputs }: LiveCell): void => void cells.push({
    cell_type: "code", execution_count: count, id, metadata: {}, outputs: outputs.map(outputOf),
    source: linesOf(source),
  });
  for (const cell of original.cells) {
    const at = byId.get(cell.id);
    if (cell.cell_type !== "code" || at === undefined) {
      cells.push(cell);
      continue;
    }
    push(live[at]);
    for (let i = at + 1; i < live.length && !known.has(live[i].id); i++) push(live[i]);
  }
  return { ...original, cells };
}
