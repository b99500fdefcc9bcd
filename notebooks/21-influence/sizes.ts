import type { PerProfile } from "../../lib";

export interface Sizes {
  /** Training images, of which one in twenty has a wrong label, and test images to find mistakes among. */
  images: number;
  test: number;
  epochs: number;
  /** Half of them are misread. */
  queries: number;
  /** Networks that TRAK averages over. */
  networks: number;
  /** Halves of the training images that are trained on, and trainings of each. */
  halves: number;
  repeats: number;
  /** Training images taken away for each mistake, and mistakes for which that is tried. */
  removed: number;
  retried: number;
}

const sizes1000 = { images: 1000, test: 2000, epochs: 15, queries: 40, networks: 5, removed: 20 };

export const sizes: PerProfile<Sizes> = {
  quick: { ...sizes1000, halves: 40, repeats: 1, retried: 10 },
  standard: { ...sizes1000, halves: 100, repeats: 5, retried: 20 },
  full: { images: 5000, test: 10_000, epochs: 15, queries: 100, networks: 20, halves: 200, repeats: 5, removed: 50,
    retried: 50 },
};
