import { type PerProfile, type UciTableName, uciTableNames } from "../../lib";

export interface Sizes {
  /** Splits of the published rows, each with its own seed. */
  rowRuns: number;
  /** Points asked for a published row. */
  rowPoints: number;
  tables: readonly UciTableName[];
  /** Splits of each table. */
  runs: number;
  /** Rows to learn from and rows to be judged by, at most. */
  rows: number;
  /** Labels that the families are compared by; the first also for `auto` and PRESC's way. */
  labels: readonly number[];
}

/** Five tables of numbers and five with names, all small. */
const TEN: readonly UciTableName[] = ["iris", "wine", "breast.w", "column2C", "balance.scale", "tic-tac-toe", "vote",
  "echocardiogram", "tae", "labor"];

export const sizes: PerProfile<Sizes> = {
  quick: { rowRuns: 5, rowPoints: 2000, tables: TEN, runs: 1, rows: 500, labels: [1000] },
  standard: { rowRuns: 5, rowPoints: 20_000, tables: uciTableNames, runs: 1, rows: 500, labels: [1000, 10_000] },
  full: {
    rowRuns: 10, rowPoints: 100_000, tables: uciTableNames, runs: 5, rows: 2000, labels: [1000, 10_000, 100_000],
  },
};
