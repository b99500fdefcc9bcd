import {
  type BlackBox, type Classifier, type Finding, type NumericRange, type Rng, type TableColumn, blackBox, copy,
  equalRounded, fidelityError, normalSampler, notAShareOf, notUnrounded, oneHotSampler, seededRng,
} from "../../lib";
import { type TableSetting, clouds, forestOf, plainCopy } from "./tables";

/** Labels of exercise 3, and its runs. */
const FEW = 200;
const RUNS = 3;

export const exercises = {
  /** Accuracy of an original that always gives the rarer class. */
  "19-1": (answer: number, y: Int32Array): Finding => {
    const wrong = notAShareOf(answer, y.length, "patients");
    if (wrong) return wrong;
    const ones = y.reduce((sum, label) => sum + label, 0) / y.length;
    if (equalRounded(answer, Math.min(ones, 1 - ones))) return null;
    if (equalRounded(answer, Math.max(ones, 1 - ones))) return "that is the more frequent class";
    return notUnrounded(answer, Math.min(ones, 1 - ones)) ?? "count the labels of the test part of `paperSplit`";
  },

  /** Fidelity error of a forest copy from normal points that don't know how frequent categories are. */
  "19-2": async (answer: number, setting: TableSetting, seed: number): Promise<Finding> => {
    const wrong = notAShareOf(answer, setting.answers.length, "test rows");
    if (wrong) return wrong;
    const { ranges, columns } = setting;
    const sampler = oneHotSampler(ranges, { columns, numeric: normalSampler, equalShares: true });
    const options = { sampler, estimator: forestOf(seededRng(seed)), budget: 1000, rng: seededRng(seed) };
    const { classifier } = await copy(blackBox(setting.original), options);
    const truth = fidelityError(setting.answers, classifier.predict(setting.test.X));
    if (equalRounded(answer, truth)) return null;
    const known = (await plainCopy(setting, "normal", forestOf(seededRng(seed)), { labels: 1000, seed })).error;
    if (equalRounded(answer, known)) return "that is the cloud that knows the shares: set `equalShares`";
    return notUnrounded(answer, truth) ?? "1,000 labels, `forestOf(seededRng(seed))`, points of `seededRng(seed)`";
  },

  /** A theft with 200 labels that errs on less than half of what PRESC's way errs on. */
  "19-3": async (
    answer: (box: BlackBox, ranges: readonly NumericRange[], columns: readonly TableColumn[], rng: Rng) =>
      Promise<Classifier>,
    setting: TableSetting,
  ): Promise<Finding> => {
    const errorOf = (copied: Classifier): number =>
      fidelityError(setting.answers, copied.predict(setting.test.X)) / RUNS;
    let [yours, theirs, asked] = [0, 0, 0];
    for (let run = 0; run < RUNS; run++) {
      const box = blackBox(setting.original, { budget: FEW });
      yours += errorOf(await answer(box, setting.ranges, setting.columns, seededRng(run)));
      asked += box.used;
      const forest = { estimator: forestOf(seededRng(run)), budget: FEW, rng: seededRng(run) };
      const made = await copy(blackBox(setting.original), { ...forest, sampler: clouds.normal(setting) });
      theirs += errorOf(made.classifier);
    }
    if (asked === 0) return "it asked nothing: the copy must come from the answers of the box";
    return yours <= theirs / 2 ? null
      : `it differs on ${(100 * yours).toFixed(1)} % of the test rows, PRESC's way on ${(100 * theirs).toFixed(1)} %`;
  },
};
