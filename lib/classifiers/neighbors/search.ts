import type { Matrix } from "../../matrix";

/** Finds the k nearest training rows of every query row. */
export interface NeighborSearch {
  /**
   * @param X Queries, shape [m, d].
   * @returns Positions of the k nearest training rows, nearest first and, at equal distance, lowest position first;
   * shape [m · k].
   */
  nearest(X: Matrix, k: number): Int32Array;
}

/** Squared Euclidean distance between row i of X and row j of T. */
export function squaredDistance(X: Matrix, i: number, T: Matrix, j: number): number {
  const d = T.shape[1];
  let sum = 0;
  for (let f = 0, p = i * d, q = j * d; f < d; f++) {
    const gap = X.data[p++] - T.data[q++];
    sum += gap * gap;
  }
  return sum;
}

/** Squared distances below it have lost digits, or all of them. */
const LEAST_SQUARE = 1e-280;

/** Whether squared distances tell which rows are nearest to row i: none that was found overflows or vanishes. */
export function isTold(X: Matrix, i: number, T: Matrix, nearest: Int32Array): boolean {
  const worst = squaredDistance(X, i, T, nearest[nearest.length - 1]);
  if (worst >= LEAST_SQUARE) return worst < Infinity;
  return nearest.every((j) => distance(X, i, T, j) === 0);
}

/** Euclidean distance, as half of it, where squares would overflow or vanish. */
function distance(X: Matrix, i: number, T: Matrix, j: number): number {
  const d = T.shape[1];
  const gap = (f: number): number => Math.abs(X.data[i * d + f] / 2 - T.data[j * d + f] / 2);
  let widest = 0;
  for (let f = 0; f < d; f++) widest = Math.max(widest, gap(f));
  if (widest === 0) return 0;
  let sum = 0;
  for (let f = 0; f < d; f++) sum += (gap(f) / widest) ** 2;
  return widest * Math.sqrt(sum);
}

/** The k training rows nearest to row i, by distances that no scale makes overflow or vanish. */
export function nearestByLength(X: Matrix, i: number, T: Matrix, k: number): Int32Array {
  const list = new NearestList(k);
  for (let j = 0; j < T.shape[0]; j++) list.offer(distance(X, i, T, j), j);
  return list.positions;
}

/** The k smallest (distance, position) pairs offered since the last `clear`, in order. */
export class NearestList {
  readonly distances: Float64Array;
  readonly positions: Int32Array;
  /** Largest distance kept; infinite until k pairs have been offered. */
  worst = Infinity;

  constructor(readonly k: number) {
    this.distances = new Float64Array(k).fill(Infinity);
    this.positions = new Int32Array(k).fill(2 ** 31 - 1);
  }

  clear(): void {
    this.distances.fill(Infinity);
    this.positions.fill(2 ** 31 - 1);
    this.worst = Infinity;
  }

  offer(distance: number, position: number): void {
    const { distances, positions, k } = this;
    let slot = k - 1;
    if (distance > distances[slot] || (distance === distances[slot] && position > positions[slot])) return;
    for (; slot > 0; slot--) {
      const before = distances[slot - 1];
      if (before < distance || (before === distance && positions[slot - 1] < position)) break;
      distances[slot] = before;
      positions[slot] = positions[slot - 1];
    }
    distances[slot] = distance;
    positions[slot] = position;
    this.worst = distances[k - 1];
  }
}

/** Neighbour search by all distances, in float64: what every other search must equal. */
export function plainSearch(T: Matrix): NeighborSearch {
  return {
    nearest(X, k) {
      const found = new Int32Array(X.shape[0] * k);
      const list = new NearestList(k);
      for (let i = 0; i < X.shape[0]; i++) {
        list.clear();
        for (let j = 0; j < T.shape[0]; j++) list.offer(squaredDistance(X, i, T, j), j);
        found.set(list.positions, i * k);
      }
      return found;
    },
  };
}
