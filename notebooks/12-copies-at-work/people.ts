import {
  type Classifier, type Matrix, type PeopleData, accuracy, demographicParityDifference, equalizedOddsDifference,
  bootstrapInterval, seededRng, selectLabels, subsetPeople,
} from "../../lib";

/** A table of people in three parts, and the feature that must not decide. */
export interface FairTask {
  readonly name: string;
  readonly train: PeopleData<unknown>;
  readonly validation: PeopleData<unknown>;
  readonly test: PeopleData<unknown>;
  /** Position of the feature that is 1 for one group and 0 for the other. */
  readonly sensitive: number;
  /** Columns that say the group under another name. */
  readonly aliases: readonly string[];
}

export interface FairTaskOptions {
  /** The feature, such as `sex=Female`. */
  feature: string;
  aliases?: readonly string[];
  /** People to learn from, at most; the rest is halved, at most as many each. */
  people: number;
  seed: number;
}

/** Half of the people to learn from, a quarter to choose by, a quarter to judge by. */
export function fairTask<Row>(people: PeopleData<Row>, options: FairTaskOptions): FairTask {
  const { feature, aliases = [] } = options;
  const n = people.rows.length;
  const order = seededRng(options.seed).permutation(n);
  const [half, most] = [Math.floor(n / 2), options.people];
  const part = (from: number, to: number): PeopleData<Row> =>
    subsetPeople(people, order.slice(from, Math.min(to, from + most)));
  return {
    name: people.name.split(",")[0], sensitive: people.featureNames.indexOf(feature), aliases,
    train: part(0, half), validation: part(half, Math.floor(0.75 * n)), test: part(Math.floor(0.75 * n), n),
  };
}

/** One column of a matrix. */
const columnOf = ({ data, shape: [n, d] }: Matrix, j: number): number[] =>
  Array.from({ length: n }, (_, i) => data[i * d + j]);

/** The group of each row: 1 for the one the feature names, 0 for the other. */
export const groupsOf = ({ sensitive }: FairTask, X: Matrix): Int32Array => Int32Array.from(columnOf(X, sensitive));

/** Correlation of two columns; 0 where one is constant. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [centerA, centerB] = [mean(a), mean(b)];
  const product = (x: readonly number[], y: readonly number[], cx: number, cy: number): number =>
    x.reduce((sum, value, i) => sum + (value - cx) * (y[i] - cy), 0);
  const scale = Math.sqrt(product(a, a, centerA, centerA) * product(b, b, centerB, centerB));
  return scale > 0 ? product(a, b, centerA, centerB) / scale : 0;
}

/** A column of the table and its features. */
interface ColumnTie {
  readonly column: string;
  readonly features: readonly number[];
  /** Largest correlation of one of its features with the group, without its sign. */
  readonly tie: number;
}

/** How strongly each column says the group, strongest first. */
export function tiesOf(task: FairTask): ColumnTie[] {
  const { train } = task;
  const group = columnOf(train.X, task.sensitive);
  let at = 0;
  return train.columns.map(({ name, kind, categories }) => {
    const width = kind === "one-hot" ? categories!.length : 1;
    const features = Array.from({ length: width }, () => at++);
    const ties = features.map((j) => Math.abs(correlation(columnOf(train.X, j), group)));
    return { column: name, features, tie: ties.reduce((most, value) => Math.max(most, value), 0) };
  }).sort((a, b) => b.tie - a.tie);
}

/** Features of all columns but the group's own, its aliases, and those tied to it by more than `tie`. */
export function unseenGroup(task: FairTask, tie = Infinity): number[] {
  const own = task.train.featureNames[task.sensitive].split("=")[0];
  return tiesOf(task).filter((column) => column.column !== own && !task.aliases.includes(column.column)
    && column.tie <= tie).flatMap(({ features }) => features).sort((a, b) => a - b);
}

/** What a model does to a part of the people. */
export interface FairScores {
  readonly accuracy: number;
  readonly parity: number;
  readonly odds: number;
}

const scoresOf = (y: Int32Array, predicted: Int32Array, groups: Int32Array): FairScores => ({
  accuracy: accuracy(y, predicted), parity: demographicParityDifference(predicted, groups),
  odds: equalizedOddsDifference(y, predicted, groups),
});

/** Accuracy, demographic parity difference and equalized odds difference. */
export function fairScores(task: FairTask, model: Classifier, { X, y }: { X: Matrix; y: Int32Array }): FairScores {
  return scoresOf(y, model.predict(X), groupsOf(task, X));
}

/** The same on the test people, each written with its 95 % bootstrap interval over people. */
export function fairIntervals(task: FairTask, model: Classifier, seed: number): Record<keyof FairScores, string> {
  const { X, y } = task.test;
  const [predicted, groups] = [model.predict(X), groupsOf(task, X)];
  const written = (measure: keyof FairScores): string => {
    const { low, estimate, high } = bootstrapInterval(y.length, (rows) =>
      scoresOf(selectLabels(y, rows), selectLabels(predicted, rows), selectLabels(groups, rows))[measure],
    { resamples: 200, rng: seededRng(seed) });
    return `${estimate.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  };
  return { accuracy: written("accuracy"), parity: written("parity"), odds: written("odds") };
}
