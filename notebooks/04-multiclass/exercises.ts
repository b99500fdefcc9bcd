import {
  type BlackBox, type Classifier, type Dataset, type Estimator, type Finding, type Rng, type Sampler, agreementByClass,
  blackBox, copy, equalRounded, fidelityError, notACount, notAShare, notUnrounded, randomForest, seededRng,
  spreadOf,
} from "../../lib";

/** What a copy of exercises 04-2 and 04-4 is made from. */
export interface MulticlassSetting {
  original: Classifier;
  cloud: Sampler;
  test: Dataset;
  seed: number;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export const exercises = {
  /** Classes that the ecoli original never answers. */
  "04-1": (answer: number, answers: Int32Array, numClasses: number): Finding => {
    const wrong = notACount(answer, numClasses, "classes");
    if (wrong) return wrong;
    const answered = new Set(answers).size;
    if (answer === numClasses - answered) return null;
    return answer === answered ? "that is how many it does answer"
      : "compare the last two columns of section 2's table";
  },

  /** A way to copy a forest from 2,000 answers that finds its rare class, without losing the others. */
  "04-2": async (
    answer: (box: BlackBox, rng: Rng) => Promise<Classifier>, setting: MulticlassSetting, rare: number,
  ): Promise<Finding> => {
    const { original, test, seed } = setting;
    const copied = await answer(blackBox(original, { budget: 2000 }), seededRng(seed).spawn(0));
    if (typeof copied?.predict !== "function") return "the function should return a fitted classifier";
    if (copied === original) return "that is the original";
    const [truth, said] = [original.predict(test.X), copied.predict(test.X)];
    const own = agreementByClass(truth, said).find(({ label }) => label === rare);
    if (!own || own.agreement < 0.9)
      return `it agrees on ${percent(own?.agreement ?? 0)} of the rows of the rare class; 90 % are wanted`;
    const error = fidelityError(truth, said);
    return error <= 0.15 ? null
      : `it finds the rare class, but disagrees on ${percent(error)} of all rows: does it say it too often?`;
  },

  /** One minus the mean agreement over the classes of the ecoli copy. */
  "04-3": (answer: number, answers: Int32Array, copied: Int32Array): Finding => {
    const wrong = notAShare(answer);
    if (wrong) return wrong;
    const { mean } = spreadOf(agreementByClass(answers, copied).map(({ agreement }) => agreement));
    if (equalRounded(answer, 1 - mean, 3)) return null;
    if (equalRounded(answer, mean, 3)) return "that is the mean agreement; the error is what is left of 1";
    if (equalRounded(answer, fidelityError(answers, copied), 3))
      return "that is the plain fidelity error: rows weigh alike";
    return notUnrounded(answer, 1 - mean, 3) ?? "one number for each class that the original answers, then their mean";
  },

  /** A family that copies the digits forest better than a forest does, from 2,000 normal points. */
  "04-4": async (answer: (rng: Rng) => Estimator, setting: MulticlassSetting): Promise<Finding> => {
    const { original, cloud, test, seed } = setting;
    const errorOf = async (family: (rng: Rng) => Estimator): Promise<number> => {
      const rng = seededRng(seed).spawn(0);
      const options = { sampler: cloud, estimator: family(rng.spawn(0)), budget: 2000, rng };
      const { classifier } = await copy(blackBox(original), options);
      return fidelityError(original.predict(test.X), classifier.predict(test.X));
    };
    const theirs = await errorOf((rng) => randomForest({ rng }));
    const yours = await errorOf(answer);
    return yours <= theirs - 0.05 ? null
      : `its error is ${yours.toFixed(3)}; ${(theirs - 0.05).toFixed(3)} is wanted, .05 below the forest`;
  },
};
