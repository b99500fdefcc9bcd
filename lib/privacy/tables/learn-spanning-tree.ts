import { throwIfInterrupted } from "../../interrupt";
import { requireInteger } from "../../validate";
import { modelCells } from "./junction-tree";
import { cellMap, cellsOf, columnSets, type ColumnSet } from "./marginal";
import { totalOf } from "./measurements";
import type { TableReleases } from "./table-releases";
import { type Measurement, TreeModel } from "./tree-model";

export interface LearnOptions {
  /** How many codes each column has. */
  readonly sizes: readonly number[];
  /** Most cells of the model. */
  readonly maxCells: number;
  readonly signal?: AbortSignal;
}

const SWEEPS = 30;

function fitted(measurements: readonly Measurement[], sizes: readonly number[], signal?: AbortSignal): TreeModel {
  const model = new TreeModel(measurements, sizes, { total: totalOf(measurements) });
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    throwIfInterrupted(signal);
    model.sweep();
  }
  return model;
}

/** Measures each column by itself; the columns of the model know nothing of each other. */
export function learnIndependent(releases: TableReleases, { sizes, signal }: LearnOptions): TreeModel {
  const share = releases.left() / sizes.length;
  return fitted(sizes.map((_, column) => releases.measure([column], share)), sizes, signal);
}

/** Expected counts of two columns, if they knew nothing of each other. */
function product(model: TreeModel, columns: ColumnSet, total: number): Float64Array {
  const counts = new Float64Array(cellsOf(columns, model.sizes)).fill(total);
  for (const column of columns) {
    const marginal = model.marginal([column]) as Float64Array;
    const map = cellMap(columns, [column], model.sizes);
    for (let i = 0; i < counts.length; i++) counts[i] *= marginal[map[i]] / total;
  }
  return counts;
}

/**
 * Measures each column by itself, then chooses pairs that join all columns to one tree, each with a preference for the
 * pair that is farthest from independent, and measures these. A third of the budget goes into each step.
 *
 * @see McKenna, Miklau & Sheldon, Winning the NIST contest (MST), arXiv 2108.04978, Algorithm 1 and 2.
 */
export function learnSpanningTree(releases: TableReleases, { sizes, maxCells, signal }: LearnOptions): TreeModel {
  const third = releases.left() / 3;
  const single = sizes.map((_, column) => releases.measure([column], third / sizes.length));
  const total = totalOf(single);
  const model = fitted(single, sizes, signal);
  const pairs = columnSets(sizes.length, 2).filter((columns) => columns.length === 2)
    .map((columns) => ({ columns, expected: product(model, columns, total), weight: 1, penalty: 0 }));
  const group = sizes.map((_, column) => column);
  const chosen: ColumnSet[] = [];
  while (chosen.length < sizes.length - 1) {
    throwIfInterrupted(signal);
    const joining = pairs.filter(({ columns: [a, b] }) => group[a] !== group[b]);
    const { columns } = joining[releases.choose(joining, third / (sizes.length - 1))];
    const [kept, lost] = columns.map((column) => group[column]);
    group.forEach((each, column) => { if (each === lost) group[column] = kept; });
    chosen.push(columns);
  }
  requireInteger("syntheticTable", "cells of the spanning tree", modelCells(chosen, sizes), 1, maxCells);
  const share = Math.min(third, releases.left()) / chosen.length;
  return fitted([...single, ...chosen.map((columns) => releases.measure(columns, share))], sizes, signal);
}
