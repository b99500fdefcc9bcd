/** The sizes of every notebook, per profile. The code of a notebook is the same in all three. */

export type ProfileName = "quick" | "standard" | "full";

/** All notebooks together: quick under 10 minutes on 2 cores, standard under 2 hours, full the published scale. */
export const profileNames: readonly ProfileName[] = ["quick", "standard", "full"];

const sizes = <S extends object>(perProfile: Record<ProfileName, S>): Record<ProfileName, S> => perProfile;

/** Four dropout rates. */
const rates = (...four: [number, number, number, number]): [number, number, number, number] => four;

/** Which images settings are chosen on. */
const from = (half: "train" | "test"): "train" | "test" => half;

export const profiles = {
  "00-start-here": sizes({
    quick: { queries: 1000 },
    standard: { queries: 1000 },
    full: { queries: 1000 },
  }),
  "01-same-classifiers": sizes({
    quick: { queries: 1000, seeds: 5, fresh: 1000, curve: [50, 100, 200, 500, 1000] },
    standard: { queries: 1000, seeds: 10, fresh: 2000, curve: [50, 100, 200, 500, 1000, 2000, 5000] },
    full: { queries: 1000, seeds: 10, fresh: 5000, curve: [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000] },
  }),
  "02-different-classifiers": sizes({
    quick: {
      matrixTables: ["iris", "wine"], matrixPoints: 300, trapPoints: 2000,
      cells: [
        { data: "iris", cloud: "uniform", points: 5000, runs: 3 },
        { data: "wine", cloud: "uniform", points: 20_000, runs: 1 },
        { data: "wdbc", cloud: "normal", points: 5000, runs: 2 },
      ],
      uncetaRuns: 5, uncetaPoints: { tree: 50_000, logistic: 5000, forest: 5000 }, otherRuns: 2, otherPoints: 1000,
    },
    standard: {
      matrixTables: ["iris", "wine", "wdbc"], matrixPoints: 1000, trapPoints: 50_000,
      cells: [
        ...["iris", "wine", "wdbc", "digits"].map((data) => ({ data, cloud: "uniform", points: 50_000, runs: 1 })),
        ...["wdbc", "digits"].map((data) => ({ data, cloud: "normal", points: 5000, runs: 3 })),
      ],
      uncetaRuns: 5, uncetaPoints: { tree: 50_000, logistic: 50_000, forest: 50_000 }, otherRuns: 5, otherPoints: 5000,
    },
    full: {
      matrixTables: ["iris", "wine", "wdbc", "digits"], matrixPoints: 5000, trapPoints: 50_000,
      cells: [
        ...["iris", "wine", "wdbc", "digits"].map((data) => ({ data, cloud: "uniform", points: 50_000, runs: 5 })),
        ...["wdbc", "digits"].map((data) => ({ data, cloud: "normal", points: 5000, runs: 10 })),
      ],
      uncetaRuns: 10, uncetaPoints: { tree: 100_000, logistic: 100_000, forest: 100_000 }, otherRuns: 10,
      otherPoints: 50_000,
    },
  }),
  "03-genetic-feature-search": sizes({
    quick: { seeds: 5, generations: 20, batch: 100 },
    standard: { seeds: 10, generations: 20, batch: 50 },
    full: { seeds: 20, generations: 20, batch: 20 },
  }),
  "04-multiclass": sizes({
    quick: {
      points: 2000, runs: 3, balanced: 500, tries: 4, curve: [50, 200, 500, 2000], gridPoints: 1000, gridRuns: 1,
    },
    standard: {
      points: 5000, runs: 5, balanced: 1000, tries: 10, curve: [50, 200, 500, 2000, 5000, 20_000], gridPoints: 5000,
      gridRuns: 1,
    },
    full: {
      points: 20_000, runs: 10, balanced: 2000, tries: 20, curve: [50, 200, 500, 2000, 5000, 20_000, 50_000],
      gridPoints: 5000, gridRuns: 5,
    },
  }),
  "05-neural-nets": sizes({
    quick: {
      queries: 1000, seeds: 2, epochs: 100, curve: [50, 200, 1000], handSeeds: 5, tableSeeds: 2, digitSeeds: 1,
      fresh: 2000,
    },
    standard: {
      queries: 1000, seeds: 5, epochs: 200, curve: [50, 100, 200, 500, 1000, 2000, 5000], handSeeds: 5, tableSeeds: 5,
      digitSeeds: 5, fresh: 10_000,
    },
    full: {
      queries: 1000, seeds: 10, epochs: 200, curve: [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000],
      handSeeds: 10, tableSeeds: 10, digitSeeds: 10, fresh: 100_000,
    },
  }),
  "06-class-boundary": sizes({
    quick: { resolution: 100, points: 100_000, slowPoints: 300, budgets: [100, 1000], seeds: 3 },
    standard: { resolution: 200, points: 100_000, slowPoints: 1000, budgets: [50, 100, 300, 1000], seeds: 5 },
    full: { resolution: 300, points: 1_000_000, slowPoints: 5000, budgets: [50, 100, 300, 1000, 3000], seeds: 10 },
  }),
  "07-mnist-poisoning": sizes({
    quick: { curveStep: 5, impactRepetitions: 1, detectionStep: 20 },
    standard: { curveStep: 1, impactRepetitions: 5, detectionStep: 10 },
    full: { curveStep: 1, impactRepetitions: 20, detectionStep: 5 },
  }),
  "08-cifar10-unlearning": sizes({
    quick: {
      mnist: { pool: 10_000, images: 2000, validation: 1000, epochs: 20, seeds: [7, 8, 9] },
      cifar: { images: 5000, validation: 1000, validationFrom: from("train"), epochs: 20, seeds: [7], test: 1500 },
      network: { filters: 16, dropout: rates(0, 0, 0, 0), inputScale: 1 / 255 },
      lissaSteps: 6,
    },
    standard: {
      mnist: { pool: 10_000, images: 5000, validation: 2000, epochs: 30, seeds: [7, 8, 9] },
      cifar: {
        images: 10_000, validation: 2000, validationFrom: from("train"),
        epochs: 15, seeds: [7, 8, 9], test: 1e4,
      },
      network: { filters: 32, dropout: rates(0.1, 0.1, 0.2, 0), inputScale: 1 / 255 },
      lissaSteps: 10,
    },
    full: {
      mnist: { pool: 60_000, images: 50_000, validation: 10_000, epochs: 30, seeds: [7, 8, 9] },
      cifar: { images: 50_000, validation: 5000, validationFrom: from("test"), epochs: 100, seeds: [7], test: 10_000 },
      network: { filters: 128, dropout: rates(0.1, 0.1, 0.2, 0), inputScale: 1 },
      lissaSteps: 10,
    },
  }),
  "09-dp-noised-mnist": sizes({
    quick: {
      images: 10_000, test: 2000, small: 2000, smallEpochs: 4, lowImages: 2000, lowEpochs: 4, mainEpochs: 3,
      networkSeeds: 1, sourceEpsilons: [2000, 200_000], mainEpsilons: [2000, 150], lowEpsilons: [50, 20],
      seeds: 3, starts: 3, audited: 2000, users: 60_000, perceptronEpochs: 4, inventedEpsilons: [1],
      privateTraining: { features: "edges", steps: 80, clipNorm: 0.1, learningRate: 40, centre: false },
      iic: { images: 10_000, epochs: 6, starts: 1, sharedEpsilons: [2000, 5000], ownEpsilons: [2000] },
    },
    standard: {
      images: 10_000, test: 10_000, small: 10_000, smallEpochs: 6, lowImages: 10_000, lowEpochs: 10, mainEpochs: 10,
      networkSeeds: 3, sourceEpsilons: [150, 2000, 3000, 5000, 200_000], mainEpsilons: [2000, 150],
      lowEpsilons: [50, 20, 10], seeds: 3, starts: 10, audited: 5000, users: 60_000,
      perceptronEpochs: 6, inventedEpsilons: [0.1, 1],
      privateTraining: { features: "scattering", steps: 160, clipNorm: 0.01, learningRate: 60, centre: true },
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
      privateTraining: { features: "scattering", steps: 320, clipNorm: 0.01, learningRate: 60, centre: true },
      iic: {
        images: 60_000, epochs: 30, starts: 3, sharedEpsilons: [150, 2000, 3000, 5000, 200_000],
        ownEpsilons: [50, 150, 2000],
      },
    },
  }),
};

/** A notebook's name, as its file without `.ipynb`. */
export type NotebookName = keyof typeof profiles;
