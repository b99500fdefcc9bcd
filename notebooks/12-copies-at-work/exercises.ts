import {
  type Classifier, type Dataset, type Finding, type Matrix, confidences, decisionTree, equalRounded, fidelityError,
  fromRows, matrix, notAShareOf, notUnrounded, rowOf, seededRng, tableSampler, treeRules, type TableColumn,
  type TreeClassifier,
} from "../../lib";
import { type FairTask, fairScores, groupsOf } from "./people";

/** Section 1's original and halves. */
export interface ReadableSetting {
  train: Dataset;
  test: Dataset;
  original: Classifier;
}

function errorOfCopy({ train, test, original }: ReadableSetting, points: number, mix: number, seed: number): number {
  const columns = train.featureNames.map((name): TableColumn => ({ name, kind: "numeric", missing: 0 }));
  const X = tableSampler(train.X, { columns, mix }).sample(points, seededRng(seed));
  const copied = decisionTree({ maxDepth: 4 }).fit(X, original.predict(X));
  return fidelityError(original.predict(test.X), copied.predict(test.X));
}

/** Section 3's models. */
export interface WorkSetting {
  original: Classifier;
  copied: Classifier;
  validation: Dataset;
}

const turned = (task: FairTask, X: Matrix): Matrix => {
  const [n, d] = X.shape;
  const own = task.train.featureNames[task.sensitive].split("=")[0];
  const block = task.train.featureNames.flatMap((name, j) => (name.startsWith(`${own}=`) ? [j] : []));
  const data = Float64Array.from(X.data);
  for (let i = 0; i < n; i++) for (const j of block) data[i * d + j] = 1 - data[i * d + j];
  return matrix(data, [n, d]);
};

export const exercises = {
  /** The fidelity error of a tree copy of depth 4 that knows each column by itself only. */
  "12-1": (answer: number, setting: ReadableSetting, points: number, seed: number): Finding => {
    const truth = errorOfCopy(setting, points, 1, seed);
    const wrong = notAShareOf(answer, setting.test.y.length, "test rows");
    if (wrong || equalRounded(answer, truth)) return wrong;
    if (equalRounded(answer, errorOfCopy(setting, points, 0.5, seed)))
      return "that is the copy with mix .5, which keeps half of each real row together";
    return notUnrounded(answer, truth) ?? "draw with mix 1 and the run's seed, label with the original, fit depth 4";
  },

  /** A tree of at most 8 rules that disagrees with the original on at most 6 % of the validation rows. */
  "12-2": (answer: Classifier, { original, validation }: WorkSetting): Finding => {
    if (answer.family !== "decisionTree") return "a decision tree is asked for, as `decisionTree().fit` gives it";
    const rules = treeRules(answer as TreeClassifier).length;
    if (rules > 8) return `it has ${rules} rules, and 8 are allowed`;
    const error = fidelityError(original.predict(validation.X), answer.predict(validation.X));
    return error <= 0.09 ? null : `on ${Math.round(100 * error)} % of the validation rows it differs from the original`;
  },

  /** A copy that does not see the group, with half the original's gap at 2 points of accuracy, on validation. */
  "12-3": (answer: Classifier, task: FairTask, original: Classifier): Finding => {
    const { X } = task.validation;
    const given = answer.predict(X);
    if (answer.predict(turned(task, X)).some((label, i) => label !== given[i]))
      return "it looks at the group: with the group turned round, some labels change";
    const [before, after] = [original, answer].map((model) => fairScores(task, model, task.validation));
    if (new Set(groupsOf(task, X)).size < 2) return "the validation rows are of one group only";
    if (after.parity > before.parity / 2) return "the gap in demographic parity is more than half of the original's";
    if (after.accuracy < before.accuracy - 0.03) return "it loses more than three points of accuracy";
    return null;
  },

  /** A row of real values on which a confident copy contradicts its original. */
  "12-4": (answer: ArrayLike<number>, { original, copied, validation }: WorkSetting): Finding => {
    const d = original.numFeatures;
    if (answer.length !== d) return `a row has ${d} numbers, and this has ${answer.length}`;
    const X = fromRows([Array.from(answer)]);
    const { X: known } = validation;
    for (let j = 0; j < d; j++) {
      let occurs = false;
      for (let i = 0; i < known.shape[0] && !occurs; i++) occurs = rowOf(known, i)[j] === answer[j];
      if (!occurs) return `no person has ${answer[j]} in column ${j}: put a row together from values that occur`;
    }
    if (original.predict(X)[0] === copied.predict(X)[0]) return "copy and original agree on this row";
    return confidences(copied.predictProba!(X))[0] >= 0.9 ? null : "they differ, but the copy is less than .9 sure";
  },
};
