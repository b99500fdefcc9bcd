import {
  type BlackBox, type Classifier, type Finding, type LinearClassifier, type NumericRange, type ReluNetwork, type Rng,
  type TrainTest, blackBox, boundaryPoints, decisionTree, extractTree, fidelityError, linearAngle, notACount,
  proveTreesEqual, reluDifferenceBound, seededRng, uniformSampler,
} from "../../lib";

const LABELS = 2 ** 19;
const ROWS = 10_000;
const NEAR = 1000;
/** Of a line whose crossing is to be known to ten digits or so. */
const HALVINGS = 40;

export const exercises = {
  /** A linear copy from labels within 1e-9 radians of the original, made with at most 400 questions. */
  "13-1": (answer: { classifier: Classifier; spent: number }, original: LinearClassifier): Finding => {
    const wrong = notACount(answer.spent, 400, "questions");
    if (wrong) return `${wrong}: at most 400 are allowed`;
    if (!("coefficients" in answer.classifier)) return "the copy has no coefficients: did the line search fall back?";
    const angle = linearAngle(original, answer.classifier);
    if (angle <= 1e-9) return null;
    return `the angle is ${angle.toExponential(1)}: it takes about a line an unknown, each to ten digits`;
  },

  /** The spent questions of an extraction of the wine tree with thresholds to a thousandth of the range. */
  "13-2": async (
    answer: { spent: number; share: number }, wine: TrainTest, ranges: readonly NumericRange[], tests: number,
  ): Promise<Finding> => {
    const tree = decisionTree({ rng: seededRng(1) }).fit(wine.train.X, wine.train.y);
    const run = async (precision: number) => {
      const { classifier, spent } = await extractTree(blackBox(tree), { ranges, tests, precision, rng: seededRng(0) });
      return { spent, share: proveTreesEqual(tree, classifier, { ranges }).differingShare };
    };
    const ours = await run(1e-3);
    if (answer.spent === ours.spent && Math.abs(answer.share - ours.share) < 1e-9) return null;
    if (answer.spent === (await run(0)).spent) return "that is the search to the last digit: give `precision`";
    if (answer.spent === ours.spent) return "the questions are right, the share is not: compare within `ranges`";
    return "another number of questions: the seed is 0, the tests are `sizes.tests`";
  },

  /** A network that answers as the original within 2^-25 on the whole cube. */
  "13-3": (answer: ReluNetwork, original: ReluNetwork, ranges: readonly NumericRange[]): Finding => {
    if (answer === original) return "that is the original itself, not a copy";
    if (answer.numFeatures !== original.numFeatures)
      return `the copy takes ${answer.numFeatures} features, the original ${original.numFeatures}`;
    const bound = reluDifferenceBound(original, answer, { ranges });
    return bound <= 2 ** -25 ? null : `the proved difference is ${bound.toExponential(1)}, above 2^-25`;
  },

  /** Fewest decimals of the probabilities at which a copy still answers every test row alike. */
  "13-4": (answer: Record<number, number>, original: Classifier, test: { X: TrainTest["test"]["X"] }): Finding => {
    const decimals = [1, 2, 4, 8];
    const missing = decimals.find((d) => typeof answer[d] !== "number");
    if (missing !== undefined) return `an error for ${missing} decimals is missing`;
    if (decimals.some((d) => !(answer[d] >= 0 && answer[d] <= 1))) return "fidelity errors lie between 0 and 1";
    if (answer[8] !== fidelityError(original.predict(test.X), original.predict(test.X)))
      return "with 8 decimals the copy should err nowhere: does it learn from the rounded probabilities alone?";
    return answer[1] > 0 ? null : "with one decimal some row must differ: is the rounding in the black box?";
  },

  /** A copy from labels alone that answers like the original on both sides of its boundary. */
  "13-5": async (
    answer: (box: BlackBox, ranges: readonly NumericRange[], rng: Rng) => Promise<Classifier>,
    original: ReluNetwork, ranges: readonly NumericRange[],
  ): Promise<Finding> => {
    if (typeof answer !== "function") return "a function is wanted: it gets the box, the ranges and a generator";
    const box = blackBox(original, { budget: LABELS });
    const copied = await answer(box, ranges, seededRng(0));
    if (typeof copied?.predict !== "function")
      return "it must give a classifier, such as `network` of what was extracted";
    const least = HALVINGS * original.numFeatures;
    if (box.used < least)
      return `it asked ${box.used} rows, and one line for each feature takes ${least}: the copy comes from the labels`;
    const known = uniformSampler(ranges).sample(ROWS, seededRng(1));
    const { X } = await boundaryPoints(blackBox(original), { X: known, y: original.predict(known) },
      { ranges, n: NEAR, rng: seededRng(2) });
    const wrong = Math.round(X.shape[0] * fidelityError(original.predict(X), copied.predict(X)));
    return wrong === 0 ? null : `${wrong} of ${X.shape[0]} rows near the boundary get another label`;
  },
};
