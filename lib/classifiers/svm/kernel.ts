import { columnMoments } from "../../data/scale";
import type { Matrix } from "../../matrix";
import { requireFinite, requireInteger, requireOneOf, requirePositive } from "../../validate";

/**
 * A kernel with its parameters fixed. Where rows lie far from 0 for their spread, `center` (shape [d]) is taken from
 * each row first: neither kernel's machine depends on it, and the differences between rows survive the rounding.
 */
export type Kernel =
  | { readonly type: "rbf"; readonly gamma: number; readonly center?: readonly number[] }
  | { readonly type: "linear"; readonly center?: readonly number[] };

export interface GramOptions {
  /** Default "rbf". */
  kernel?: "rbf" | "linear";
  /** Width of the RBF kernel, above 0; default "scale", 1 / (d · variance of X). */
  gamma?: "scale" | number;
}

/** How many times the spread of the rows their squared distance to 0 may be before a center is taken from them. */
const FAR = 1e6;

/** The variance of all numbers of X around their common mean. */
function variance({ data }: Matrix): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i];
  const mean = sum / data.length;
  let squares = 0;
  for (let i = 0; i < data.length; i++) squares += (data[i] - mean) * (data[i] - mean);
  return squares / data.length;
}

const isConstant = ({ data }: Matrix): boolean => {
  for (let i = 1; i < data.length; i++) if (data[i] !== data[0]) return false;
  return true;
};

/**
 * scikit-learn's `gamma="scale"`: 1 / (d · variance of X), and 1 where X is constant.
 *
 * @throws {RangeError} If X is empty, a number is not finite, or X is so large or small that its variance or γ is not a
 * number above 0.
 */
export function scaleGamma(X: Matrix): number {
  requireInteger("scaleGamma", "numbers of X", X.data.length, 1);
  requireFinite("scaleGamma", "X", X.data);
  if (isConstant(X)) return 1;
  const v = variance(X);
  const gamma = 1 / (X.shape[1] * v);
  if (!(v > 0 && gamma > 0 && gamma < Infinity))
    throw new RangeError(`scaleGamma: the variance of X must be a number that 1/x keeps, got ${v}: scale the features`);
  return gamma;
}

/**
 * Checks a kernel's options and fixes it for a training set.
 *
 * @throws {RangeError} If the kernel is unknown, `gamma` is neither "scale" nor above 0, or squares of X overflow.
 */
export function resolveKernel(fn: string, X: Matrix, { kernel = "rbf", gamma = "scale" }: GramOptions): Kernel {
  checkKernelOptions(fn, { kernel, gamma });
  const center = centerOf(fn, X);
  const common = center ? { center } : {};
  if (kernel === "linear") return { type: "linear", ...common };
  return { type: "rbf", gamma: gamma === "scale" ? scaleGamma(X) : gamma, ...common };
}

/** @throws {RangeError} If the kernel is unknown, or `gamma` is neither "scale" nor above 0. */
export function checkKernelOptions(fn: string, { kernel, gamma }: Required<GramOptions>): void {
  requireOneOf(fn, "kernel", kernel, ["rbf", "linear"]);
  if (gamma !== "scale") requirePositive(fn, "gamma", gamma);
}

/**
 * The columns' means, where rows lie so far from 0 that dot products would lose the differences between them; bytes
 * lose none.
 */
function centerOf(fn: string, X: Matrix): number[] | undefined {
  if (X.data instanceof Uint8Array) return undefined;
  const { mean, variance: spread } = columnMoments(X);
  let squares = 0;
  for (let p = 0; p < X.data.length; p++) squares += X.data[p] * X.data[p];
  if (!(squares < Infinity))
    throw new RangeError(`${fn}: X must be of numbers whose squares are finite: scale the features first`);
  const total = spread.reduce((sum, value) => sum + value, 0);
  return total > 0 && squares / X.shape[0] > FAR * total ? Array.from(mean) : undefined;
}

/** The rows less the kernel's center; the rows themselves where it has none. */
export function aroundCenter(X: Matrix, { center }: Kernel): Matrix {
  if (!center) return X;
  const d = center.length;
  return { data: Float64Array.from(X.data, (value: number, p) => value - center[p % d]), shape: X.shape };
}

/** The largest squared length of a row. */
function largestSquare({ data, shape: [n, d] }: Matrix): number {
  let largest = 0;
  for (let i = 0, p = 0; i < n; i++) {
    let square = 0;
    for (let j = 0; j < d; j++, p++) square += data[p] * data[p];
    largest = Math.max(largest, square);
  }
  return largest;
}

/** Largest γ‖x‖² at which γ‖a − b‖² from squares and a dot product is still right to about 1e-11. */
const MOST_GAMMA_SQUARE = 1e5;

/** Whether ‖a‖² + ‖b‖² − 2 a·b says the distance of such rows exactly enough for the kernel. */
export function allowsDotProducts(rows: Matrix, kernel: Kernel): boolean {
  return kernel.type === "linear" || kernel.gamma * largestSquare(rows) <= MOST_GAMMA_SQUARE;
}
