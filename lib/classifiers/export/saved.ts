import type { SerializedSvc } from "../svm/svc";

/** What both kinds of files need of a saved classifier. */

/** A flat list as rows of a width. */
export const rowsOf = (values: readonly number[], width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));

/** Of each class of a Gaussian naive Bayes, what its score does not take from the row. */
export const bayesConstants = (logPrior: readonly number[], variances: readonly (readonly number[])[]): number[] =>
  logPrior.map((prior, c) => prior - variances[c].reduce((sum, v) => sum + Math.log(2 * Math.PI * v), 0) / 2);

/** A machine's center, empty if it has none, and its support vectors less it. */
export function centeredVectors({ kernel, supportVectors, numFeatures }: SerializedSvc): {
  center: readonly number[]; vectors: number[][];
} {
  const center = kernel.center ?? [];
  const vectors = rowsOf(supportVectors, numFeatures).map((row) => row.map((value, j) => value - (center[j] ?? 0)));
  return { center, vectors };
}
