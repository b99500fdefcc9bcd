import type { PerProfile } from "../../lib";

export interface Sizes {
  queries: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: { queries: 1000 },
  standard: { queries: 1000 },
  full: { queries: 1000 },
};
