import {
  type Dataset, type Finding, type Matrix, composedEpsilon, copy, detectionScores, dynamicalRange, equalRounded,
  fidelityError, flipLabels, gaussianNoiseMultiplier, gramMatrix, httpBlackBox, loadCsv, nearestNeighbors,
  normalSampler, notAShareOf, notUnrounded, pipeline, sanitizeByNeighbors, seededRng, standardScaler, svc,
} from "../../lib";

/** What the notebook has made of the bank's service. */
export interface ServiceSetting {
  url: string;
  customers: Matrix<Float64Array>;
  classNames: readonly string[];
  seed: number;
}

/** The disagreement on the bank's customers of a copy from so many normal questions. */
async function errorAt(budget: number, { url, customers, classNames, seed }: ServiceSetting): Promise<number> {
  const box = httpBlackBox({ url, classNames });
  const { classifier } = await copy(box, {
    sampler: normalSampler(dynamicalRange(customers)), estimator: pipeline(standardScaler(), svc()), budget,
    rng: seededRng(seed),
  });
  return fidelityError(await box.query(customers), classifier.predict(customers));
}

/** How the notebook's filter does against a share of flipped labels. */
function detection({ X, y }: Dataset, fraction: number, seed: number) {
  const attack = flipLabels(y, { count: Math.round(fraction * y.length), numClasses: 2, rng: seededRng(seed) });
  const neighbors = nearestNeighbors(gramMatrix(standardScaler().fit(X).transform(X)), 9);
  const { suspects } = sanitizeByNeighbors(attack.y, neighbors, { numNeighbors: 9, agreement: 0.6 });
  return { ...detectionScores(suspects, attack.flipped), flips: attack.flipped.length };
}

const STEPS = 50;

/** What a scaler and a model of notebook 10 cost together. */
function epsilonOfBoth(scaler: number, model: number): number {
  return composedEpsilon([
    { kind: "gaussian", noiseMultiplier: gaussianNoiseMultiplier({ epsilon: scaler, delta: 1e-5 }) },
    {
      kind: "gaussian", count: STEPS,
      noiseMultiplier: gaussianNoiseMultiplier({ epsilon: model, delta: 1e-5, count: STEPS }),
    },
  ], { delta: 2e-5 });
}

export const exercises = {
  /** What `loadCsv` puts into the gaps of the column "housing". */
  "10-1": async (answer: string, file: string): Promise<Finding> => {
    const filled = await loadCsv(file, { target: "repaid", ignore: ["customer"], missing: "median" });
    const housing = filled.columns.find(({ name }) => name === "housing");
    if (answer === housing?.filledWith) return null;
    return housing?.categories?.includes(answer) ? "that is one of the ways to live, but not the most frequent one"
      : `one of ${housing?.categories?.join(", ")} is wanted: look at the columns of the table`;
  },

  /** The disagreement after 100 questions. */
  "10-2": async (answer: number, setting: ServiceSetting): Promise<Finding> => {
    const wrong = notAShareOf(answer, setting.customers.shape[0], "customers");
    if (wrong || equalRounded(answer, await errorAt(100, setting))) return wrong;
    return equalRounded(answer, await errorAt(1000, setting)) ? "that is the error after 1,000 questions"
      : "a possible error, but not this copy's: keep the sampler, the estimator and the seed, and ask 100 questions";
  },

  /** The share of flipped labels that the filter finds, when it is 35 % that are flipped. */
  "10-3": (answer: number, train: Dataset, seed: number): Finding => {
    const { recall, precision, flips } = detection(train, 0.35, seed);
    const wrong = notAShareOf(answer, flips, "flipped labels");
    if (equalRounded(answer, recall)) return null;
    if (equalRounded(answer, precision)) return "that is the precision: how many of the suspects were flipped";
    if (equalRounded(answer, detection(train, 0.2, seed).recall)) return "that is the recall at 20 % of flipped labels";
    return wrong ?? "a possible recall, but not this filter's: nine neighbours, agreement .6, and the seed";
  },

  /** What a scaler of ε .05 and a model of ε .95 cost together. */
  "10-4": (answer: number): Finding => {
    if (Number.isNaN(answer)) return "that is not a number";
    const truth = epsilonOfBoth(0.05, 0.95);
    if (equalRounded(answer, truth, 3)) return null;
    const rounded = notUnrounded(answer, truth, 3);
    if (rounded) return rounded;
    if (answer <= 0.95) return "the model alone costs more: does the list name both, the model's steps included?";
    if (answer >= 1) return "no more than the sum: does `composedEpsilon` stand at δ = 2e-5?";
    return "above the model alone and below the sum, yet not what both cost: are the noise multipliers the new ones?";
  },
};
