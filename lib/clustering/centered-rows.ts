import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-node";
import { scaleToOne } from "../math/power-of-two";
import type { Matrix } from "../matrix";
import { tidyNumbers } from "../tensorflow";

type Tf = typeof import("@tensorflow/tfjs-node");

/** A squared distance below this many times its rounding error is taken again, in float64. */
const DOUBTFUL = 16;

/**
 * The rows less their mean, times a power of two that brings them near 1, so that squared distances come from one
 * matrix product in float32 at every scale. What float32 can't tell is taken again in float64.
 */
export class CenteredRows {
  readonly rows: Tensor2D;
  readonly numRows: number;
  readonly mean: Float64Array;
  readonly factor: number;
  /** Mean over the columns of their variances, in units of the centred rows. */
  readonly meanVariance: number;
  private readonly squares: Float64Array;
  private readonly lengths: Float64Array;
  /** Share of (|x| + |c|)² by which a squared distance in float32 may be wrong. */
  private readonly rounding: number;

  /** @throws {RangeError} If rows lie so far apart that their distances overflow. */
  constructor(private readonly tf: Tf, private readonly X: Matrix) {
    const [n, d] = X.shape;
    const mean = new Float64Array(d);
    for (let i = 0, p = 0; i < n; i++) for (let j = 0; j < d; j++) mean[j] += X.data[p++];
    for (let j = 0; j < d; j++) mean[j] /= n;
    let farthest = 0;
    for (let i = 0, p = 0; i < n; i++)
      for (let j = 0; j < d; j++, p++) farthest = Math.max(farthest, Math.abs(X.data[p] - mean[j]));
    if (!(farthest < Infinity)) throw new RangeError("kMeans: X must be of numbers whose differences are finite");
    const factor = scaleToOne(farthest);
    const values = new Float32Array(n * d);
    const squares = new Float64Array(n);
    let total = 0;
    for (let i = 0, p = 0; i < n; i++) {
      let square = 0;
      for (let j = 0; j < d; j++, p++) {
        const value = (X.data[p] - mean[j]) * factor;
        values[p] = value;
        square += value * value;
      }
      squares[i] = square;
      total += square;
    }
    this.mean = mean;
    this.factor = factor;
    this.squares = squares;
    this.lengths = squares.map(Math.sqrt);
    this.rounding = (d + 8) * 2 ** -24;
    this.meanVariance = total / n / d;
    this.numRows = n;
    this.rows = tf.tensor2d(values, [n, d]);
  }

  /**
   * Squared distances of some rows, or of all, to centers, shape [positions.length, k].
   *
   * @param centers In units of the centred rows, shape [k, d].
   */
  squaredDistances(centers: Float64Array, k: number, positions: Int32Array | null): Float32Array {
    const { tf, squares } = this;
    const distances = tidyNumbers(tf, () => {
      const to = tf.tensor2d(Float32Array.from(centers), [k, this.rows.shape[1]]);
      const norms = to.square().sum(1) as Tensor1D;
      const from = positions ? tf.gather(this.rows, tf.tensor1d(positions, "int32")) : this.rows;
      return from.matMul(to.mul(-2), false, true).add(norms).dataSync() as Float32Array;
    });
    const lengths = this.lengthsOf(centers, k);
    for (let p = 0, r = 0; p < distances.length; r++) {
      const i = positions ? positions[r] : r;
      for (let c = 0; c < k; c++, p++) {
        const square = distances[p] + squares[i];
        const isDoubtful = !(square > DOUBTFUL * this.roundingOf(i, lengths[c]));
        distances[p] = isDoubtful ? this.squaredDistance(i, centers, c) : square;
      }
    }
    return distances;
  }

  /** Lengths of centers, shape [k]. */
  lengthsOf(centers: Float64Array, k: number): Float64Array {
    const d = this.mean.length;
    return Float64Array.from({ length: k }, (_, c) => {
      let square = 0;
      for (let j = 0; j < d; j++) square += centers[c * d + j] ** 2;
      return Math.sqrt(square);
    });
  }

  /** By how much the squared distance of row i to a center of this length may be wrong. */
  roundingOf(i: number, length: number): number {
    const reach = this.lengths[i] + length;
    return this.rounding * reach * reach;
  }

  /** Squared distance of row i to center c, in float64. */
  squaredDistance(i: number, centers: Float64Array, c: number): number {
    const { X: { data }, mean, factor } = this;
    const d = mean.length;
    let square = 0;
    for (let j = 0, p = i * d, q = c * d; j < d; j++) {
      const gap = (data[p++] - mean[j]) * factor - centers[q++];
      square += gap * gap;
    }
    return square;
  }

  /** Adds a row to a sum, or takes it away. */
  addRow(i: number, sign: 1 | -1, sums: Float64Array, at: number): void {
    const { X: { data }, mean } = this;
    const d = mean.length;
    const times = sign * this.factor;
    for (let j = 0, p = i * d, s = at; j < d; j++) sums[s++] += times * (data[p++] - mean[j]);
  }

  /** A row less the mean, in units of the centred rows. */
  row(i: number): Float64Array {
    const d = this.mean.length;
    return this.mean.map((mean, j) => (this.X.data[i * d + j] - mean) * this.factor);
  }

  /** Puts points of the rows' own space into that of the centred rows, shape [k, d]. */
  center(points: Matrix): Float64Array {
    const d = this.mean.length;
    return Float64Array.from(points.data, (value: number, p) => (value - this.mean[p % d]) * this.factor);
  }

  /** Puts centers back where the rows are. */
  place(centers: Float64Array): Float64Array {
    const d = this.mean.length;
    return centers.map((value, p) => value / this.factor + this.mean[p % d]);
  }

  dispose(): void {
    this.rows.dispose();
  }
}
