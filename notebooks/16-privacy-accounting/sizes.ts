import type { PerProfile } from "../../lib";

export interface Sizes {
  images: number;
  audited: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: { images: 10_000, audited: 2000 },
  standard: { images: 10_000, audited: 5000 },
  full: { images: 60_000, audited: 10_000 },
};
