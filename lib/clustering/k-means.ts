import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-node";
import { type Matrix, matrix } from "../matrix";
import type { Rng } from "../random";
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
  readonly squares: Float32Array;
  readonly mean: Float64Array;
  /** Mean over the columns of their variances. */
  readonly meanVariance: number;

  constructor(private readonly tf: Tf, X: Matrix) {
    const [n, d] = X.shape;
    const mean = new Float64Array(d);
    for (let i = 0, p = 0; i < n; i++) for (let j = 0; j < d; j++) mean[j] += X.data[p++];
    for (let j = 0; j < d; j++) mean[j] /= n;
    const values = new Float32Array(n * d);
    const squares = new Float32Array(n);
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

  /** For each row and centre, |centre|² − 2 row · centre: the squared distance less the row's own square. */
  private relative(centers: Tensor2D): Tensor2D {
    const norms = centers.square().sum(1) as Tensor1D;
    return this.rows.matMul(centers.mul(-2), false, true).add(norms);
  }

  /** Squared distances to a few rows, shape [n, positions.length]. */
  squaredDistancesTo(positions: Int32Array): Float32Array {
    const relative = this.tf.tidy(() => {
      const chosen = this.tf.gather(this.rows, this.tf.tensor1d(positions, "int32"));
      return this.relative(chosen).dataSync() as Float32Array;
    });
    const k = positions.length;
    for (let p = 0; p < relative.length; p++) relative[p] = Math.max(0, relative[p] + this.squares[Math.floor(p / k)]);
    return relative;
  }

  /** The nearest centre of each row and what is left of its squared distance after the row's own square. */
  assign(centers: Float32Array, k: number): { clusters: Int32Array; relative: Float32Array } {
    return this.tf.tidy(() => {
      const relative = this.relative(this.tf.tensor2d(centers, [k, this.rows.shape[1]]));
      return {
        clusters: relative.argMin(1).dataSync() as Int32Array,
        relative: relative.min(1).dataSync() as Float32Array,
      };
    });
  }

  /** Sum of the rows of each cluster, shape [k, d]. */
  sums(clusters: Int32Array, k: number): Float32Array {
    return this.tf.tidy(
      () => this.tf.oneHot(this.tf.tensor1d(clusters, "int32"), k).toFloat()
        .matMul(this.rows, true, false).dataSync() as Float32Array,
    );
  }

  row(position: number): Float32Array {
    return this.tf.tidy(() => this.rows.slice([position, 0], [1, -1]).dataSync() as Float32Array);
  }
}

/** Greedy k-means++: each new centre is the best of a few rows drawn in proportion to their squared distance. */
function plusPlus(data: CenteredRows, k: number, rng: Rng): Float32Array {
  const [n, d] = data.rows.shape;
  const trials = 2 + Math.floor(Math.log(k));
  const centers = new Float32Array(k * d);
  const first = rng.integer(n);
  centers.set(data.row(first));
  let nearest = data.squaredDistancesTo(Int32Array.of(first));
  for (let c = 1; c < k; c++) {
    const cumulative = new Float64Array(n);
    let total = 0;
    for (let i = 0; i < n; i++) cumulative[i] = total += nearest[i];
    const candidates = Int32Array.from({ length: trials }, () => firstAbove(cumulative, rng.uniform() * total));
    const distances = data.squaredDistancesTo(candidates);
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
  let centers = start;
  let assigned = data.assign(centers, k);
  let iterations = 0;
  while (iterations < maxIterations) {
    iterations++;
    const counts = new Int32Array(k);
    for (let i = 0; i < n; i++) counts[assigned.clusters[i]]++;
    const moved = data.sums(assigned.clusters, k);
    // An empty cluster takes the row farthest from its centre.
    const far = counts.includes(0) ? farthestRows(data, assigned.relative) : new Int32Array(0);
    let emptied = 0;
    for (let c = 0; c < k; c++)
      if (counts[c]) for (let j = 0; j < d; j++) moved[c * d + j] /= counts[c];
      else moved.set(data.row(far[emptied++]), c * d);
    let shift = 0;
    for (let p = 0; p < moved.length; p++) shift += (moved[p] - centers[p]) ** 2;
    const next = data.assign(moved, k);
    const settled = next.clusters.every((cluster, i) => cluster === assigned.clusters[i]);
    centers = moved;
    assigned = next;
    if (settled || shift <= tolerance * data.meanVariance) break;
  }
  let inertia = 0;
  for (let i = 0; i < n; i++) inertia += Math.max(0, assigned.relative[i] + data.squares[i]);
  return { centers, clusters: assigned.clusters, inertia, iterations };
}

function farthestRows(data: CenteredRows, relative: Float32Array): Int32Array {
  const distances = relative.map((value, i) => value + data.squares[i]);
  return Int32Array.from(distances.keys()).sort((a, b) => distances[b] - distances[a]);
}

/**
 * Splits rows into clusters around centres that are their means: Lloyd's rounds from greedy k-means++ starts.
 * Distances are matrix products in float32 (TensorFlow); the reported inertia is taken in float64.
 *
 * @param X Shape [n, d]; not modified.
 * @throws {RangeError} If a number is not finite or an option is out of range.
 * @see Arthur & Vassilvitskii, SODA 2007; several candidates a centre as in scikit-learn.
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
