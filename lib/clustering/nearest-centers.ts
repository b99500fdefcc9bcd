import type { CenteredRows } from "./centered-rows";

/** Squared distances of one row to all centers, from position `at` on. */
interface RowSquares {
  readonly squares: Float32Array;
  readonly at: number;
}

/**
 * The nearest center of each row, kept up to date as centers move with few new distances: a center that was far and has
 * not moved far can't have become the nearest. Centers that float32 can't tell apart are compared in float64.
 *
 * @see Elkan, ICML 2003, §3: its bounds of each row and center, without those between centers.
 */
export class NearestCenters {
  readonly clusters: Int32Array;
  /** Distance to the own center at most, shape [n]. */
  private readonly upper: Float64Array;
  /** Distance to each center at least, shape [n, k]. */
  private readonly lower: Float64Array;

  constructor(private readonly data: CenteredRows, centers: Float64Array, private readonly k: number) {
    const n = data.numRows;
    this.clusters = new Int32Array(n);
    this.upper = new Float64Array(n);
    this.lower = new Float64Array(n * k);
    this.renew(centers, null);
  }

  /** Takes new distances of some rows, or of all; the rows whose cluster is another now, with the one before. */
  private renew(centers: Float64Array, positions: Int32Array | null): [row: number, before: number][] {
    const { k, data, clusters } = this;
    const squares = data.squaredDistances(centers, k, positions);
    const lengths = data.lengthsOf(centers, k);
    const changed: [number, number][] = [];
    for (let r = 0; r * k < squares.length; r++) {
      const i = positions ? positions[r] : r;
      const nearest = this.nearestOf(i, { squares, at: r * k }, centers, lengths);
      if (clusters[i] !== nearest) changed.push([i, clusters[i]]);
      clusters[i] = nearest;
    }
    return changed;
  }

  /** Sets row i's bounds and says which center is nearest, the first where several are. */
  private nearestOf(i: number, { squares, at }: RowSquares, centers: Float64Array, lengths: Float64Array): number {
    const { k, data, lower } = this;
    let first = 0;
    for (let c = 1; c < k; c++) if (squares[at + c] < squares[at + first]) first = c;
    const most = squares[at + first] + data.roundingOf(i, lengths[first]);
    let isSure = true;
    for (let c = 0; c < k; c++) {
      const least = squares[at + c] - data.roundingOf(i, lengths[c]);
      if (c !== first && !(least > most)) isSure = false;
      lower[i * k + c] = Math.sqrt(Math.max(0, least));
    }
    this.upper[i] = Math.sqrt(most);
    return isSure ? first : this.nearestOfClose(i, most, centers);
  }

  /** The same among the centers that may be within `most`, by float64. */
  private nearestOfClose(i: number, most: number, centers: Float64Array): number {
    const { k, data, lower } = this;
    let nearest = 0;
    let smallest = Infinity;
    for (let c = 0; c < k; c++) {
      if (lower[i * k + c] ** 2 > most) continue;
      const square = data.squaredDistance(i, centers, c);
      lower[i * k + c] = Math.sqrt(square);
      if (square < smallest) [smallest, nearest] = [square, c];
    }
    this.upper[i] = Math.sqrt(smallest);
    return nearest;
  }

  /** Follows the centers; the rows whose cluster is another now, with the one before. */
  follow(centers: Float64Array, moves: Float64Array): [row: number, before: number][] {
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
