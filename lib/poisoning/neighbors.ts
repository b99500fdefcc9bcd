import type { GramMatrix } from "../classifiers";
import { requireInRange, requireInteger, requireSameLength } from "../validate";

/** The nearest other rows of each row, nearest first. */
export interface Neighbors {
  /** Positions, row-major, shape [n, count]. */
  readonly positions: Int32Array;
  readonly shape: readonly [number, number];
}

/**
 * Finds the nearest other rows of each row by distance in the kernel's space; for the RBF kernel that is the order of
 * the Euclidean distance. Ties go to the earlier row.
 *
 * @param gram Of the training rows, shape [n, n].
 * @throws {RangeError} If `count` is not an integer in [1, n − 1].
 */
export function nearestNeighbors({ K: { data, shape: [n] } }: GramMatrix, count: number): Neighbors {
  requireInteger("nearestNeighbors", "count", count, 1, n - 1);
  const positions = new Int32Array(n * count);
  const best = new Float64Array(count);
  for (let i = 0; i < n; i++) {
    let found = 0;
    const start = i * count;
    for (let j = 0; j < n; j++) {
      if (j === i) continue;
      const distance = data[j * n + j] - 2 * data[i * n + j];
      if (found === count && distance >= best[count - 1]) continue;
      let at = found < count ? found++ : count - 1;
      for (; at > 0 && best[at - 1] > distance; at--) {
        best[at] = best[at - 1];
        positions[start + at] = positions[start + at - 1];
      }
      best[at] = distance;
      positions[start + at] = j;
    }
  }
  return { positions, shape: [n, count] };
}

export interface SanitizeOptions {
  /** How many neighbours are asked, at least 1 and at most as many as were found. */
  numNeighbors: number;
  /** Share of them that must agree on another label, in (½, 1] for an outright majority. */
  agreement: number;
}

export interface SanitizedLabels {
  /** Positions whose label the neighbours contradict, ascending. */
  suspects: Int32Array;
  /** Copy of the labels in which each suspect has the label of its neighbours, shape [n]. */
  y: Int32Array;
}

/**
 * k-NN label sanitisation: a row whose neighbours agree on another label is given that label.
 *
 * @param y Labels, poisoned or not, shape [n]; not modified.
 * @throws {RangeError} If an option is out of range, or the lengths differ.
 * @see Paudice, Muñoz-González & Lupu, "Label sanitization against label flipping poisoning attacks", 2018,
 * algorithm 1.
 */
export function sanitizeByNeighbors(y: Int32Array, neighbors: Neighbors, options: SanitizeOptions): SanitizedLabels {
  const { numNeighbors, agreement } = options;
  const [n, count] = neighbors.shape;
  requireSameLength("sanitizeByNeighbors", "y", y.length, "neighbors", n);
  requireInteger("sanitizeByNeighbors", "numNeighbors", numNeighbors, 1, count);
  requireInRange("sanitizeByNeighbors", "agreement", agreement, 0.5, 1);
  const repaired = y.slice();
  for (let i = 0; i < n; i++) {
    const votes = new Map<number, number>();
    for (let j = 0; j < numNeighbors; j++) {
      const label = y[neighbors.positions[i * count + j]];
      votes.set(label, (votes.get(label) ?? 0) + 1);
    }
    for (const [label, share] of votes)
      if (label !== y[i] && share > numNeighbors / 2 && share >= agreement * numNeighbors) repaired[i] = label;
  }
  return { suspects: Int32Array.from(y.keys()).filter((i) => repaired[i] !== y[i]), y: repaired };
}
