import { matrix, type Matrix } from "../matrix";
import { requireFinite, requireInteger, requireSameLength } from "../validate";
import type { Kernel } from "./libsvm";

export type { Kernel } from "./libsvm";

/** The kernel between every two rows of a training set: all that a support vector machine reads of the features. */
export interface GramMatrix {
  /** The rows, shape [n, d]. */
  readonly X: Matrix;
  readonly kernel: Kernel;
  /** Kernel values, shape [n, n], symmetric. */
  readonly K: Matrix<Float64Array>;
}

/** Rows that `KernelRows.fill` takes at once. */
export const TILE = 32;
const LANES = 8;
const PAIR_SHIFT = 2 ** 26;
const STEPS = 2048;
const STEP_HIGH = Math.fround(Math.LN2 / STEPS);
/** With what ln 2 has beyond `Math.LN2`. */
const STEP_LOW = Math.LN2 / STEPS - STEP_HIGH + 2.3190468138462996e-17 / STEPS;
const UNDERFLOW = -708;
const fractions = Float64Array.from({ length: STEPS }, (_, i) => 2 ** (-i / STEPS));
const powers = Float64Array.from({ length: 1024 }, (_, i) => 2 ** -i);

/** Replaces every x by eˣ, for x ≤ 0 (above 0 counts as 0); within 2⁻⁵¹ of the exact value, relative. */
function expInPlace(values: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const x = values[i];
    if (x >= 0) values[i] = 1;
    else if (x < UNDERFLOW) values[i] = 0;
    else {
      const m = (-x * (STEPS / Math.LN2) + 0.5) | 0;
      const r = x + m * STEP_HIGH + m * STEP_LOW;
      values[i] = powers[m >> 11] * fractions[m & (STEPS - 1)] * (1 + r * (1 + r * (0.5 + r * (1 / 6 + r / 24))));
    }
  }
}

/** The variance of all numbers of X around their common mean. */
function variance({ data }: Matrix): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i];
  const mean = sum / data.length;
  let squares = 0;
  for (let i = 0; i < data.length; i++) squares += (data[i] - mean) * (data[i] - mean);
  return squares / data.length;
}

/**
 * scikit-learn's `gamma="scale"`: 1 / (d · variance of X), and 1 where X is constant.
 *
 * @throws {RangeError} If X is empty or a number is not finite.
 */
export function scaleGamma(X: Matrix): number {
  requireInteger("scaleGamma", "numbers of X", X.data.length, 1);
  requireFinite("scaleGamma", "X", X.data);
  const v = variance(X);
  return v === 0 ? 1 : 1 / (X.shape[1] * v);
}

/**
 * Lays rows out for `KernelRows`: blocks of eight numbers, the values of one feature in eight rows side by side. With
 * `perNumber` 2 each number carries two rows, the second times 2²⁶: whole numbers, so both dot products stay exact.
 */
function packRows({ data, shape: [n, d] }: Matrix, perNumber: 1 | 2): Float64Array {
  const rowsPerBlock = LANES * perNumber;
  const blocks = new Float64Array(Math.ceil(n / rowsPerBlock) * LANES * d);
  for (let i = 0; i < n; i++) {
    const place = i % rowsPerBlock;
    const weight = place < LANES ? 1 : PAIR_SHIFT;
    const start = Math.floor(i / rowsPerBlock) * LANES * d + (place % LANES);
    for (let j = 0; j < d; j++) blocks[start + j * LANES] += weight * data[i * d + j];
  }
  return blocks;
}

/** The square of a row's length, or NaN where one of its numbers is not a whole number of at least 0. */
function wholeSquare(data: ArrayLike<number>, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) {
    const x = data[i];
    if (x < 0 || x !== Math.floor(x)) return NaN;
    sum += x * x;
  }
  return sum;
}

/** Whether every dot product of such rows is a whole number in [0, 2²⁶), so that two fit into one number. */
function canPair({ data, shape: [, d] }: Matrix, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!(wholeSquare(data, i * d, (i + 1) * d) < PAIR_SHIFT)) return false;
  return true;
}

/** Works out the kernel between new rows and fixed rows, a tile of new rows at a time. */
export class KernelRows {
  /** Numbers a row takes in the output: the number of fixed rows, rounded up to whole blocks. */
  readonly width: number;
  private readonly fixedSquares: Float64Array;
  private readonly pairable: boolean;
  private readonly packed: Partial<Record<1 | 2, Float64Array>> = {};
  private readonly positions: Int32Array;
  private readonly values: Float64Array;
  private readonly ends = new Int32Array(TILE);
  private readonly squares = new Float64Array(TILE);

  constructor(private readonly fixed: Matrix, private readonly kernel: Kernel) {
    const { data, shape: [n, d] } = fixed;
    this.width = Math.ceil(n / (2 * LANES)) * 2 * LANES;
    this.positions = new Int32Array(TILE * d);
    this.values = new Float64Array(TILE * d);
    this.pairable = canPair(fixed, 0, n);
    this.fixedSquares = new Float64Array(n);
    for (let i = 0; i < n; i++)
      for (let at = i * d; at < (i + 1) * d; at++) this.fixedSquares[i] += data[at] * data[at];
  }

  /**
   * Writes the kernel of rows `start` … `end` − 1 of X with the fixed rows to `out`, `width` numbers a row.
   *
   * @param end At most `start` + `TILE`.
   * @param from Fixed rows before it may be left out.
   */
  fill(X: Matrix, start: number, end: number, out: Float64Array, from = 0): void {
    const { squares, fixedSquares, width, fixed: { shape: [n] } } = this;
    const perNumber = this.pairable && canPair(X, start, end) ? 2 : 1;
    this.gather(X, start, end);
    const first = from - (from % (LANES * perNumber));
    this.dotProducts(end - start, perNumber, first, out);
    if (this.kernel.type === "linear") return;
    const { gamma } = this.kernel;
    for (let row = 0; row < end - start; row++) {
      const offset = row * width;
      for (let j = first; j < n; j++)
        out[offset + j] = -gamma * (squares[row] + fixedSquares[j] - 2 * out[offset + j]);
      expInPlace(out, offset + first, offset + n);
    }
  }

  /** Lists the numbers other than 0 of each row of the tile. */
  private gather({ data }: Matrix, start: number, end: number): void {
    const d = this.fixed.shape[1];
    for (let row = 0; row < end - start; row++) {
      let to = row * d;
      let square = 0;
      for (let j = 0, at = (start + row) * d; j < d; j++, at++) {
        const x = data[at];
        if (x === 0) continue;
        this.positions[to] = j * LANES;
        this.values[to++] = x;
        square += x * x;
      }
      this.ends[row] = to;
      this.squares[row] = square;
    }
  }

  private dotProducts(rows: number, perNumber: 1 | 2, first: number, out: Float64Array): void {
    const { positions, values, ends, width, fixed: { shape: [n, d] } } = this;
    const blocks = (this.packed[perNumber] ??= packRows(this.fixed, perNumber));
    const rowsPerBlock = LANES * perNumber;
    for (let j = first; j < n; j += rowsPerBlock) {
      const start = (j / perNumber) * d;
      const block = blocks.subarray(start, start + LANES * d);
      for (let row = 0; row < rows; row++) {
        let a = 0, b = 0, c = 0, e = 0, f = 0, g = 0, h = 0, k = 0;
        for (let p = row * d; p < ends[row]; p++) {
          const x = values[p];
          const at = positions[p];
          a += x * block[at];
          b += x * block[at + 1];
          c += x * block[at + 2];
          e += x * block[at + 3];
          f += x * block[at + 4];
          g += x * block[at + 5];
          h += x * block[at + 6];
          k += x * block[at + 7];
        }
        const to = row * width + j;
        out[to] = a;
        out[to + 1] = b;
        out[to + 2] = c;
        out[to + 3] = e;
        out[to + 4] = f;
        out[to + 5] = g;
        out[to + 6] = h;
        out[to + 7] = k;
        if (perNumber === 2)
          for (let lane = to; lane < to + LANES; lane++) {
            const high = Math.floor(out[lane] / PAIR_SHIFT);
            out[lane + LANES] = high;
            out[lane] -= high * PAIR_SHIFT;
          }
      }
    }
  }
}

export interface GramOptions {
  /** Default "rbf". */
  kernel?: "rbf" | "linear";
  /** Width of the RBF kernel, above 0; default "scale", 1 / (d · variance of X). */
  gamma?: "scale" | number;
}

/** Fixes a kernel for a training set. */
export function resolveKernel(X: Matrix, { kernel = "rbf", gamma = "scale" }: GramOptions): Kernel {
  if (kernel === "linear") return { type: "linear" };
  return { type: "rbf", gamma: gamma === "scale" ? scaleGamma(X) : gamma };
}

/**
 * The kernel between every two rows, in float64 (a dot product of raw pixels passes 2²⁴, float32's last exact integer).
 * It does not depend on labels: one Gram matrix serves every relabelling of the same rows.
 *
 * @param X Shape [n, d], finite.
 * @throws {RangeError} If a number is not finite.
 * @example
 * const gram = gramMatrix(train.X);
 * const clean = svc().fitGram(gram, train.y);
 * const poisoned = svc().fitGram(gram, relabelFirst(train.y, { from: 1, to: 2, count: 10 }).y);
 */
export function gramMatrix(X: Matrix, options: GramOptions = {}): GramMatrix {
  requireFinite("gramMatrix", "X", X.data);
  const [n] = X.shape;
  const kernel = resolveKernel(X, options);
  const rows = new KernelRows(X, kernel);
  const tile = new Float64Array(TILE * rows.width);
  const K = new Float64Array(n * n);
  for (let start = 0; start < n; start += TILE) {
    const end = Math.min(start + TILE, n);
    rows.fill(X, start, end, tile, start);
    for (let i = start; i < end; i++) {
      const offset = (i - start) * rows.width;
      K.set(tile.subarray(offset + i, offset + n), i * n + i);
    }
    for (let j = start + 1; j < n; j++)
      for (let i = start; i < Math.min(j, end); i++) K[j * n + i] = tile[(i - start) * rows.width + j];
  }
  return { X, kernel, K: matrix(K, [n, n]) };
}

/**
 * The kernel between new rows and the rows of a Gram matrix: worked out once, it serves the predictions of every
 * classifier fitted on that Gram matrix.
 *
 * @param X Shape [m, d], finite.
 * @returns Shape [m, n].
 * @throws {RangeError} If a number is not finite, or the widths differ.
 */
export function crossGram(X: Matrix, gram: GramMatrix): Matrix<Float64Array> {
  requireFinite("crossGram", "X", X.data);
  requireSameLength("crossGram", "rows of X", X.shape[1], "rows of the Gram matrix", gram.X.shape[1]);
  const [m] = X.shape;
  const [n] = gram.X.shape;
  const rows = new KernelRows(gram.X, gram.kernel);
  const tile = new Float64Array(TILE * rows.width);
  const K = new Float64Array(m * n);
  for (let start = 0; start < m; start += TILE) {
    const end = Math.min(start + TILE, m);
    rows.fill(X, start, end, tile);
    for (let i = start; i < end; i++) {
      const offset = (i - start) * rows.width;
      K.set(tile.subarray(offset, offset + n), i * n);
    }
  }
  return matrix(K, [m, n]);
}
