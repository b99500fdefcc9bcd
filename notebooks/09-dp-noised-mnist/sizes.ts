import type { PerProfile } from "../../lib";

export interface Sizes {
  images: number;
  test: number;
  small: number;
  smallEpochs: number;
  lowImages: number;
  lowEpochs: number;
  mainEpochs: number;
  networkSeeds: number;
  sourceEpsilons: number[];
  mainEpsilons: number[];
  lowEpsilons: number[];
  seeds: number;
  starts: number;
  audited: number;
  users: number;
  perceptronEpochs: number;
  inventedEpsilons: number[];
  privateTraining: { features: string; steps: number; clipNorm: number; learningRate: number; center: boolean };
  iic: { images: number; epochs: number; starts: number; sharedEpsilons: number[]; ownEpsilons: number[] };
}

export const sizes: PerProfile<Sizes> = {
  quick: {
    images: 10_000, test: 2000, small: 2000, smallEpochs: 4, lowImages: 2000, lowEpochs: 4, mainEpochs: 3,
    networkSeeds: 1, sourceEpsilons: [2000, 200_000], mainEpsilons: [2000, 150], lowEpsilons: [50, 20],
    seeds: 3, starts: 3, audited: 2000, users: 60_000, perceptronEpochs: 4, inventedEpsilons: [1],
    privateTraining: { features: "edges", steps: 80, clipNorm: 0.1, learningRate: 40, center: false },
    iic: { images: 10_000, epochs: 6, starts: 1, sharedEpsilons: [2000, 5000], ownEpsilons: [2000] },
  },
  standard: {
    images: 10_000, test: 10_000, small: 10_000, smallEpochs: 6, lowImages: 10_000, lowEpochs: 10, mainEpochs: 10,
    networkSeeds: 3, sourceEpsilons: [150, 2000, 3000, 5000, 200_000], mainEpsilons: [2000, 150],
    lowEpsilons: [50, 20, 10], seeds: 3, starts: 10, audited: 5000, users: 60_000,
    perceptronEpochs: 6, inventedEpsilons: [0.1, 1],
    privateTraining: { features: "scattering", steps: 160, clipNorm: 0.01, learningRate: 60, center: true },
    iic: {
      images: 10_000, epochs: 20, starts: 2, sharedEpsilons: [150, 2000, 3000, 5000, 200_000],
      ownEpsilons: [150, 2000],
    },
  },
  full: {
    images: 60_000, test: 10_000, small: 60_000, smallEpochs: 20, lowImages: 60_000, lowEpochs: 20, mainEpochs: 20,
    networkSeeds: 3, sourceEpsilons: [150, 2000, 3000, 5000, 200_000], mainEpsilons: [2000, 150],
    lowEpsilons: [50, 20, 10], seeds: 5, starts: 10, audited: 10_000, users: 60_000,
    perceptronEpochs: 10, inventedEpsilons: [0.1, 1],
    privateTraining: { features: "scattering", steps: 320, clipNorm: 0.01, learningRate: 60, center: true },
    iic: {
      images: 60_000, epochs: 30, starts: 3, sharedEpsilons: [150, 2000, 3000, 5000, 200_000],
      ownEpsilons: [50, 150, 2000],
    },
  },
};
