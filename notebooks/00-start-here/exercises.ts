import {
  type Classifier, type Dataset, type Finding, type Split, blackBox, copy, dynamicalRange, equalRounded,
  fidelityError, knn, notAShareOf, seededRng, selectColumns, subset, uniformSampler,
} from "../../lib";

/** What notebook 00 has made: iris whole, its halves, and the seed. */
export interface TourSetting {
  iris: Dataset;
  split: Split;
  seed: number;
}

function halves({ iris, split, seed }: TourSetting, features: number[]) {
  const data = { ...iris, X: selectColumns(iris.X, features) };
  const train = subset(data, split.train);
  const original = knn({ numNeighbors: 5 }).fit(train.X, train.y);
  return { original, ranges: dynamicalRange(train.X), test: subset(data, split.test), seed };
}

/** The fidelity error on the test flowers of the copy that the notebook makes, at some number of questions. */
async function errorAt(budget: number, { original, ranges, test, seed }: ReturnType<typeof halves>): Promise<number> {
  const { classifier } = await copy(blackBox(original), {
    sampler: uniformSampler(ranges), estimator: knn({ numNeighbors: 5 }), budget, rng: seededRng(seed),
  });
  return fidelityError(original.predict(test.X), classifier.predict(test.X));
}

export const exercises = {
  /** The fidelity error after 30 questions. */
  "00-1": async (answer: number, setting: TourSetting): Promise<Finding> => {
    const two = halves(setting, [2, 3]);
    const wrong = notAShareOf(answer, two.test.y.length, "test flowers");
    if (wrong || equalRounded(answer, await errorAt(30, two))) return wrong;
    if (equalRounded(answer, await errorAt(1000, two)))
      return "that is the error after 1,000 questions; is the budget 30?";
    return "a possible error, but not this copy's: change the budget only, and keep the model, ranges and seed";
  },

  /** A decision tree that copies the original. */
  "00-2": (answer: Classifier, setting: TourSetting): Finding => {
    const { original, ranges } = halves(setting, [2, 3]);
    if (answer.family !== "decisionTree") return `that is a model of the family ${answer.family}, not a decisionTree`;
    if (answer.numFeatures !== 2) return `it wants ${answer.numFeatures} measurements, the original 2`;
    const cloud = uniformSampler(ranges).sample(2000, seededRng(setting.seed + 1));
    const error = fidelityError(original.predict(cloud), answer.predict(cloud));
    return error <= 0.08 ? null : `it disagrees with the original on ${Math.round(100 * error)} % of new random points;`
      + " does it learn from the black box's answers, at 1,000 questions?";
  },

  /** The fidelity error after 1,000 questions about all four measurements. */
  "00-3": async (answer: number, setting: TourSetting): Promise<Finding> => {
    const four = halves(setting, [0, 1, 2, 3]);
    const wrong = notAShareOf(answer, four.test.y.length, "test flowers");
    if (wrong || equalRounded(answer, await errorAt(1000, four))) return wrong;
    if (equalRounded(answer, await errorAt(1000, halves(setting, [2, 3]))))
      return "that is the error with two measurements; fit the original and draw the points with four";
    return "a possible error, but not this copy's: use the same halves, model and seed, 1,000 questions";
  },
};
