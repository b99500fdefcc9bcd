import type { PerProfile } from "../../lib";

export interface Sizes {
  queries: number;
  seeds: number;
  epochs: number;
  curve: number[];
  handSeeds: number;
  tableSeeds: number;
  digitSeeds: number;
  fresh: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: {
    queries: 1000, seeds: 2, epochs: 100, curve: [50, 200, 1000], handSeeds: 5, tableSeeds: 2, digitSeeds: 1,
    fresh: 2000,
  },
  standard: {
    queries: 1000, seeds: 5, epochs: 200, curve: [50, 100, 200, 500, 1000, 2000, 5000], handSeeds: 5, tableSeeds: 5,
    digitSeeds: 5, fresh: 10_000,
  },
  full: {
    queries: 1000, seeds: 10, epochs: 200, curve: [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000],
    handSeeds: 10, tableSeeds: 10, digitSeeds: 10, fresh: 100_000,
  },
};
