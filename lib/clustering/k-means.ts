import { throwIfInterrupted } from "../interrupt";
import { type Matrix, matrix } from "../matrix";
import type { Rng } from "../random";
import { loadTensorflow } from "../tensorflow";
import { requireFinite, requireInRange, requireInteger, requireSameLength } from "../validate";
import { CenteredRows } from "./centered-rows";
import { NearestCenters } from "./nearest-centers";

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

/** Greedy k-means++: each new centre is the best of a few rows drawn in proportion to their squared distance. */
function plusPlus(data: CenteredRows, k: number, rng: Rng): Float64Array {
  const n = data.numRows;
  const d = data.mean.length;
  const trials = 2 + Math.floor(Math.log(k));
  const centers = new Float64Array(k * d);
  const first = rng.integer(n);
  centers.set(data.row(first));
  let nearest = data.squaredDistances(data.row(first), 1, null);
  for (let c = 1; c < k; c++) {
    const cumulative = new Float64Array(n);
    let total = 0;
    for (let i = 0; i < n; i++) cumulative[i] = total += nearest[i];
    const candidates = Int32Array.from({ length: trials }, () => firstAbove(cumulative, rng.uniform() * total));
    const rows = new Float64Array(trials * d);
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
  centers: Float64Array;
  clusters: Int32Array;
  inertia: number;
  iterations: number;
}

interface LloydOptions {
  readonly k: number;
  readonly maxIterations: number;
  readonly tolerance: number;
}

/** Lloyd's rounds: every center moves to the mean of its rows, until none changes its center or they hardly move. */
function lloyd(data: CenteredRows, start: Float64Array, { k, maxIterations, tolerance }: LloydOptions): Run {
  const n = data.numRows;
  const d = data.mean.length;
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
    throwIfInterrupted();
    iterations++;
    // An empty cluster takes the row farthest from its center.
    const far = counts.includes(0) ? farthestRows(data, centers, k) : new Int32Array(0);
    let emptied = 0;
    const moved = new Float64Array(k * d);
    for (let c = 0; c < k; c++)
      if (counts[c]) for (let j = 0; j < d; j++) moved[c * d + j] = sums[c * d + j] / counts[c];
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
  let inertia = 0;
  for (let i = 0; i < n; i++) inertia += data.squaredDistance(i, centers, clusters[i]);
  return { centers, clusters, inertia, iterations };
}

function farthestRows(data: CenteredRows, centers: Float64Array, k: number): Int32Array {
  const squares = data.squaredDistances(centers, k, null);
  const distances = Float32Array.from({ length: squares.length / k }, (_, i) =>
    squares.subarray(i * k, (i + 1) * k).reduce((a, b) => Math.min(a, b)));
  return Int32Array.from(distances.keys()).sort((a, b) => distances[b] - distances[a]);
}

/**
 * Splits rows into clusters around centres that are their means: Lloyd's rounds from greedy k-means++ starts.
 * Distances are matrix products in float32 (TensorFlow), taken anew only where bounds leave a doubt, and in float64
 * where float32 can't tell two centres apart.
 *
 * @param X Shape [n, d]; not modified.
 * @throws {RangeError} If a number is not finite, distances overflow, or an option is out of range.
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
  const tf = loadTensorflow();
  const data = new CenteredRows(tf, X);
  try {
    let best: Run | null = null;
    for (let start = 0; start < (initialCenters ? 1 : starts); start++) {
      const centers = initialCenters ? data.center(initialCenters) : plusPlus(data, numClusters, rng);
      const run = lloyd(data, centers, { k: numClusters, maxIterations, tolerance });
      if (!best || run.inertia < best.inertia) best = run;
    }
    const { centers, clusters, iterations, inertia: scaled } = best as Run;
    const inertia = scaled / data.factor / data.factor;
    if (!(inertia < Infinity)) throw new RangeError("kMeans: X must not be so far apart that its inertia overflows");
    return { centers: matrix(data.place(centers), [numClusters, d]), clusters, inertia, iterations };
  } finally {
    data.dispose();
  }
}

function requireCenters(centers: Matrix, numClusters: number, d: number): void {
  requireSameLength("kMeans", "initialCenters", centers.shape[0], "numClusters", numClusters);
  requireSameLength("kMeans", "columns of initialCenters", centers.shape[1], "columns of X", d);
  requireFinite("kMeans", "initialCenters", centers.data);
}
