import type { PerProfile } from "../../lib";

export interface Sizes {
  queries: number;
  seeds: number;
  fresh: number;
  curve: number[];
}

export const sizes: PerProfile<Sizes> = {
  quick: { queries: 1000, seeds: 5, fresh: 1000, curve: [50, 100, 200, 500, 1000] },
  standard: { queries: 1000, seeds: 10, fresh: 2000, curve: [50, 100, 200, 500, 1000, 2000, 5000] },
  full: { queries: 1000, seeds: 10, fresh: 5000, curve: [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000] },
};
