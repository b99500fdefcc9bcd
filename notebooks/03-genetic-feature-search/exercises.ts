import {
  type BlackBox, type Classifier, type Dataset, type Finding, type Matrix, type PredictFunction, type Rng,
  type TrainTest, blackBox, discoverRanges, fidelityError, geneticSearch, notACount, pipeline, seededRng, selectRows,
  spreadOf, standardScaler, svc,
} from "../../lib";

/** Half-widths of the genetic algorithm's first population. */
const START_SIZES = [1, 10, 30, 100, 300, 1000];
const MOST_LINES = 600;
/** Queries for a whole theft, with the search for the ranges. */
const THEFT_BUDGET = 4000;
const THEFT_RUNS = 3;

/** A row of class 0, another one in each run. */
function rowOfClass0({ X, y }: Dataset, rng: Rng): Matrix {
  const rows = Array.from(y.keys()).filter((i) => y[i] === 0);
  return selectRows(X, [rows[rng.integer(rows.length)]]);
}

export const exercises = {
  /** Features that the search calls irrelevant to iris's tree. */
  "03-1": async (answer: readonly number[], tree: Classifier, examples: Matrix, seed: number): Promise<Finding> => {
    const { numFeatures } = tree;
    const odd = answer.find((j) => !Number.isInteger(j) || j < 0 || j >= numFeatures);
    if (odd !== undefined) return `${odd} is no position of a feature: they are 0 to ${numFeatures - 1}`;
    const { features } = await discoverRanges(blackBox(tree), { numFeatures, examples, rng: seededRng(seed) });
    const unused = features.filter(({ kind }) => kind === "irrelevant").map(({ feature }) => feature);
    const used = answer.filter((j) => !unused.includes(j)).length;
    if (used > 0) return `${used} of yours did change a label`;
    return unused.every((j) => answer.includes(j)) ? null : "there are more";
  },

  /** Labels that the genetic algorithm meets, by the size of its start. */
  "03-2": async (
    answer: readonly number[], model: Classifier, center: ArrayLike<number>, seed: number,
  ): Promise<Finding> => {
    if (answer.length !== START_SIZES.length) return `it needs ${START_SIZES.length} numbers, one for each size`;
    const wrong = answer.map((count) => notACount(count, model.classes.length, "labels")).find((one) => one !== null);
    if (wrong) return wrong;
    let differ = 0;
    for (const [k, size] of START_SIZES.entries()) {
      const options = { numFeatures: model.numFeatures, center, size, rng: seededRng(seed) };
      const { generations } = await geneticSearch(blackBox(model), options);
      if (answer[k] !== new Set(generations.flatMap(({ y }) => [...y])).size) differ++;
    }
    return differ === 0 ? null : `${differ} of the six are others here: count all generations together`;
  },

  /** Rounds and bases after which a planted, unused feature is surely unused. */
  "03-3": async (
    answer: { rounds: number; bases: number }, planted: PredictFunction, examples: Matrix, seed: number,
  ): Promise<Finding> => {
    const lines = 2 * answer.rounds * answer.bases;
    if (lines > MOST_LINES) return `${lines} lines for each feature: ${MOST_LINES} are more than enough`;
    const numFeatures = examples.shape[1];
    const box = blackBox(planted, { numFeatures });
    const { features } = await discoverRanges(box, { numFeatures, examples, ...answer, rng: seededRng(seed) });
    const { kind, missedAtMost = 1 } = features[numFeatures - 1];
    if (kind !== "irrelevant") return `the feature is ${kind} now`;
    return missedAtMost <= 0.02 ? null : `\`missedAtMost\` is ${missedAtMost.toFixed(3)}: more lines are needed`;
  },

  /** A theft of wine's SVC from one row of class 0, the search for ranges included. */
  "03-4": async (
    answer: (box: BlackBox, row: Matrix, rng: Rng) => Promise<Classifier>, wine: TrainTest, seed: number,
  ): Promise<Finding> => {
    const original = pipeline(standardScaler(), svc()).fit(wine.train.X, wine.train.y);
    const truth = original.predict(wine.test.X);
    const errors: number[] = [];
    for (let run = 0; run < THEFT_RUNS; run++) {
      const rng = seededRng(seed).spawn(run);
      const box = blackBox(original, { budget: THEFT_BUDGET });
      const copied = await answer(box, rowOfClass0(wine.train, rng.spawn(0)), rng.spawn(1));
      if (box.used === 0) return "it asked nothing: the copy must come from the answers of the box";
      errors.push(fidelityError(truth, copied.predict(wine.test.X)));
    }
    const { mean } = spreadOf(errors);
    return mean <= 0.1 ? null : `it disagrees on ${(100 * mean).toFixed(0)} % of the test wines, and 10 % are allowed`;
  },
};
