import {
  accuracy, type Classifier, composedEpsilon, type Dataset, equalRounded, type Finding, gaussianNoiseMultiplier,
  type Matrix, nearestReleased, selectLabels, selectRows,
} from "../../lib";

const notPositive = (answer: number): Finding => (answer > 0 ? null : "it must be above 0");

const guarantee = { epsilon: 1, delta: 1e-5 };

/** What a choice of a hundred images is judged with. */
export interface ChoiceSetting {
  /** Drawn images with their labels. */
  source: { X: Matrix<Uint8Array>; y: Int32Array };
  test: Dataset;
  learn: (X: Matrix, y: Int32Array) => Promise<Classifier>;
}

export const exercises = {
  /** The noise of one release that has all of ε = 1, over its sensitivity, to two decimals. */
  "11-1": (answer: number): Finding => {
    const wrong = notPositive(answer);
    if (wrong) return wrong;
    const truth = gaussianNoiseMultiplier(guarantee);
    if (Math.abs(answer - truth) <= 0.0051) return null;
    if (Math.abs(answer - Math.sqrt(2 * Math.log(1.25e5))) <= 0.0051)
      return "that is the classical formula, which asks for more noise than is needed";
    return answer > truth ? "less noise is enough: nothing else is released" : "that is too little noise for ε = 1";
  },

  /** What two releases that cost 1 each cost together, to two decimals. */
  "11-2": (answer: number): Finding => {
    const wrong = notPositive(answer);
    if (wrong) return wrong;
    const noiseMultiplier = gaussianNoiseMultiplier(guarantee);
    const truth = composedEpsilon([{ kind: "gaussian", noiseMultiplier, count: 2 }], guarantee);
    if (Math.abs(answer - truth) <= 0.0051) return null;
    if (equalRounded(answer, 2, 2)) return "ε values add up to a bound, and the truth lies below it";
    if (equalRounded(answer, Math.SQRT2, 2)) return "μ grows by √2; ε grows a little faster";
    return `two releases cost ${answer > truth ? "less" : "more"}`;
  },

  /** Which of three sets holds noised training images. */
  "11-3": (answer: number, { suspects, train }: { suspects: readonly Matrix[]; train: Matrix }): Finding => {
    if (!(answer in suspects)) return "give the number of a set: 0, 1 or 2";
    const least = suspects.map((X) =>
      nearestReleased(X, train).distance.reduce((smallest, distance) => Math.min(smallest, distance)));
    return least[answer] === least.reduce((a, b) => Math.min(a, b)) ? null
      : "another set has images that are nearer to a training image than any of this one";
  },

  /** Positions of a hundred drawn images, ten of each label, from which the CNN learns enough. */
  "11-4": async (answer: ArrayLike<number>, { source, test, learn }: ChoiceSetting): Promise<Finding> => {
    const rows = Array.from(answer);
    const n = source.y.length;
    if (rows.length !== 100) return `a hundred positions are wanted, not ${rows.length}`;
    if (!rows.every((i) => Number.isInteger(i) && i >= 0 && i < n)) return `positions are whole numbers below ${n}`;
    const labels = selectLabels(source.y, rows);
    const counts = new Array<number>(10).fill(0);
    labels.forEach((label) => counts[label]++);
    if (!counts.every((count) => count === 10))
      return `ten of each label are wanted, and there are ${counts.join(", ")}`;
    const model = await learn(selectRows(source.X, rows), labels);
    const reached = accuracy(test.y, model.predict(test.X));
    return reached >= 0.7 ? null : `the CNN reads ${reached.toFixed(3)} of the test images, and .7 is wanted`;
  },
};
