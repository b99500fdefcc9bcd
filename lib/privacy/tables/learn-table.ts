import type { Rng } from "../../random";
import { requireCells, type CodedColumn } from "./column-domain";
import { learnAdaptively } from "./learn-adaptively";
import { learnIndependent, learnSpanningTree } from "./learn-spanning-tree";
import type { TableReleases } from "./table-releases";
import type { TreeModel } from "./tree-model";

/** How marginals are chosen: one by one where the model is wrong, pairs that make a tree, or columns by themselves. */
export type MarginalChoice = "adaptive" | "spanning-tree" | "independent";

export interface LearnTableOptions {
  /** How each column is coded; null where that is to be found. */
  readonly columns: readonly (CodedColumn | null)[];
  readonly choice: MarginalChoice;
  /** Most columns of a marginal. */
  readonly ways: number;
  /** Most cells of the model. */
  readonly maxCells: number;
  /** For the rows by which the model is compared; no part of the releases. */
  readonly rng: Rng;
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

/** What was learned from releases alone. */
export interface LearnedTable {
  readonly columns: readonly CodedColumn[];
  readonly model: TreeModel;
}

/** Most of the budget that goes into finding domains: for one column, and for all. */
const [DOMAIN_SHARE, ALL_DOMAINS] = [0.02, 0.2];

/** All of `syntheticTable` that learns: it has no other access to the rows than the releases. */
export function learnTable(releases: TableReleases, options: LearnTableOptions): LearnedTable {
  const { columns: given, choice, maxCells } = options;
  const unknown = given.filter((column) => column === null).length;
  const share = Math.min(DOMAIN_SHARE, ALL_DOMAINS / unknown);
  const columns = given.map((column, j) => column ?? releases.findColumn(j, share));
  requireCells(columns, maxCells);
  releases.code(columns);
  const sizes = columns.map(({ size }) => size);
  const learners = { adaptive: learnAdaptively, "spanning-tree": learnSpanningTree, independent: learnIndependent };
  return { columns, model: learners[choice](releases, { ...options, sizes, target: sizes.length - 1 }) };
}
