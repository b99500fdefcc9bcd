import type { Rng } from "../../random";
import { rowCells, type CodedTable } from "./marginal";
import type { TreeModel } from "./tree-model";

/** Positions 0 … cells.length − 1 sorted by their cell, and where each cell's begin. */
function grouped(cells: Int32Array, groups: number): { order: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(groups + 1);
  for (let i = 0; i < cells.length; i++) starts[cells[i] + 1]++;
  for (let g = 0; g < groups; g++) starts[g + 1] += starts[g];
  const next = starts.slice();
  const order = new Int32Array(cells.length);
  for (let i = 0; i < cells.length; i++) order[next[cells[i]]++] = i;
  return { order, starts };
}

/**
 * Gives the rows order[from … to) each one of the candidates, in proportion to weight: every candidate as often as
 * expected, rounded down or up, and in random order.
 */
function deal(
  rows: Int32Array, candidates: Int32Array, weights: Float64Array, { out, rng }: { out: Int32Array; rng: Rng },
): void {
  let sum = 0;
  for (const cell of candidates) sum += weights[cell];
  for (let i = rows.length - 1; i > 0; i--) {
    const j = rng.integer(i + 1);
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  const offset = rng.uniform();
  let below = 0;
  let k = -1;
  rows.forEach((row, i) => {
    const goal = ((i + offset) * sum) / rows.length;
    while (k < candidates.length - 1 && (k < 0 || below <= goal)) below += weights[candidates[++k]];
    out[row] = candidates[k];
  });
}

/**
 * Draws rows from a model, clique by clique from the root; a child's columns follow from what it shares with its
 * parent. Within each group of rows that agree on that, counts are as expected up to rounding, so that less is left to
 * chance than with independent rows.
 */
export function sampleRows(model: TreeModel, { rows, rng }: { rows: number; rng: Rng }): CodedTable {
  const { sizes, tree, cliques } = model;
  const table = { sizes, rows, codes: sizes.map(() => new Uint16Array(rows)) };
  cliques.forEach(({ columns, counts, own, message }, c) => {
    const candidates = grouped(own, message.length);
    const groups = grouped(rowCells(table, tree.separators[c]), message.length);
    const cells = new Int32Array(rows);
    for (let g = 0; g < message.length; g++) {
      const members = groups.order.subarray(groups.starts[g], groups.starts[g + 1]);
      const choice = candidates.order.subarray(candidates.starts[g], candidates.starts[g + 1]);
      if (members.length) deal(members, choice, counts, { out: cells, rng });
    }
    for (const column of [...columns].reverse()) {
      const size = sizes[column];
      const codes = table.codes[column];
      for (let i = 0; i < rows; i++) {
        codes[i] = cells[i] % size;
        cells[i] = (cells[i] - codes[i]) / size;
      }
    }
  });
  return table;
}
