import { seededRng } from "../../random";
import { drawnRows, growTree, MOST_SEED, type GrowTreeOptions, type Tree } from "./grow-tree";
import type { TaskRunner } from "../../parallel/map-tasks";
import type { SortedColumns } from "./sorted-columns";

/** What the trees of a forest are grown from. */
export interface ForestData {
  columns: SortedColumns;
  codes: Int32Array;
  /** One a tree. */
  seeds: number[];
  options: Omit<GrowTreeOptions, "featureSeed">;
}

/** Grows tree number `task` of a forest from its own seed, on rows drawn with replacement. */
export function prepareTasks({ columns, codes, seeds, options }: ForestData): TaskRunner<Tree> {
  const n = columns.numRows;
  return (task) => {
    const rng = seededRng(seeds[task]);
    const drawn = new Uint16Array(n);
    for (let i = 0; i < n; i++) drawn[rng.integer(n)]++;
    const featureSeed = seededRng(seeds[task]).integer(MOST_SEED);
    return growTree(columns, drawnRows(columns, codes, drawn), { ...options, featureSeed });
  };
}
