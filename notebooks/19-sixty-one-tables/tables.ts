import {
  type Classifier, type CsvDataset, type Estimator, type Matrix, type NumericRange, type Rng, type Sampler,
  type TableColumn, type UciTableName, DataFileError, accuracy, autoStrategy, blackBox, classCounts, copy,
  decisionTree, dynamicalRange, fidelityError, gaussianNaiveBayes, gradientBoosting, knn, knownMomentsSampler,
  loadTable, loadUciTable, logisticRegression, normalSampler, oneHotSampler, pipeline, randomForest, rangeScaler,
  seededRng, selectLabels, selectRows, standardScaler, stratifiedKFold, stratifiedSplit, subset, svc, uniformSampler,
} from "../../lib";

/** A table in two halves, and the model that somebody may ask. */
export interface TableSetting {
  readonly name: UciTableName;
  readonly original: Classifier;
  /** The family that cross-validation on the training rows chose. */
  readonly family: string;
  readonly accuracy: number;
  readonly columns: readonly TableColumn[];
  /** Known to the attacker: least and greatest value, mean and deviation of each feature. */
  readonly ranges: readonly NumericRange[];
  /** The same, with a step of 1 where a column holds whole numbers only. */
  readonly wholeRanges: readonly NumericRange[];
  readonly test: { readonly X: Matrix; readonly y: Int32Array };
  /** The original's answers to the test rows. */
  readonly answers: Int32Array;
  readonly classes: number;
  readonly trainRows: number;
}

export interface SettingOptions {
  /** Rows to learn from and rows to be judged by, at most. */
  rows: number;
  seed: number;
}

const scaled = (estimator: Estimator): Estimator => pipeline(standardScaler(), estimator);

/** The families among which cross-validation chooses an original; `rows` to learn from. */
export const originalFamilies = (rng: Rng, rows: number): Record<string, Estimator> => ({
  "SVC": scaled(svc()), "logistic": scaled(logisticRegression()), "tree": decisionTree(),
  "nearest": scaled(knn({ numNeighbors: Math.min(5, Math.ceil(rows / 4)) })),
  "forest": randomForest({ numTrees: 100, rng: rng.spawn(1) }),
  "boosting": gradientBoosting({ numRounds: 50, maxDepth: 3, learningRate: 0.1 }), "naive Bayes": gaussianNaiveBayes(),
});

const FOLDS = 3;

/** The family with most right answers on held-out training rows; the first of equal ones. */
export function bestFamily(X: Matrix, y: Int32Array, seed: number): { family: string; estimator: Estimator } {
  const families = Object.entries(originalFamilies(seededRng(seed), y.length));
  const largest = classCounts(y, 1 + y.reduce((a, b) => Math.max(a, b), 0)).reduce((a, b) => Math.max(a, b), 0);
  const folds = stratifiedKFold(y, { folds: Math.min(FOLDS, largest), rng: seededRng(seed) });
  const right = families.map(([, estimator]) => folds.reduce((sum, { train, test }) => {
    const model = estimator.fit(selectRows(X, train), selectLabels(y, train));
    return sum + accuracy(selectLabels(y, test), model.predict(selectRows(X, test))) * test.length;
  }, 0));
  const [family, estimator] = families[right.reduce((best, count, k) => (count > right[best] ? k : best), 0)];
  return { family, estimator };
}

/** The table; iris and wine ship with the project, too. */
async function loaded(name: UciTableName): Promise<CsvDataset> {
  try {
    return await loadUciTable(name);
  } catch (error) {
    if (!(error instanceof DataFileError) || (name !== "iris" && name !== "wine")) throw error;
    const table = await loadTable(name);
    const columns = table.featureNames.map((column): TableColumn => ({ name: column, kind: "numeric", missing: 0 }));
    return { ...table, columns, target: "class", dropped: [] };
  }
}

/** Which of the tables can be read here, and which are neither at hand nor to be downloaded. */
export async function tablesAtHand<Name extends UciTableName>(
  names: readonly Name[],
): Promise<{ names: Name[]; absent: Name[] }> {
  const found: Name[] = [];
  const absent: Name[] = [];
  for (const name of names)
    try {
      await loaded(name);
      found.push(name);
    } catch (error) {
      if (!(error instanceof DataFileError)) throw error;
      absent.push(name);
    }
  return { names: found, absent };
}

/** A table without the classes of one row, which no half can learn and be judged by. */
export async function tableOf(name: UciTableName): Promise<CsvDataset> {
  const table = await loaded(name);
  const counts = classCounts(table.y, table.classNames.length);
  return { ...table, ...subset(table, Array.from(table.y.keys()).filter((i) => counts[table.y[i]] > 1)) };
}

const isWhole = ({ data, shape: [n, d] }: Matrix, j: number): boolean => {
  for (let i = 0; i < n; i++) if (!Number.isInteger(data[i * d + j])) return false;
  return true;
};

/** Halves with the classes in proportion, and the original of the best family. */
export async function settingOf(name: UciTableName, { rows, seed }: SettingOptions): Promise<TableSetting> {
  const table = await tableOf(name);
  const halves = stratifiedSplit(table.y, { testFraction: 0.5, rng: seededRng(seed) });
  const [train, test] = [halves.train, halves.test].map((half) => subset(table, half.slice(0, rows)));
  const { family, estimator } = bestFamily(train.X, train.y, seed);
  const original = estimator.fit(train.X, train.y);
  const answers = original.predict(test.X);
  const ranges = dynamicalRange(train.X);
  return {
    name, original, family, answers, test, accuracy: accuracy(test.y, answers), columns: table.columns,
    ranges, wholeRanges: ranges.map((range, j) => (isWhole(train.X, j) ? { ...range, step: 1 } : range)),
    classes: new Set(table.y).size, trainRows: train.y.length,
  };
}

/** Clouds for a table of numbers and categories, by what is known of each column. */
export const clouds: Record<"normal" | "uniform" | "ours" | "whole", (setting: TableSetting) => Sampler> = {
  normal: ({ ranges, columns }) => oneHotSampler(ranges, { columns, numeric: normalSampler }),
  uniform: ({ ranges, columns }) => oneHotSampler(ranges, { columns, numeric: uniformSampler, equalShares: true }),
  ours: ({ ranges, columns }) => oneHotSampler(ranges, { columns, numeric: knownMomentsSampler }),
  whole: ({ wholeRanges, columns }) => oneHotSampler(wholeRanges, { columns, numeric: knownMomentsSampler }),
};

export interface Trial {
  readonly error: number;
  /** Accuracy of the copy. */
  readonly accuracy: number;
  /** The way it was made, in words. */
  readonly way: string;
}

export interface TrialOptions {
  labels: number;
  seed: number;
}

const judged = ({ test, answers }: TableSetting, copied: Classifier, way: string): Trial => {
  const given = copied.predict(test.X);
  return { error: fidelityError(answers, given), accuracy: accuracy(test.y, given), way };
};

/** A copy from plain points of a cloud by one family; PRESC's way with a forest. */
export async function plainCopy(
  setting: TableSetting, cloud: keyof typeof clouds, estimator: Estimator, { labels, seed }: TrialOptions,
): Promise<Trial> {
  const sampler = clouds[cloud](setting);
  const { classifier } = await copy(blackBox(setting.original, { budget: labels }),
    { sampler, estimator, budget: labels, rng: seededRng(seed) });
  return judged(setting, classifier, `${estimator.family} from ${cloud} points`);
}

/** A copy by `auto`, which chooses family and questions itself. */
export async function autoCopy(
  setting: TableSetting, cloud: "ours" | "whole", { labels, seed }: TrialOptions,
): Promise<Trial> {
  const strategy = autoStrategy({ ranges: setting.ranges, sampler: clouds[cloud](setting) });
  const made = await copy(blackBox(setting.original, { budget: labels }),
    { strategy, budget: labels, rng: seededRng(seed) });
  return judged(setting, made.classifier, made.strategy);
}

/** Labels up to which every family is fitted; beyond, the smooth ones and boosting take hours on wide tables. */
const FEW = 1000;

/** The families whose copies are compared, fitted in deviations from the means; boxes only beyond 1,000 labels. */
export const copyEstimators = (
  { ranges }: TableSetting, { labels, seed }: TrialOptions,
): Record<string, Estimator> => {
  const d = ranges.length;
  const inDeviations = (estimator: Estimator): Estimator => pipeline(rangeScaler(ranges), estimator);
  const boxes = { "tree": decisionTree(), "forest": forestOf(seededRng(seed)) };
  return labels > FEW ? boxes : {
    ...boxes, "logistic": inDeviations(logisticRegression()),
    "SVC": inDeviations(svc({ C: 1000, gamma: 0.25 / d })),
    "boosting": gradientBoosting({ numRounds: 100, maxDepth: 2, learningRate: 0.2 }),
  };
};

export const forestOf = (rng: Rng): Estimator => randomForest({ numTrees: 100, rng });

/** What was measured on one split of one table. */
export interface Measured {
  readonly table: UciTableName;
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
  readonly original: string;
  readonly accuracy: number;
  readonly normal: Trial;
  readonly uniform: Trial;
  readonly auto: Trial;
  /** `auto` from whole numbers where a column holds nothing else; absent where the table is too large for both. */
  readonly whole?: Trial;
}

/** Features times classes up to which a table is copied twice by `auto`. */
const SMALL = 100;

/** PRESC's way from both of its clouds, and `auto` from both of ours. */
export async function measured(setting: TableSetting, options: TrialOptions): Promise<Measured> {
  const forest = (cloud: "normal" | "uniform"): Promise<Trial> =>
    plainCopy(setting, cloud, forestOf(seededRng(options.seed).spawn(1)), options);
  const auto = await autoCopy(setting, "ours", options);
  const isSmall = setting.ranges.length * setting.classes <= SMALL;
  const hasWhole = setting.wholeRanges.some(({ step, min, max }) => step !== undefined && max - min > 1);
  return {
    table: setting.name, rows: setting.trainRows, columns: setting.columns.length, classes: setting.classes,
    original: setting.family, accuracy: setting.accuracy,
    normal: await forest("normal"), uniform: await forest("uniform"), auto,
    ...(isSmall && { whole: hasWhole ? await autoCopy(setting, "whole", options) : auto }),
  };
}
