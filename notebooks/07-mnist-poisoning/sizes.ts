import type { PerProfile } from "../../lib";

export interface Sizes {
  curveStep: number;
  impactRepetitions: number;
  detectionStep: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: { curveStep: 5, impactRepetitions: 1, detectionStep: 20 },
  standard: { curveStep: 1, impactRepetitions: 5, detectionStep: 10 },
  full: { curveStep: 1, impactRepetitions: 20, detectionStep: 5 },
};
