import type { Matrix, NumericArray } from "../matrix";

/** Rows with a class each. */
export interface Dataset<A extends NumericArray = NumericArray> {
  readonly name: string;
  /** Features, shape [n, d]. */
  readonly X: Matrix<A>;
  /** Classes, integers in [0, classNames.length), shape [n]. */
  readonly y: Int32Array;
  readonly featureNames: readonly string[];
  readonly classNames: readonly string[];
  /** [height, width, channels] where a row is an image, row-major, channels last. */
  readonly imageShape?: readonly [number, number, number];
}

/** The two halves in which a benchmark is published. */
export interface TrainTest<A extends NumericArray = NumericArray> {
  readonly train: Dataset<A>;
  readonly test: Dataset<A>;
}
