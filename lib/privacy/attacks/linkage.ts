import type { Matrix } from "../../matrix";
import { requireFinite, requireInteger, requireSameLength } from "../../validate";

/** The nearest released row of each candidate. */
export interface NearestReleased {
  /** Row of the released set, shape [n]. */
  position: Int32Array;
  /** Euclidean distance to it, shape [n]. */
  distance: Float64Array;
}

const BLOCK_CELLS = 2 ** 22;

/**
 * For each candidate the nearest row of a released set: what a linkage attacker computes. By matrix products in
 * float32.
 *
 * @param candidates Shape [n, d].
 * @param released Shape [m, d], m at least 1.
 * @throws {RangeError} If widths differ, a number is not finite, or nothing was released.
 */
export function nearestReleased(candidates: Matrix, released: Matrix): NearestReleased {
  const [n, d] = candidates.shape;
  const m = released.shape[0];
  requireInteger("nearestReleased", "released rows", m, 1);
  requireSameLength("nearestReleased", "candidates' width", d, "released width", released.shape[1]);
  requireFinite("nearestReleased", "candidates", candidates.data);
  requireFinite("nearestReleased", "released", released.data);
  const tf = require("@tensorflow/tfjs-node") as typeof import("@tensorflow/tfjs-node");
  const position = new Int32Array(n);
  const block = Math.max(1, Math.floor(BLOCK_CELLS / m));
  const R = tf.tensor2d(Float32Array.from(released.data), [m, d]);
  const halfNorms = tf.tidy(() => R.square().sum(1).mul(0.5));
  try {
    for (let from = 0; from < n; from += block) {
      const rows = Math.min(block, n - from);
      const part = Float32Array.from(candidates.data.subarray(from * d, (from + rows) * d));
      const nearest = tf.tidy(() =>
        tf.tensor2d(part, [rows, d]).matMul(R, false, true).sub(halfNorms).argMax(1).dataSync(),
      );
      position.set(nearest, from);
    }
  } finally {
    R.dispose();
    halfNorms.dispose();
  }
  const distance = Float64Array.from(position, (row, i) => {
    let square = 0;
    for (let j = 0; j < d; j++) square += (candidates.data[i * d + j] - released.data[row * d + j]) ** 2;
    return Math.sqrt(square);
  });
  return { position, distance };
}

/**
 * The share of people an attacker who holds their true records picks out of the released set: row i of `released` was
 * made from row i of `originals`, and is found when it is the nearest to it.
 *
 * @param originals Shape [n, d].
 * @param released Shape [n, d], in the same order.
 * @returns In [0, 1]; guessing gives 1/n.
 * @throws {RangeError} If the shapes differ or a number is not finite.
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
 */
export function nearestDistanceScores(candidates: Matrix, released: Matrix): Float64Array {
  return nearestReleased(candidates, released).distance.map((distance) => -distance);
}
