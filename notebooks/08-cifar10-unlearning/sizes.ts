import type { PerProfile } from "../../lib";

export interface Training {
  images: number;
  validation: number;
  epochs: number;
  seeds: number[];
}

/** The network made for speed. */
export interface FastTraining {
  images: number;
  epochs: number;
  batchSize: number;
  filters: [number, number, number];
  /** One network on true labels and one on poisoned ones for each. */
  seeds: number[];
  /** What the mean of the first must reach, and why it may not. */
  goal: number;
  missed: string;
}

export interface Sizes {
  mnist: Training & { pool: number };
  /** `validationFrom`: the images on which settings are chosen. `clean`: what the clean network must reach. */
  cifar: Training & { validationFrom: "train" | "test"; test: number; clean: number };
  /** The source's own network and training, or ones made for minutes. */
  network: "source" | "fast";
  fast: FastTraining;
  lissaSteps: number;
}

const fast: FastTraining = {
  images: 50_000, epochs: 8, batchSize: 500, filters: [64, 256, 256], seeds: [7, 8, 9], goal: 0.93,
  missed: "the published network reaches .94; it has GELUs, and a first layer that stays",
};

export const sizes: PerProfile<Sizes> = {
  quick: {
    mnist: { pool: 10_000, images: 2000, validation: 1000, epochs: 20, seeds: [7, 8, 9] },
    cifar: {
      images: 10_000, validation: 2000, validationFrom: "train",
      epochs: 8, seeds: [7], test: 3000, clean: 0.6,
    },
    network: "fast",
    fast: { ...fast, images: 10_000, epochs: 6, batchSize: 250, filters: [16, 32, 32], seeds: [7],
      goal: 0.65 },
    lissaSteps: 6,
  },
  standard: {
    mnist: { pool: 10_000, images: 5000, validation: 2000, epochs: 30, seeds: [7, 8, 9] },
    cifar: {
      images: 45_000, validation: 2000, validationFrom: "train",
      epochs: 8, seeds: [7, 8, 9], test: 10_000, clean: 0.75,
    },
    network: "fast",
    fast: { ...fast, filters: [24, 64, 64], goal: 0.87 },
    lissaSteps: 10,
  },
  full: {
    mnist: { pool: 60_000, images: 50_000, validation: 10_000, epochs: 30, seeds: [7, 8, 9] },
    cifar: {
      images: 50_000, validation: 5000, validationFrom: "test",
      epochs: 100, seeds: [7], test: 10_000, clean: 0.8586,
    },
    network: "source",
    fast,
    lissaSteps: 10,
  },
};
