import type { PerProfile } from "../../lib";

export interface Sizes {
  /** Rows that a classifier learns from, real or invented. */
  learnedRows: number;
  boostingRounds: number;
  epsilons: number[];
  seeds: number;
  /** Members, and as many others, of the attacked table. */
  attacked: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: { learnedRows: 8000, boostingRounds: 60, epsilons: [0.1, 1], seeds: 3, attacked: 1000 },
  standard: { learnedRows: 32_561, boostingRounds: 60, epsilons: [0.1, 1, 10], seeds: 5, attacked: 1000 },
  full: { learnedRows: 32_561, boostingRounds: 100, epsilons: [0.1, 1, 10], seeds: 10, attacked: 2000 },
};
