import { indexOfLargest } from "../../math/extremes";
import { between } from "../trees/threshold";
import { FeatureDraw } from "../trees/feature-draw";
import type { SortedColumns } from "../trees/sorted-columns";

/** One question and the two answers to it, as class codes. */
export interface Stump {
  readonly feature: number;
  /** Rows at most this go left; infinite where no feature varies. */
  readonly threshold: number;
  readonly left: number;
  readonly right: number;
}

/** Rows with their classes and weights, as a stump is fitted to. */
export interface WeightedRows {
  readonly columns: SortedColumns;
  /** Classes in [0, k), shape [n]. */
  readonly codes: Int32Array;
  readonly k: number;
  /** Above 0, shape [n]. */
  readonly weights: Float64Array;
}

/**
 * The best tree of depth 1 for weighted rows, by Gini impurity.
 *
 * @param featureSeed Decides between features that part the rows equally well.
 */
export function fitStump(rows: WeightedRows, featureSeed: number): Stump {
  const search = new StumpSearch(rows);
  for (const feature of varyingFeatures(rows.columns, featureSeed)) search.weighCuts(feature);
  return search.best;
}

/** The features that are not constant, in scikit-learn's drawn order. */
function* varyingFeatures({ numRows: n, numFeatures: d, values, order }: SortedColumns, seed: number) {
  const draw = new FeatureDraw(seed);
  const features = Int32Array.from({ length: d }, (_, j) => j);
  const swap = (a: number, b: number): void => {
    const kept = features[a];
    features[a] = features[b];
    features[b] = kept;
  };
  for (let undrawn = d, constant = 0; undrawn > constant; ) {
    const at = draw.position(0, undrawn - constant) + constant;
    const f = features[at];
    if (values[f * n + order[f * n]] === values[f * n + order[f * n + n - 1]]) {
      swap(at, constant++);
      continue;
    }
    swap(--undrawn, at);
    yield f;
  }
}

class StumpSearch {
  best: Stump;
  private bestScore = -Infinity;
  private readonly total: Float64Array;
  private readonly left: Float64Array;
  private readonly weight: number;

  constructor(private readonly rows: WeightedRows) {
    const { columns: { numRows: n }, codes, k, weights } = rows;
    this.left = new Float64Array(k);
    this.total = new Float64Array(k);
    for (let i = 0; i < n; i++) this.total[codes[i]] += weights[i];
    this.weight = this.total.reduce((a, b) => a + b, 0);
    const label = indexOfLargest(this.total);
    this.best = { feature: 0, threshold: Infinity, left: label, right: label };
  }

  /** Tries the cuts of one feature, and keeps the best so far. */
  weighCuts(f: number): void {
    const { left, total, weight } = this;
    const { columns: { numRows: n, values, order }, codes, k, weights } = this.rows;
    const column = values.subarray(f * n, (f + 1) * n);
    const rows = order.subarray(f * n, (f + 1) * n);
    left.fill(0);
    let leftWeight = 0;
    let bestScore = this.bestScore;
    for (let p = 0; p < n - 1; p++) {
      const row = rows[p];
      left[codes[row]] += weights[row];
      leftWeight += weights[row];
      const low = column[row];
      const high = column[rows[p + 1]];
      if (low === high) continue;
      let squaresLeft = 0;
      let squaresRight = 0;
      for (let c = 0; c < k; c++) {
        const rest = total[c] - left[c];
        squaresLeft += left[c] * left[c];
        squaresRight += rest * rest;
      }
      const rightWeight = weight - leftWeight;
      const score =
        -rightWeight * (1 - squaresRight / (rightWeight * rightWeight)) -
        leftWeight * (1 - squaresLeft / (leftWeight * leftWeight));
      if (score > bestScore) {
        bestScore = score;
        this.best = { feature: f, threshold: between(low, high), ...this.answers() };
      }
    }
    this.bestScore = bestScore;
  }

  private answers(): { left: number; right: number } {
    const { left, total } = this;
    return { left: indexOfLargest(left), right: indexOfLargest(total.map((t, c) => t - left[c])) };
  }
}
