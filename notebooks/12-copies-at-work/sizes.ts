import type { PerProfile } from "../../lib";

export interface Sizes {
  /** Splits, each with its own seed. */
  runs: number;
  /** Points that a readable copy asks about. */
  points: number;
  /** People that a table's original learns from, at most. */
  people: number;
  /** Points that a fair copy asks about. */
  synthetic: number;
  /** People that the machine of section 3 learns from. */
  support: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: { runs: 3, points: 10_000, people: 3000, synthetic: 4000, support: 2500 },
  standard: { runs: 10, points: 10_000, people: 6000, synthetic: 8000, support: 5000 },
  full: { runs: 20, points: 50_000, people: 11_000, synthetic: 20_000, support: 8000 },
};
