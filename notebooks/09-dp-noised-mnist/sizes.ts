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
  starts: number;
  iic: { images: number; epochs: number; starts: number; sharedEpsilons: number[]; ownEpsilons: number[] };
}

export const sizes: PerProfile<Sizes> = {
  quick: {
    images: 10_000, test: 2000, small: 2000, smallEpochs: 4, lowImages: 2000, lowEpochs: 4, mainEpochs: 3,
    networkSeeds: 1, sourceEpsilons: [2000, 200_000], mainEpsilons: [2000, 150], lowEpsilons: [50, 20],
    starts: 3,
    iic: { images: 10_000, epochs: 6, starts: 1, sharedEpsilons: [2000, 5000], ownEpsilons: [2000] },
  },
  standard: {
    images: 10_000, test: 10_000, small: 10_000, smallEpochs: 6, lowImages: 10_000, lowEpochs: 10, mainEpochs: 10,
    networkSeeds: 3, sourceEpsilons: [150, 2000, 3000, 5000, 200_000], mainEpsilons: [2000, 150],
    lowEpsilons: [50, 20, 10], starts: 10,
    iic: {
      images: 10_000, epochs: 20, starts: 2, sharedEpsilons: [150, 2000, 3000, 5000, 200_000],
      ownEpsilons: [150, 2000],
    },
  },
  full: {
    images: 60_000, test: 10_000, small: 60_000, smallEpochs: 20, lowImages: 60_000, lowEpochs: 20, mainEpochs: 20,
    networkSeeds: 3, sourceEpsilons: [150, 2000, 3000, 5000, 200_000], mainEpsilons: [2000, 150],
    lowEpsilons: [50, 20, 10], starts: 10,
    iic: {
      images: 60_000, epochs: 30, starts: 3, sharedEpsilons: [150, 2000, 3000, 5000, 200_000],
      ownEpsilons: [50, 150, 2000],
    },
  },
};
