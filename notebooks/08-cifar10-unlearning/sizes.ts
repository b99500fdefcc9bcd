import type { PerProfile } from "../../lib";

export interface Training {
  images: number;
  validation: number;
  epochs: number;
  seeds: number[];
}

export interface Sizes {
  mnist: Training & { pool: number };
  /** `validationFrom`: the images on which settings are chosen. `clean`: what the clean network must reach. */
  cifar: Training & { validationFrom: "train" | "test"; test: number; clean: number };
  /** The source's own network and training, or ones made for minutes. */
  network: "source" | "fast";
  lissaSteps: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: {
    mnist: { pool: 10_000, images: 2000, validation: 1000, epochs: 20, seeds: [7, 8, 9] },
    cifar: {
      images: 10_000, validation: 2000, validationFrom: "train",
      epochs: 8, seeds: [7], test: 3000, clean: 0.6,
    },
    network: "fast",
    lissaSteps: 6,
  },
  standard: {
    mnist: { pool: 10_000, images: 5000, validation: 2000, epochs: 30, seeds: [7, 8, 9] },
    cifar: {
      images: 45_000, validation: 2000, validationFrom: "train",
      epochs: 8, seeds: [7, 8, 9], test: 10_000, clean: 0.75,
    },
    network: "fast",
    lissaSteps: 10,
  },
  full: {
    mnist: { pool: 60_000, images: 50_000, validation: 10_000, epochs: 30, seeds: [7, 8, 9] },
    cifar: {
      images: 50_000, validation: 5000, validationFrom: "test",
      epochs: 100, seeds: [7], test: 10_000, clean: 0.8586,
    },
    network: "source",
    lissaSteps: 10,
  },
};
