import type { PerProfile } from "../../lib";

export interface Sizes {
  /** Digits that the black box learns from. */
  trainDigits: number;
  /**
   * Questions of the copies whose agreement is drawn, ascending; the last is at most 50,000. With the first, choices
   * and defences are compared.
   */
  budgets: number[];
  /** Runs with the first of these budgets, with seeds of their own. */
  seeds: number;
  /** Runs with the others, at most as many. */
  curveSeeds: number;
  /** Times a copy goes through its questions, and its steps at least. */
  epochs: number;
  minSteps: number;
  /** Questions of each client that is watched. */
  watched: number;
  /** Honest clients that are watched. */
  honest: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: { trainDigits: 15_000, budgets: [1000, 3000, 10_000], seeds: 3, curveSeeds: 1, epochs: 6, minSteps: 300,
    watched: 800, honest: 10 },
  standard: { trainDigits: 60_000, budgets: [1000, 3000, 10_000, 30_000, 50_000], seeds: 3, curveSeeds: 1, epochs: 6,
    minSteps: 500, watched: 800, honest: 20 },
  full: { trainDigits: 60_000, budgets: [1000, 3000, 10_000, 30_000, 50_000], seeds: 5, curveSeeds: 3, epochs: 20,
    minSteps: 2000, watched: 2000, honest: 50 },
};
