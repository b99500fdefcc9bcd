import type { PerProfile } from "../../lib";

export interface Sizes {
  /** Training images and validation images of a repetition, and test images. */
  images: number;
  validation: number;
  test: number;
  /** Filters of the three convolutions, and units of the dense layer. */
  filters: [number, number, number];
  units: number;
  epochs: number;
  /** One repetition a seed; of flips at random, with so many of the seeds. */
  seeds: number[];
  randomRuns: number;
  /** Poisons on which the rivals are tried. */
  rivalPoisons: ("opposite" | "pair" | "random")[];
  /** Shares of the poison that are known: for our method, for its rivals, and for retraining. */
  shares: number[];
  rivalShares: number[];
  retrainShares: number[];
}

const small = { validation: 1000, test: 10_000, filters: [16, 32, 32] as [number, number, number], units: 256,
  epochs: 20 };
const many = { seeds: [7, 8, 9], randomRuns: 1, rivalPoisons: ["opposite", "pair"] as ("opposite" | "pair")[] };

export const sizes: PerProfile<Sizes> = {
  quick: { ...small, epochs: 12, test: 4000, images: 4000, seeds: [7], randomRuns: 0, rivalPoisons: ["pair"],
    shares: [0.25, 0.1, 0.05], rivalShares: [0.1], retrainShares: [0.1] },
  standard: { ...small, ...many, images: 4000, shares: [1, 0.5, 0.25, 0.1, 0.05],
    rivalShares: [1, 0.5, 0.25, 0.1, 0.05], retrainShares: [1, 0.5, 0.1] },
  full: { validation: 5000, test: 10_000, filters: [64, 128, 128], units: 512, images: 45_000, epochs: 40,
    ...many, shares: [1, 0.5, 0.25, 0.1, 0.05], rivalShares: [1, 0.5, 0.25, 0.1, 0.05],
    retrainShares: [1, 0.5, 0.25, 0.1, 0.05] },
};
