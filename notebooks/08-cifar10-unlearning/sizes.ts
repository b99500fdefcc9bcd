import type { PerProfile } from "../../lib";

export interface Training {
  images: number;
  validation: number;
  epochs: number;
  seeds: number[];
}

export interface Sizes {
  mnist: Training & { pool: number };
  /** `validationFrom`: the images on which settings are chosen. */
  cifar: Training & { validationFrom: "train" | "test"; test: number };
  network: { filters: number; dropout: [number, number, number, number]; inputScale: number };
  lissaSteps: number;
}

export const sizes: PerProfile<Sizes> = {
  quick: {
    mnist: { pool: 10_000, images: 2000, validation: 1000, epochs: 20, seeds: [7, 8, 9] },
    cifar: { images: 5000, validation: 1000, validationFrom: "train", epochs: 20, seeds: [7], test: 1500 },
    network: { filters: 16, dropout: [0, 0, 0, 0], inputScale: 1 / 255 },
    lissaSteps: 6,
  },
  standard: {
    mnist: { pool: 10_000, images: 5000, validation: 2000, epochs: 30, seeds: [7, 8, 9] },
    cifar: {
      images: 10_000, validation: 2000, validationFrom: "train",
      epochs: 15, seeds: [7, 8, 9], test: 1e4,
    },
    network: { filters: 32, dropout: [0.1, 0.1, 0.2, 0], inputScale: 1 / 255 },
    lissaSteps: 10,
  },
  full: {
    mnist: { pool: 60_000, images: 50_000, validation: 10_000, epochs: 30, seeds: [7, 8, 9] },
    cifar: { images: 50_000, validation: 5000, validationFrom: "test", epochs: 100, seeds: [7], test: 10_000 },
    network: { filters: 128, dropout: [0.1, 0.1, 0.2, 0], inputScale: 1 },
    lissaSteps: 10,
  },
};
