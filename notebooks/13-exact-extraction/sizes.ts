import type { PerProfile } from "../../lib";

export interface Sizes {
  /** Runs of each search, with seeds of their own. */
  seeds: number;
  /** Runs of each search for a tree. */
  treeSeeds: number;
  /** Random rows that a leaf must answer alike. */
  tests: number;
  /** Digits that the network learns from. */
  trainDigits: number;
  /** Hidden units of the network to be extracted. */
  hidden: number;
  /** Hidden units of the networks beside 784-2-1 that are extracted from labels. */
  widths: readonly number[];
  /** Random inputs on which the networks are compared. */
  inputs: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: {
    seeds: 3, treeSeeds: 10, tests: 300, trainDigits: 4000, hidden: 32, widths: [4], inputs: 20_000,
  },
  standard: {
    seeds: 3, treeSeeds: 10, tests: 300, trainDigits: 4000, hidden: 32, widths: [4, 8], inputs: 1_000_000,
  },
  full: {
    seeds: 5, treeSeeds: 20, tests: 1000, trainDigits: 60_000, hidden: 128, widths: [4, 8, 16], inputs: 1_000_000,
  },
};
