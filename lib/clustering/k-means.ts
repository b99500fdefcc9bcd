import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-node";
import { type Matrix, matrix } from "../matrix";
import type { Rng } from "../random";
import { tidyNumbers } from "../tensorflow";
import { requireFinite, requireInRange, requireInteger, requireSameLength } from "../validate";

type Tf = typeof import("@tensorflow/tfjs-node");

export interface KMeansOptions {
  /** How many clusters, in [1, n]. */
  numClusters: number;
  /** How many seeded starts; the one of least inertia is kept. At least 1; default 10. */
  starts?: number;
  /** Rounds of one start at most; at least 1, default 300. */
  maxIterations?: number;
  /** Stops when the centres' squared moves sum to at most this share of the mean variance; at least 0, default 1e-4. */
  tolerance?: number;
  /** Centres to start from, shape [numClusters, d], instead of seeded starts: one run, repeatable elsewhere. */
  initialCenters?: Matrix;
  rng: Rng;
}

/** A clustering by nearest centre. */
export interface KMeans {
  /** Shape [numClusters, d]. */
  centers: Matrix<Float64Array>;
  /** Cluster of each row, shape [n]. */
  clusters: Int32Array;
  /** Sum of squared distances of the rows to their centres. */
  inertia: number;
  /** Rounds of the kept start. */
  iterations: number;
}

/** The rows less their mean as a float32 tensor, so that squared distances come from one matrix product. */
class CenteredRows {
  readonly rows: Tensor2D;
  readonly squares: Float64Array;
  readonly mean: Float64Array;
  /** Mean over the columns of their variances. */
  readonly meanVariance: number;

  constructor(private readonly tf: Tf, private readonly X: Matrix) {
    const [n, d] = X.shape;
    const mean = new Float64Array(d);
    for (let i = 0, p = 0; i < n; i++) for (let j = 0; j < d; j++) mean[j] += X.data[p++];
    for (let j = 0; j < d; j++) mean[j] /= n;
    const values = new Float32Array(n * d);
    const squares = new Float64Array(n);
    let total = 0;
    for (let i = 0, p = 0; i < n; i++) {
      let square = 0;
      for (let j = 0; j < d; j++, p++) {
        const value = X.data[p] - mean[j];
        values[p] = value;
        square += value * value;
      }
      squares[i] = square;
      total += square;
    }
    this.mean = mean;
    this.squares = squares;
    this.meanVariance = total / n / d;
    this.rows = tf.tensor2d(values, [n, d]);
  }

  /**
   * Squared distances of some rows, or of all, to centres, shape [positions.length, k].
   *
   * @param centers Less the mean, shape [k, d].
   */
  squaredDistances(centers: Float32Array, k: number, positions: Int32Array | null): Float32Array {
    const { tf } = this;
    const distances = tidyNumbers(tf, () => {
      const to = tf.tensor2d(centers, [k, this.rows.shape[1]]);
      const norms = to.square().sum(1) as Tensor1D;
      const from = positions ? tf.gather(this.rows, tf.tensor1d(positions, "int32")) : this.rows;
      return from.matMul(to.mul(-2), false, true).add(norms).dataSync() as Float32Array;
    });
    for (let p = 0, r = 0; p < distances.length; r++) {
      const square = this.squares[positions ? positions[r] : r];
      for (let c = 0; c < k; c++, p++) distances[p] = Math.max(0, distances[p] + square);
    }
    return distances;
  }

  /** Adds a row, as it is in X, to a sum, or takes it away. */
  addRow(position: number, sign: 1 | -1, sums: Float64Array, at: number): void {
    const [, d] = this.X.shape;
    const { data } = this.X;
    for (let j = 0, p = position * d; j < d; j++, p++) sums[at + j] += sign * data[p];
  }

  /** A row less the mean. */
  row(position: number): Float32Array {
    const d = this.mean.length;
    return Float32Array.from(this.mean, (mean, j) => this.X.data[position * d + j] - mean);
  }
}

/**
 * The nearest centre of each row, kept up to date as centres move with few new distances: a centre that was far and has
 * not moved far can't have become the nearest.
 *
 * @see Elkan, ICML 2003, §3: its bounds of each row and centre, without those between centres.
 */
class NearestCenters {
  readonly clusters: Int32Array;
  /** Distance to the own centre at most, shape [n]. */
  private readonly upper: Float64Array;
  /** Distance to each centre at least, shape [n, k]. */
  private readonly lower: Float64Array;

  constructor(private readonly data: CenteredRows, centers: Float32Array, private readonly k: number) {
    const [n] = data.rows.shape;
    this.clusters = new Int32Array(n);
    this.upper = new Float64Array(n);
    this.lower = new Float64Array(n * k);
    this.renew(centers, null);
  }

  /** Takes new distances of some rows, or of all; the rows whose cluster is another now, with the one before. */
  private renew(centers: Float32Array, positions: Int32Array | null): [row: number, before: number][] {
    const { k, clusters, upper, lower } = this;
    const squares = this.data.squaredDistances(centers, k, positions);
    const changed: [number, number][] = [];
    for (let p = 0, r = 0; p < squares.length; r++) {
      const i = positions ? positions[r] : r;
      let nearest = 0;
      for (let c = 0; c < k; c++, p++) {
        const distance = Math.sqrt(squares[p]);
        lower[i * k + c] = distance;
        if (distance < lower[i * k + nearest]) nearest = c;
      }
      upper[i] = lower[i * k + nearest];
      if (clusters[i] !== nearest) changed.push([i, clusters[i]]);
      clusters[i] = nearest;
    }
    return changed;
  }

  /** Follows the centres; the rows whose cluster is another now, with the one before. */
  follow(centers: Float32Array, moves: Float64Array): [row: number, before: number][] {
    const { k, clusters, upper, lower } = this;
    const unsure: number[] = [];
    for (let i = 0, p = 0; i < clusters.length; i++) {
      const own = clusters[i];
      const most = (upper[i] += moves[own]);
      let sure = true;
      for (let c = 0; c < k; c++, p++) {
        lower[p] -= moves[c];
        if (lower[p] < most && c !== own) sure = false;
      }
      if (!sure) unsure.push(i);
    }
    return unsure.length ? this.renew(centers, Int32Array.from(unsure)) : [];
  }
}

/** Greedy k-means++: each new centre is the best of a few rows drawn in proportion to their squared distance. */
function plusPlus(data: CenteredRows, k: number, rng: Rng): Float32Array {
  const [n, d] = data.rows.shape;
  const trials = 2 + Math.floor(Math.log(k));
  const centers = new Float32Array(k * d);
  const first = rng.integer(n);
  centers.set(data.row(first));
  let nearest = data.squaredDistances(data.row(first), 1, null);
  for (let c = 1; c < k; c++) {
    const cumulative = new Float64Array(n);
    let total = 0;
    for (let i = 0; i < n; i++) cumulative[i] = total += nearest[i];
    const candidates = Int32Array.from({ length: trials }, () => firstAbove(cumulative, rng.uniform() * total));
    const rows = new Float32Array(trials * d);
    candidates.forEach((position, t) => rows.set(data.row(position), t * d));
    const distances = data.squaredDistances(rows, trials, null);
    const potentials = new Float64Array(trials);
    for (let i = 0, p = 0; i < n; i++)
      for (let t = 0; t < trials; t++, p++) potentials[t] += Math.min(nearest[i], distances[p]);
    const best = potentials.indexOf(potentials.reduce((a, b) => Math.min(a, b)));
    nearest = nearest.map((square, i) => Math.min(square, distances[i * trials + best]));
    centers.set(data.row(candidates[best]), c * d);
  }
  return centers;
}

function firstAbove(cumulative: Float64Array, target: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle] > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

interface Run {
  centers: Float32Array;
  clusters: Int32Array;
  inertia: number;
  iterations: number;
}

function lloyd(data: CenteredRows, start: Float32Array, k: number, maxIterations: number, tolerance: number): Run {
  const [n, d] = data.rows.shape;
  const nearest = new NearestCenters(data, start, k);
  const counts = new Int32Array(k);
  const sums = new Float64Array(k * d);
  nearest.clusters.forEach((c, i) => {
    counts[c]++;
    data.addRow(i, 1, sums, c * d);
  });
  let centers = start;
  let iterations = 0;
  while (iterations < maxIterations) {
    iterations++;
    // An empty cluster takes the row farthest from its centre.
    const far = counts.includes(0) ? farthestRows(data, centers, k) : new Int32Array(0);
    let emptied = 0;
    const moved = new Float32Array(k * d);
    for (let c = 0; c < k; c++)
      if (counts[c]) for (let j = 0; j < d; j++) moved[c * d + j] = sums[c * d + j] / counts[c] - data.mean[j];
      else moved.set(data.row(far[emptied++]), c * d);
    const moves = new Float64Array(k);
    for (let p = 0; p < moved.length; p++) moves[Math.floor(p / d)] += (moved[p] - centers[p]) ** 2;
    const shift = moves.reduce((sum, square) => sum + square);
    const changed = nearest.follow(moved, moves.map(Math.sqrt));
    for (const [i, before] of changed) {
      const now = nearest.clusters[i];
      counts[before]--;
      counts[now]++;
      data.addRow(i, -1, sums, before * d);
      data.addRow(i, 1, sums, now * d);
    }
    centers = moved;
    if (!changed.length || shift <= tolerance * data.meanVariance) break;
  }
  const { clusters } = nearest;
  const squares = data.squaredDistances(centers, k, null);
  let inertia = 0;
  for (let i = 0; i < n; i++) inertia += squares[i * k + clusters[i]];
  return { centers, clusters, inertia, iterations };
}

function farthestRows(data: CenteredRows, centers: Float32Array, k: number): Int32Array {
  const squares = data.squaredDistances(centers, k, null);
  const distances = Float32Array.from({ length: squares.length / k }, (_, i) =>
    squares.subarray(i * k, (i + 1) * k).reduce((a, b) => Math.min(a, b)));
  return Int32Array.from(distances.keys()).sort((a, b) => distances[b] - distances[a]);
}

/**
 * Splits rows into clusters around centres that are their means: Lloyd's rounds from greedy k-means++ starts.
 * Distances are matrix products in float32 (TensorFlow), and are taken anew only where bounds leave a doubt; the
 * reported inertia is taken in float64.
 *
 * @param X Shape [n, d]; not modified.
 * @throws {RangeError} If a number is not finite or an option is out of range.
 * @see Arthur & Vassilvitskii, SODA 2007, several candidates a centre as in scikit-learn; Elkan, ICML 2003, for the
 * bounds.
 * @example
 * const { clusters } = kMeans(train.X, { numClusters: 10, rng: seededRng(42) });
 */
export function kMeans(X: Matrix, options: KMeansOptions): KMeans {
  const { numClusters, starts = 10, maxIterations = 300, tolerance = 1e-4, initialCenters, rng } = options;
  const [n, d] = X.shape;
  requireInteger("kMeans", "numClusters", numClusters, 1, n);
  requireInteger("kMeans", "starts", starts, 1);
  requireInteger("kMeans", "maxIterations", maxIterations, 1);
  requireInRange("kMeans", "tolerance", tolerance, 0, Number.MAX_VALUE);
  requireFinite("kMeans", "X", X.data);
  if (initialCenters) requireCenters(initialCenters, numClusters, d);
  const tf = require("@tensorflow/tfjs-node") as Tf;
  const data = new CenteredRows(tf, X);
  try {
    let best: Run | null = null;
    for (let start = 0; start < (initialCenters ? 1 : starts); start++) {
      const centers = initialCenters
        ? Float32Array.from(initialCenters.data, (value, p) => value - data.mean[p % d])
        : plusPlus(data, numClusters, rng);
      const run = lloyd(data, centers, numClusters, maxIterations, tolerance);
      if (!best || run.inertia < best.inertia) best = run;
    }
    const { centers, clusters, iterations } = best as Run;
    const placed = Float64Array.from(centers, (value, p) => value + data.mean[p % d]);
    const result = { centers: matrix(placed, [numClusters, d]), clusters, iterations };
    return { ...result, inertia: inertiaOf(X, result) };
  } finally {
    data.rows.dispose();
  }
}

function requireCenters(centers: Matrix, numClusters: number, d: number): void {
  requireSameLength("kMeans", "initialCenters", centers.shape[0], "numClusters", numClusters);
  requireSameLength("kMeans", "columns of initialCenters", centers.shape[1], "columns of X", d);
  requireFinite("kMeans", "initialCenters", centers.data);
}

function inertiaOf(X: Matrix, { centers, clusters }: Pick<KMeans, "centers" | "clusters">): number {
  const [n, d] = X.shape;
  let inertia = 0;
  for (let i = 0, p = 0; i < n; i++)
    for (let j = 0, c = clusters[i] * d; j < d; j++) inertia += (X.data[p++] - centers.data[c++]) ** 2;
  return inertia;
}

/**
 * The nearest centre of each row.
 *
 * @param X Shape [n, d].
 * @param centers Shape [k, d].
 * @returns Clusters in [0, k), shape [n].
 * @throws {RangeError} If widths differ or a number is not finite.
 */
export function assignClusters(X: Matrix, centers: Matrix): Int32Array {
  const [n, d] = X.shape;
  requireSameLength("assignClusters", "columns of X", d, "columns of centers", centers.shape[1]);
  requireFinite("assignClusters", "X", X.data);
  requireFinite("assignClusters", "centers", centers.data);
  const k = centers.shape[0];
  return Int32Array.from({ length: n }, (_, i) => {
    let best = Infinity;
    let cluster = 0;
    for (let c = 0; c < k; c++) {
      let square = 0;
      for (let j = 0; j < d && square < best; j++) square += (X.data[i * d + j] - centers.data[c * d + j]) ** 2;
      if (square < best) [best, cluster] = [square, c];
    }
    return cluster;
  });
}
