/** What page, compiler and runner say to each other. */
import type { CellNames, Fault } from "./cells";
import type { Place } from "./source-map";

/** An output as a notebook's file keeps it. */
export type Output =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | { output_type: "display_data"; data: Record<string, unknown>; metadata: Record<string, unknown> }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

export type ToCompiler =
  | { kind: "compile"; number: number; source: string }
  /** A cell has run: its names are there for later cells, except the missing ones. */
  | { kind: "keep"; number: number; names: CellNames; missing: string[] }
  /** The program was started anew. */
  | { kind: "clear" };

export type FromCompiler =
  | { kind: "ready" }
  /** From now on types are checked. */
  | { kind: "checks" }
  | { kind: "compiled"; number: number; names: CellNames; faults: Fault[]; code: string; places: Places };

export type Places = [column: number, place: Place][][];

export interface RunCell {
  kind: "run";
  number: number;
  source: string;
  code: string;
  places: Places;
  /** The values that it declares. */
  values: string[];
  /** An address that can be fetched until the cell is to end. */
  lifeline: string;
}

export type ToRunner = RunCell | { kind: "interrupt"; number: number };

export type FromRunner =
  | { kind: "ready" }
  /** With a display id, it takes the place of what was shown under the same one before, if `update` says so. */
  | { kind: "output"; number: number; output: Output; displayId?: string; update?: boolean }
  | { kind: "done"; number: number; failed: boolean; interrupted: boolean; missing: string[]; milliseconds: number };
