import type { PerProfile } from "../../lib";

export interface Sizes {
  /** Digits that the black box learns from. */
  trainDigits: number;
  /** Questions of the copies whose agreement is drawn, ascending; the last is at most 50,000. */
  budgets: number[];
  /** Runs of each of these copies, with seeds of their own. */
  curveSeeds: number;
  /** Times a copy goes through its questions, and its steps at least. */
  epochs: number;
  minSteps: number;
  /** Questions of the copies by which choices and defences are compared. */
  budget: number;
  /** Runs of each of those. */
  seeds: number;
  /** Questions of each client that is watched. */
  watched: number;
  /** Honest clients that are watched. */
  honest: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: { trainDigits: 15_000, budgets: [1000, 4000], curveSeeds: 3, epochs: 6, minSteps: 300, budget: 1000, seeds: 3,
    watched: 800, honest: 10 },
  standard: { trainDigits: 60_000, budgets: [1000, 3000, 10_000, 30_000, 50_000], curveSeeds: 1, epochs: 6,
    minSteps: 500, budget: 1000, seeds: 3, watched: 800, honest: 20 },
  full: { trainDigits: 60_000, budgets: [1000, 3000, 10_000, 30_000, 50_000], curveSeeds: 3, epochs: 20,
    minSteps: 2000, budget: 3000, seeds: 5, watched: 2000, honest: 50 },
};
