import type { PerProfile } from "../../lib";

export interface Sizes {
  /** What the clustering networks learn from, and for how long. */
  iic: { images: number; filters: number; epochs: number; batchSize: number };
  starts: number;
  /** Test images for ensembles and neighbours. */
  tested: number;
  /** Models of an ensemble. */
  partitions: number;
  /** Test images of 1 and 7, and the chances of a flip. */
  smoothed: number;
  noises: number[];
  /** Largest budget of the curves. */
  mostFlips: number;
  /** Training images of the SVC. */
  svcImages: number;
  /** Bounds of the claims at 2,500 and at 1,000 flips. */
  floor: [number, number];
}

export const sizes: PerProfile<Sizes> = {
  quick: {
    iic: { images: 24_000, filters: 12, epochs: 5, batchSize: 200 }, starts: 1, tested: 500, partitions: 3000,
    smoothed: 200, noises: [0.1, 0.3, 0.45], mostFlips: 4000, svcImages: 2000, floor: [0.7, 0.9],
  },
  standard: {
    iic: { images: 60_000, filters: 12, epochs: 6, batchSize: 200 }, starts: 3, tested: 4000, partitions: 3000,
    smoothed: 2163, noises: [0.1, 0.3, 0.45], mostFlips: 4000, svcImages: 5000, floor: [0.95, 0.96],
  },
  full: {
    iic: { images: 60_000, filters: 16, epochs: 12, batchSize: 200 }, starts: 3, tested: 10_000, partitions: 3000,
    smoothed: 2163, noises: [0.05, 0.1, 0.2, 0.3, 0.4, 0.45], mostFlips: 4000, svcImages: 10_000, floor: [0.95, 0.96],
  },
};
