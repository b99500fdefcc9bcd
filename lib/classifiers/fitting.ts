import { largestMagnitude } from "../math/power-of-two";
import { matrix, type Matrix } from "../matrix";
import { requireFinite, requireInteger, requireSameLength } from "../validate";

/** Labels as positions in an ascending list of classes. */
export interface EncodedLabels {
  /** The distinct labels, ascending, shape [k]. */
  readonly classes: Int32Array;
  /** Position of each row's label in `classes`, shape [n]. */
  readonly codes: Int32Array;
}

const MOST_LABEL = 2 ** 31 - 1;

/** Requires integers that an Int32Array holds. */
export function requireLabels(fn: string, name: string, y: ArrayLike<number>): void {
  if (y instanceof Int32Array) return;
  for (let i = 0; i < y.length; i++) requireInteger(fn, `${name}[${i}]`, y[i], -MOST_LABEL - 1, MOST_LABEL);
}

/**
 * Turns labels into positions in the ascending list of distinct labels.
 *
 * @param y Integers of 32 bits, shape [n].
 * @throws {RangeError} If a label is not such an integer.
 */
export function encodeLabels(y: ArrayLike<number>): EncodedLabels {
  requireLabels("encodeLabels", "y", y);
  const seen = new Set<number>();
  for (let i = 0; i < y.length; i++) seen.add(y[i]);
  const classes = Int32Array.from(seen).sort();
  const position = new Map(Array.from(classes, (label, code) => [label, code]));
  const codes = new Int32Array(y.length);
  for (let i = 0; i < y.length; i++) codes[i] = position.get(y[i])!;
  return { classes, codes };
}

/**
 * Checks what every `fit` is given.
 *
 * @throws {RangeError} If there is no row, no column, a number that is not finite, or not one integer label a row.
 */
export function checkTraining(fn: string, X: Matrix, y: Int32Array): void {
  const [n, d] = X.shape;
  if (n < 1) throw new RangeError(`${fn}: X must have at least one row, got 0`);
  if (d < 1) throw new RangeError(`${fn}: X must have at least one column, got 0`);
  requireSameLength(fn, "X", n, "y", y.length);
  if (!(y instanceof Int32Array)) throw new RangeError(`${fn}: y must be an Int32Array, got ${typeof y}`);
  requireFinite(fn, "X", X.data);
}

/**
 * Checks what every `predict` is given.
 *
 * @throws {RangeError} If the width is not the one fitted on, or a number is not finite.
 */
export function checkQuery(fn: string, X: Matrix, numFeatures: number): void {
  if (X.shape[1] !== numFeatures)
    throw new RangeError(`${fn}: X must have ${numFeatures} columns, as fitted, got ${X.shape[1]}`);
  requireFinite(fn, "X", X.data);
}

/** Magnitudes up to which sums of squares are finite. */
export const MOST_SQUARABLE = 1e150;

/** Requires numbers whose squares can be summed. */
export function requireSquarable(fn: string, X: Matrix): void {
  const largest = largestMagnitude(X.data);
  if (largest > MOST_SQUARABLE)
    throw new RangeError(`${fn}: X must be within ±${MOST_SQUARABLE}, got ${largest}: scale the features first`);
}

/** The label of each row's largest value, the first where several are largest; shape [n]. */
export function labelsOfLargest(scores: Matrix, classes: Int32Array): Int32Array {
  const [n, k] = scores.shape;
  const { data } = scores;
  const labels = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    let best = 0;
    for (let c = 1; c < k; c++) if (data[i * k + c] > data[i * k + best]) best = c;
    labels[i] = classes[best];
  }
  return labels;
}

/** A matrix of zeros, shape [n, k]. */
export function zeros(n: number, k: number): Matrix<Float64Array> {
  return matrix(new Float64Array(n * k), [n, k]);
}
