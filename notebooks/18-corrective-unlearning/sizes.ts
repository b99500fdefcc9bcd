import type { PerProfile } from "../../lib";

export interface Sizes {
  testFraction: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: { testFraction: 0.3 },
  standard: { testFraction: 0.3 },
  full: { testFraction: 0.3 },
};
