import { type Matrix, matrix } from "../../matrix";
import { loadTensorflow } from "../../tensorflow";
import { requireFinite, requireInteger, requireSameLength } from "../../validate";

/** The nearest released row of each candidate. */
export interface NearestReleased {
  /** Row of the released set, shape [n]; the first among equals. */
  position: Int32Array;
  /** Euclidean distance to it, shape [n]. */
  distance: Float64Array;
}

const BLOCK_CELLS = 2 ** 22;

/** Squared distance of two rows over a power of two, exact up to the rounding of doubles. */
function squaredDistance(a: Matrix, i: number, b: Matrix, j: number, scale: number): number {
  const d = a.shape[1];
  let square = 0;
  for (let k = 0, p = i * d, q = j * d; k < d; k++, p++, q++) square += ((a.data[p] - b.data[q]) / scale) ** 2;
  return square;
}

/** Both sets shifted by the released mean, over a power of two: so that float32 holds what differs. */
function centered(candidates: Matrix, released: Matrix):
  { C: Matrix<Float32Array>; R: Matrix<Float32Array>; scale: number } {
  const d = released.shape[1];
  const m = released.shape[0];
  const mean = new Float64Array(d);
  released.data.forEach((value, p) => {
    mean[p % d] += value / m;
  });
  let largest = 0;
  for (const { data } of [candidates, released])
    for (let p = 0; p < data.length; p++) largest = Math.max(largest, Math.abs(data[p] - mean[p % d]));
  if (!(largest < Infinity)) throw new RangeError("nearestReleased: numbers must differ by less than 1.8e308");
  const scale = largest > 0 ? Math.max(Number.MIN_VALUE, 2 ** Math.floor(Math.log2(largest))) : 1;
  const shift = (X: Matrix): Matrix<Float32Array> =>
    matrix(Float32Array.from(X.data, (value, p) => (value - mean[p % d]) / scale), X.shape);
  return { C: shift(candidates), R: shift(released), scale };
}

/** Euclidean norms of rows. */
const norms = ({ data, shape: [n, d] }: Matrix): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => {
    let square = 0;
    for (let j = 0; j < d; j++) square += data[i * d + j] ** 2;
    return Math.sqrt(square);
  });

/**
 * For each candidate the nearest row of a released set: what a linkage attacker computes. Float32 matrix products of
 * centred rows name all rows that can be the nearest, within a proven bound on their rounding; doubles decide.
 *
 * @param candidates Shape [n, d].
 * @param released Shape [m, d], m at least 1.
 * @throws {RangeError} If widths differ, a number is not finite, or nothing was released.
 * @example
 * nearestReleased(fromRows([[0, 0], [9, 9]]), fromRows([[10, 9], [3, 4]])).position; // [1, 0]
 */
export function nearestReleased(candidates: Matrix, released: Matrix): NearestReleased {
  const [n, d] = candidates.shape;
  const m = released.shape[0];
  requireInteger("nearestReleased", "released rows", m, 1);
  requireSameLength("nearestReleased", "candidates' width", d, "released width", released.shape[1]);
  requireFinite("nearestReleased", "candidates", candidates.data);
  requireFinite("nearestReleased", "released", released.data);
  const { C, R, scale } = centered(candidates, released);
  const lengths = norms(C);
  const reach = norms(R).reduce((most, length) => Math.max(most, length), 0);
  const position = new Int32Array(n);
  const distance = new Float64Array(n);
  scoreBlocks(C, R, (from, rows, scores) => {
    for (let i = 0; i < rows; i++) {
      const row = scores.subarray(i * m, (i + 1) * m);
      let best = -Infinity;
      for (let j = 0; j < m; j++) if (row[j] > best) best = row[j];
      // Each score is off by at most (d + 8) roundings of its terms; twice that, for the best and for the other.
      const margin = 2 * (d + 8) * 2 ** -24 * reach * (lengths[from + i] + reach);
      let nearest = Infinity;
      for (let j = 0; j < m; j++) {
        if (row[j] < best - margin) continue;
        const square = squaredDistance(candidates, from + i, released, j, scale);
        if (square < nearest) [nearest, position[from + i]] = [square, j];
      }
      distance[from + i] = scale * Math.sqrt(nearest);
    }
  });
  return { position, distance };
}

/** Hands over c·r − ‖r‖²/2 for all pairs, a block of candidates at a time: the largest belongs to the nearest row. */
function scoreBlocks(C: Matrix<Float32Array>, R: Matrix<Float32Array>,
  use: (from: number, rows: number, scores: Float32Array) => void): void {
  const tf = loadTensorflow();
  const [n, d] = C.shape;
  const m = R.shape[0];
  const block = Math.max(1, Math.floor(BLOCK_CELLS / m));
  const others = tf.tensor2d(R.data, [m, d]);
  const halfNorms = tf.tidy(() => others.square().sum(1).mul(0.5));
  try {
    for (let from = 0; from < n; from += block) {
      const rows = Math.min(block, n - from);
      const part = C.data.slice(from * d, (from + rows) * d);
      // tidy walks through whatever its function returns, number by number: so this one returns nothing.
      tf.tidy(() => {
        const scores = tf.tensor2d(part, [rows, d]).matMul(others, false, true).sub(halfNorms);
        use(from, rows, scores.dataSync() as Float32Array);
      });
    }
  } finally {
    tf.dispose([others, halfNorms]);
  }
}

/**
 * The share of people an attacker who holds their true records picks out of the released set: row i of `released` was
 * made from row i of `originals`, and is found when it is the nearest to it.
 *
 * @param originals Shape [n, d].
 * @param released Shape [n, d], in the same order.
 * @returns In [0, 1]; guessing gives 1/n.
 * @throws {RangeError} If the shapes differ or a number is not finite.
 * @example
 * linkageRate(fromRows([[0, 0], [5, 5]]), fromRows([[0, 1], [6, 5]])); // 1
 */
export function linkageRate(originals: Matrix, released: Matrix): number {
  requireSameLength("linkageRate", "originals", originals.shape[0], "released", released.shape[0]);
  const { position } = nearestReleased(originals, released);
  return position.reduce((found, row, i) => found + (row === i ? 1 : 0), 0) / position.length;
}

/**
 * Membership scores of records against a released set: minus the distance to the nearest released row.
 *
 * @param candidates Shape [n, d].
 * @param released Shape [m, d].
 * @returns Shape [n]; higher means "was in".
 * @throws {RangeError} If widths differ, a number is not finite, or nothing was released.
 * @example
 * nearestDistanceScores(fromRows([[3, 3]]), fromRows([[3, 4], [9, 9]])); // [-1]
 */
export function nearestDistanceScores(candidates: Matrix, released: Matrix): Float64Array {
  return nearestReleased(candidates, released).distance.map((distance) => -distance);
}
