import type { Classifier } from "../classifiers/classifier";
import type { Matrix } from "../matrix";
import { LARGEST_FLOAT32, requireFinite, requireFloat32, requireSameLength } from "../validate";
import { layerShapes, parameterSpecs, type Architecture } from "./layers";

/**
 * A run of layers and their weights, as plain numbers in the order of `parameterSpecs`: a trunk, which gives features,
 * or a whole network. It holds no tensors.
 */
export interface NetworkPart {
  readonly architecture: Architecture;
  readonly weights: readonly Float32Array[];
}

/** A whole network, which gives one logit a class: a classifier like any other. Its classes are 0 … k − 1. */
export interface Network extends NetworkPart, Classifier {
  readonly family: "network";
  predictProba(X: Matrix): Matrix<Float64Array>;
  /**
   * How the logarithm of each row's probability of a class changes with the row's features.
   *
   * @param y A class for each row of X, shape [n]. @returns Shape [n, numFeatures].
   */
  labelSlopes(X: Matrix, y: Int32Array): Matrix<Float32Array>;
}

/** Width of a row that an architecture takes. */
export const inputWidth = ({ inputShape }: Architecture): number =>
  inputShape.reduce((product, side) => product * side, 1);

/** Number of classes, from the last layer. */
export function numClassesOf(architecture: Architecture): number {
  const shapes = layerShapes(architecture);
  const last = shapes[shapes.length - 1];
  if (last.length !== 1)
    throw new RangeError(`architecture: the last layer must give logits, gives [${last.join(", ")}]`);
  return last[0];
}

/** Requires weights that fit their architecture, all finite. */
export function requireNetwork(fn: string, { architecture, weights }: NetworkPart): void {
  const specs = parameterSpecs(architecture);
  if (specs.length !== weights.length)
    throw new RangeError(`${fn}: network must have ${specs.length} weight tensors, got ${weights.length}`);
  specs.forEach((spec, i) => {
    if (weights[i].length !== spec.size)
      throw new RangeError(`${fn}: ${spec.name} must have ${spec.size} numbers, got ${weights[i].length}`);
    requireFinite(fn, spec.name, weights[i]);
  });
}

/** Requires examples as wide as the architecture's input, finite, and a class of its own for each. */
export function requireExamples(fn: string, architecture: Architecture, X: Matrix, y: Int32Array | null): void {
  const width = inputWidth(architecture);
  if (X.shape[1] !== width)
    throw new RangeError(
      `${fn}: X must have ${width} columns ([${architecture.inputShape.join(", ")}]), got ${X.shape[1]}`,
    );
  if (X.data.length !== X.shape[0] * width)
    throw new RangeError(`${fn}: X must hold ${X.shape[0] * width} numbers, got ${X.data.length}`);
  requireFloat32(fn, "X", X.data, LARGEST_FLOAT32 / Math.max(1, Math.abs(architecture.inputScale)));
  if (!y) return;
  requireSameLength(fn, "X", X.shape[0], "y", y.length);
  requireClasses(fn, y, numClassesOf(architecture));
}

/** Requires examples that are images, for an option that has no meaning for others. */
export function requireImages(fn: string, option: string, inputShape: readonly number[]): void {
  if (inputShape.length !== 3)
    throw new RangeError(`${fn}: ${option} needs images, got examples of shape [${inputShape.join(", ")}]`);
}

/** Requires labels that are integers in [0, numClasses). */
export function requireClasses(fn: string, y: ArrayLike<number>, numClasses: number): void {
  for (let i = 0; i < y.length; i++)
    if (!(Number.isInteger(y[i]) && y[i] >= 0 && y[i] < numClasses))
      throw new RangeError(`${fn}: classes must be in [0, ${numClasses}), got ${y[i]} at position ${i}`);
}

/**
 * Requires columns whose numbers float32 can tell apart: one that varies by less than a millionth of its size is lost,
 * unless it varies by nothing but float64's own rounding.
 */
export function requireFloat32Columns(fn: string, { data, shape: [n, d] }: Matrix): void {
  if (!(data instanceof Float64Array)) return;
  const low = new Float64Array(d).fill(Infinity);
  const high = new Float64Array(d).fill(-Infinity);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < d; j++) {
      const value = data[i * d + j];
      if (value < low[j]) low[j] = value;
      if (value > high[j]) high[j] = value;
    }
  for (let j = 0; j < d; j++) {
    const spread = (high[j] - low[j]) / Math.max(Math.abs(low[j]), Math.abs(high[j]));
    if (spread > 1e-12 && spread < 1e-6)
      throw new RangeError(`${fn}: column ${j} of X must vary by more than float32 can hold, got ${low[j]} to `
        + `${high[j]}; subtract its mean first (standardScaler)`);
  }
}

/** Copies rows into one batch of numbers, each multiplied by a scale. */
export function gatherBatch(X: Matrix, positions: ArrayLike<number>, scale: number): Float32Array {
  const [, d] = X.shape;
  const batch = new Float32Array(positions.length * d);
  for (let i = 0; i < positions.length; i++) {
    const from = positions[i] * d;
    const to = i * d;
    for (let j = 0; j < d; j++) batch[to + j] = X.data[from + j] * scale;
  }
  return batch;
}
