import type { PerProfile } from "../../lib";
import type { Learner } from "./backdoor";

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
  /** The networks of the backdoor, what they learn from, and how many labels the attacker flips among all 60,000. */
  backdoor: { learners: Learner[]; images: number; epochs: number; flips: number[] };
  /** CIFAR-10: training images, test images, patches. */
  cifar: { images: number; tested: number; filters: number };
  /** Bounds of the claims at 2,500 and at 1,000 flips. */
  floor: [number, number];
}

export const sizes: PerProfile<Sizes> = {
  quick: {
    iic: { images: 24_000, filters: 12, epochs: 5, batchSize: 200 }, starts: 1, tested: 500, partitions: 3000,
    smoothed: 200, noises: [0.1, 0.3, 0.45], mostFlips: 4000, svcImages: 2000,
    backdoor: { learners: ["dense"], images: 30_000, epochs: 4, flips: [150, 1200] },
    cifar: { images: 10_000, tested: 200, filters: 64 }, floor: [0.7, 0.9],
  },
  standard: {
    iic: { images: 60_000, filters: 12, epochs: 6, batchSize: 200 }, starts: 3, tested: 4000, partitions: 3000,
    smoothed: 2163, noises: [0.1, 0.3, 0.45], mostFlips: 4000, svcImages: 5000,
    backdoor: { learners: ["dense", "LeNet"], images: 60_000, epochs: 4, flips: [150, 300, 600, 1200] },
    cifar: { images: 50_000, tested: 500, filters: 64 },
    floor: [0.95, 0.96],
  },
  full: {
    iic: { images: 60_000, filters: 16, epochs: 12, batchSize: 200 }, starts: 3, tested: 10_000, partitions: 3000,
    smoothed: 2163, noises: [0.05, 0.1, 0.2, 0.3, 0.4, 0.45], mostFlips: 4000, svcImages: 10_000,
    backdoor: { learners: ["dense", "LeNet"], images: 60_000, epochs: 8, flips: [150, 300, 600, 1200] },
    cifar: { images: 50_000, tested: 1000, filters: 128 },
    floor: [0.95, 0.96],
  },
};
