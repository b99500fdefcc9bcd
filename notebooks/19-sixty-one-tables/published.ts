import {
  type Classifier, type CopyEvaluation, type Dataset, type Estimator, type Rng, type UciTableName, adaBoost,
  agreementByClass, blackBox, copy, decisionTree, dynamicalRange, evaluateCopy, loadUciTable, logisticRegression,
  mlpClassifier, normalSampler, pipeline, randomForest, seededRng, standardScaler, stratifiedSplit, subset,
  uniformSampler,
} from "../../lib";

export const copyFamilies = ["tree", "logistic", "forest"] as const;
export type CopyFamily = (typeof copyFamilies)[number];

/** What the paper prints for one copy. */
export interface PublishedCopy {
  readonly accuracy: number;
  /** A number of four digits without a name. */
  readonly unnamed: number;
  readonly error: number;
}

export interface PublishedRow {
  /** The paper's name of the table. */
  readonly paper: string;
  readonly name: UciTableName;
  readonly original: "AdaBoost" | "ANN";
  readonly accuracy: number;
  readonly copies: Readonly<Record<CopyFamily, PublishedCopy>>;
}

const copies = (...numbers: readonly (readonly [number, number, number])[]): Record<CopyFamily, PublishedCopy> =>
  Object.fromEntries(numbers.map(([accuracy, unnamed, error], k) => [copyFamilies[k], { accuracy, unnamed, error }])) as
    Record<CopyFamily, PublishedCopy>;

/** The rows of the table of Unceta et al., 2019, that can be read publicly. */
export const publishedRows: readonly PublishedRow[] = [
  { paper: "breast-cancer-wisc", name: "breast.w", original: "AdaBoost", accuracy: 0.93,
    copies: copies([0.93, 0.9286, 0], [0.93, 0.6333, 0.06], [0.93, 0.9286, 0]) },
  { paper: "chess-krvkp", name: "kr.vs.kp", original: "ANN", accuracy: 0.99,
    copies: copies([0.89, 0.9527, 0.11], [0.91, 0.9603, 0.1], [0.91, 0.967, 0.09]) },
  { paper: "echocardiogram", name: "echocardiogram", original: "ANN", accuracy: 0.3,
    copies: copies([0.33, 0.2879, 0.05], [0.3, 0.296, 0], [0.3, 0.2922, 0]) },
];

/** One copy of one split, as PRESC would report it, and what the paper may have meant beside. */
export interface RepeatedCopy extends CopyEvaluation {
  readonly family: CopyFamily;
  readonly balancedAccuracy: number;
  readonly fidelityErrorFresh: number;
  /** Mean over the original's classes of the share of fresh points with another label. */
  readonly balancedErrorFresh: number;
}

export interface RepeatOptions {
  cloud: "normal" | "uniform";
  /** Points that are asked, and fresh ones to measure by. */
  points: number;
  seed: number;
}

const scaled = (estimator: Estimator): Estimator => pipeline(standardScaler(), estimator);

const paperOriginal = (row: PublishedRow, rng: Rng): Estimator => (row.original === "AdaBoost"
  ? adaBoost({ rng })
  : scaled(mlpClassifier({ hiddenLayers: [100], maxEpochs: 100, rng })));

const copyOf = (family: CopyFamily, rng: Rng): Estimator => ({
  tree: () => decisionTree(), logistic: () => scaled(logisticRegression()),
  forest: () => randomForest({ numTrees: 50, rng }),
})[family]();

/** Mean share of right answers over the classes. */
const balancedAgreement = (truth: Int32Array, given: Int32Array): number => {
  const classes = agreementByClass(truth, given);
  return classes.reduce((sum, { agreement }) => sum + agreement, 0) / classes.length;
};

/** Seven rows in ten to learn from; nominal columns as one number each, as in the collection that the paper uses. */
export async function paperSplit(row: PublishedRow, seed: number): Promise<{ train: Dataset; test: Dataset }> {
  const table = await loadUciTable(row.name, { ordinal: true });
  const { train, test } = stratifiedSplit(table.y, { testFraction: 0.3, rng: seededRng(seed) });
  return { train: subset(table, train), test: subset(table, test) };
}

/** The published row once more: an original of its family, and the three copies. */
export async function repeatedRow(row: PublishedRow, options: RepeatOptions): Promise<RepeatedCopy[]> {
  const { cloud, points, seed } = options;
  const { train, test } = await paperSplit(row, seed);
  const original: Classifier = paperOriginal(row, seededRng(seed)).fit(train.X, train.y);
  const sampler = (cloud === "normal" ? normalSampler : uniformSampler)(dynamicalRange(train.X));
  const fresh = sampler.sample(points, seededRng(seed).spawn(1));
  const answers = original.predict(fresh);
  const repeated: RepeatedCopy[] = [];
  for (const family of copyFamilies) {
    const made = await copy(blackBox(original),
      { sampler, estimator: copyOf(family, seededRng(seed).spawn(2)), budget: points, rng: seededRng(seed) });
    const evaluation = evaluateCopy(original, made, { test, fresh });
    repeated.push({
      ...evaluation, family, fidelityErrorFresh: evaluation.fidelityErrorFresh!,
      balancedAccuracy: balancedAgreement(test.y, made.classifier.predict(test.X)),
      balancedErrorFresh: 1 - balancedAgreement(answers, made.classifier.predict(fresh)),
    });
  }
  return repeated;
}

/** What the unnamed number may be, each divided by the original's accuracy: ours are other originals. */
export const candidates: Readonly<Record<string, (one: RepeatedCopy) => number>> = {
  "copy accuracy": (one) => one.replacementCapability,
  "balanced copy accuracy": (one) => one.balancedAccuracy / one.accuracyOriginal,
  "A_O · (1 − R_F on test)": (one) => 1 - one.fidelityErrorTest,
  "A_O · (1 − R_F on own points)": (one) => 1 - one.fidelityErrorSynthetic,
  "A_O · (1 − R_F on fresh points)": (one) => 1 - one.fidelityErrorFresh,
  "A_O · (1 − balanced R_F, fresh)": (one) => 1 - one.balancedErrorFresh,
};

/** A candidate held against the nine cells. */
export interface Fit {
  readonly candidate: string;
  readonly cloud: string;
  /** Cells within .02. */
  readonly cells: number;
  /** Pairs of copies of one table that stand in the published order, of those that differ by .005 or more. */
  readonly ordered: number;
  readonly pairs: number;
  /** Mean distance of the nine. */
  readonly distance: number;
}

/** How well a candidate's means fit the published cells; `means` by table and copy, divided by A_O. */
export function fitOf(candidate: string, cloud: string, means: ReadonlyMap<string, Record<CopyFamily, number>>): Fit {
  const rows = publishedRows.filter(({ paper }) => means.has(paper)).map(({ paper, accuracy, copies: printed }) =>
    copyFamilies.map((family) => ({ ours: means.get(paper)![family], theirs: printed[family].unnamed / accuracy })));
  const gaps = rows.flat().map(({ ours, theirs }) => Math.abs(ours - theirs));
  const pairs = rows.flatMap((row) => row.flatMap((a, i) => row.slice(i + 1).map((b) => [a, b])))
    .filter(([a, b]) => Math.abs(a.theirs - b.theirs) >= 0.005);
  return {
    candidate, cloud, cells: gaps.filter((gap) => gap <= 0.02).length,
    ordered: pairs.filter(([a, b]) => (a.ours - b.ours) * (a.theirs - b.theirs) > 0).length,
    pairs: pairs.length, distance: gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length,
  };
}
