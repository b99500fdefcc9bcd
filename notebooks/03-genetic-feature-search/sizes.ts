import type { PerProfile } from "../../lib";

export interface Sizes {
  seeds: number;
  generations: number;
  batch: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: { seeds: 5, generations: 20, batch: 100 },
  standard: { seeds: 10, generations: 20, batch: 50 },
  full: { seeds: 20, generations: 20, batch: 20 },
};
