import type { PerProfile } from "../../lib";

export interface Sizes {
  points: number;
  runs: number;
  balanced: number;
  tries: number;
  curve: number[];
  gridPoints: number;
  gridRuns: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: {
    points: 2000, runs: 3, balanced: 500, tries: 4, curve: [50, 200, 500, 2000], gridPoints: 1000, gridRuns: 1,
  },
  standard: {
    points: 5000, runs: 5, balanced: 1000, tries: 10, curve: [50, 200, 500, 2000, 5000, 20_000], gridPoints: 5000,
    gridRuns: 1,
  },
  full: {
    points: 20_000, runs: 10, balanced: 2000, tries: 20, curve: [50, 200, 500, 2000, 5000, 20_000, 50_000],
    gridPoints: 5000, gridRuns: 5,
  },
};
