import type { PerProfile } from "../../lib";

export interface Sizes {
  resolution: number;
  points: number;
  slowPoints: number;
  budgets: number[];
  seeds: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: { resolution: 100, points: 100_000, slowPoints: 300, budgets: [100, 1000], seeds: 3 },
  standard: { resolution: 200, points: 100_000, slowPoints: 1000, budgets: [50, 100, 300, 1000], seeds: 5 },
  full: { resolution: 300, points: 1_000_000, slowPoints: 5000, budgets: [50, 100, 300, 1000, 3000], seeds: 10 },
};
