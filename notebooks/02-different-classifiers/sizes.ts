import type { PerProfile } from "../../lib";

export interface Cell {
  data: string;
  cloud: string;
  points: number;
  runs: number;
}

export interface Sizes {
  matrixTables: string[];
  matrixPoints: number;
  trapPoints: number;
  cells: Cell[];
  uncetaRuns: number;
  uncetaPoints: { tree: number; logistic: number; forest: number };
  otherRuns: number;
  otherPoints: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: {
    matrixTables: ["iris", "wine"], matrixPoints: 300, trapPoints: 2000,
    cells: [
      { data: "iris", cloud: "uniform", points: 5000, runs: 3 },
      { data: "wine", cloud: "uniform", points: 20_000, runs: 1 },
      { data: "wdbc", cloud: "normal", points: 5000, runs: 2 },
    ],
    uncetaRuns: 5, uncetaPoints: { tree: 50_000, logistic: 5000, forest: 5000 }, otherRuns: 2, otherPoints: 1000,
  },
  standard: {
    matrixTables: ["iris", "wine", "wdbc"], matrixPoints: 1000, trapPoints: 50_000,
    cells: [
      ...["iris", "wine", "wdbc", "digits"].map((data) => ({ data, cloud: "uniform", points: 50_000, runs: 1 })),
      ...["wdbc", "digits"].map((data) => ({ data, cloud: "normal", points: 5000, runs: 3 })),
    ],
    uncetaRuns: 5, uncetaPoints: { tree: 50_000, logistic: 50_000, forest: 50_000 }, otherRuns: 5, otherPoints: 5000,
  },
  full: {
    matrixTables: ["iris", "wine", "wdbc", "digits"], matrixPoints: 5000, trapPoints: 50_000,
    cells: [
      ...["iris", "wine", "wdbc", "digits"].map((data) => ({ data, cloud: "uniform", points: 50_000, runs: 5 })),
      ...["wdbc", "digits"].map((data) => ({ data, cloud: "normal", points: 5000, runs: 10 })),
    ],
    uncetaRuns: 10, uncetaPoints: { tree: 100_000, logistic: 100_000, forest: 100_000 }, otherRuns: 10,
    otherPoints: 50_000,
  },
};
