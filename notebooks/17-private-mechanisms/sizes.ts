import type { PerProfile } from "../../lib";

/** A network trained on noised images, for comparison. */
interface NoisedTraining {
  epsilon: number;
  images: number;
  epochs: number;
}

export interface Sizes {
  users: number;
  images: number;
  test: number;
  small: number;
  smallEpochs: number;
  seeds: number;
  perceptronEpochs: number;
  inventedEpsilons: number[];
  noised: NoisedTraining[];
  privateTraining: PrivateTraining;
  color: ColorTraining;
}

/** `features`: edges of eight directions, or directions in which the scattering features of scribbles differ. */
interface PrivateTraining {
  features: "edges" | "scribbles";
  clipNorm: number;
  runs: { epsilon: number; steps: number; learningRate: number }[];
}

/** Private training on CIFAR-10 at ε = 3, in directions in which the scattering features of dead leaves differ. */
export interface ColorTraining {
  records: number;
  test: number;
  leaves: number;
  directions: number;
  steps: number;
  learningRate: number;
  /** The accuracy that the claim promises. */
  goal: number;
}

const noised = (epsilons: number[], images: number, epochs: number): NoisedTraining[] =>
  epsilons.map((epsilon) => ({ epsilon, images, epochs }));

const scribbled: PrivateTraining = {
  features: "scribbles", clipNorm: 0.01, runs: [
    ...[0.5, 1, 1.2].map((epsilon) => ({ epsilon, steps: 400, learningRate: 4 })),
    { epsilon: 3, steps: 800, learningRate: 8 },
  ],
};

const everyPhotograph: ColorTraining = {
  records: 50_000, test: 10_000, leaves: 4000, directions: 2000, steps: 300, learningRate: 14, goal: 0.7,
};

export const sizes: PerProfile<Sizes> = {
  quick: {
    users: 60_000, images: 10_000, test: 2000, small: 2000, smallEpochs: 4, seeds: 3, perceptronEpochs: 4,
    inventedEpsilons: [1], noised: [...noised([2000, 150], 10_000, 3), ...noised([50, 20], 2000, 4)],
    privateTraining: {
      features: "edges", clipNorm: 0.1,
      runs: [0.5, 1.2, 3].map((epsilon) => ({ epsilon, steps: 80, learningRate: 40 })),
    },
    color: { records: 4000, test: 1000, leaves: 600, directions: 150, steps: 60, learningRate: 6, goal: 0.53 },
  },
  standard: {
    users: 60_000, images: 10_000, test: 10_000, small: 10_000, smallEpochs: 6, seeds: 3, perceptronEpochs: 6,
    inventedEpsilons: [0.1, 1], noised: noised([2000, 150, 50, 20, 10], 10_000, 10),
    privateTraining: scribbled, color: everyPhotograph,
  },
  full: {
    users: 60_000, images: 60_000, test: 10_000, small: 60_000, smallEpochs: 20, seeds: 5, perceptronEpochs: 10,
    inventedEpsilons: [0.1, 1], noised: noised([2000, 150, 50, 20, 10], 60_000, 20),
    privateTraining: scribbled, color: everyPhotograph,
  },
};
