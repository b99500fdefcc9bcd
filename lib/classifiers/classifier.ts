import type { Matrix } from "../matrix";

/** A fitted classifier. It holds plain numbers, no tensors: nothing to dispose. */
export interface Classifier {
  /** The name of its family, as its estimator says it. */
  readonly family: string;
  /** The labels it was fitted with, ascending. */
  readonly classes: Int32Array;
  /** Width of the rows it was fitted on. */
  readonly numFeatures: number;
  /** @param X Shape [n, numFeatures]. @returns Labels, shape [n]. */
  predict(X: Matrix): Int32Array;
  /** @param X Shape [n, numFeatures]. @returns Probabilities, shape [n, classes.length]; rows sum to 1. */
  predictProba?(X: Matrix): Matrix<Float64Array>;
  /** Plain JSON from which `deserialize` makes the same classifier. */
  serialize(): SerializedClassifier;
}

/** Probabilities, and which class each column is of. */
export interface ClassProbabilities {
  /** The label of each column. */
  readonly classes: Int32Array;
  /** Shape [n, classes.length]. */
  readonly probabilities: Matrix<Float64Array>;
}

export interface SerializedClassifier {
  readonly family: string;
  readonly [field: string]: unknown;
}

/** How to make a classifier of one family, with its parameters fixed. */
export interface Estimator {
  readonly family: string;
  /**
   * @param X Shape [n, d], finite, n ≥ 1.
   * @param y Labels, integers, shape [n].
   * @throws {RangeError} If a number is not finite, or the lengths differ.
   */
  fit(X: Matrix, y: Int32Array): Classifier;
  /**
   * Learns from probabilities in place of labels; absent where the family can't.
   *
   * @param X Shape [n, d], finite, n ≥ 1.
   * @param answers Of the same n rows.
   * @throws {RangeError} If a number is not finite, or shapes disagree.
   */
  fitProbabilities?(X: Matrix, answers: ClassProbabilities): Classifier;
}
