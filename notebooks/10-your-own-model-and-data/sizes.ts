import type { PerProfile } from "../../lib";

export interface Sizes {
  /** Questions that the stranger asks. */
  queries: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: { queries: 1000 },
  standard: { queries: 2000 },
  full: { queries: 5000 },
};
