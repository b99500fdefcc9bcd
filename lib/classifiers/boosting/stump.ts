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

/**
 * The best tree of depth 1 for weighted rows, by Gini impurity.
 *
 * @param codes Classes in [0, k), shape [n].
 * @param weights Above 0, shape [n].
 * @param featureSeed Decides between features that part the rows equally well.
 */
export function fitStump(
  columns: SortedColumns,
  codes: Int32Array,
  k: number,
  weights: Float64Array,
  featureSeed: number,
): Stump {
  const { numRows: n, numFeatures: d, values, order } = columns;
  const total = new Float64Array(k);
  for (let i = 0; i < n; i++) total[codes[i]] += weights[i];
  const weight = total.reduce((a, b) => a + b, 0);
  const left = new Float64Array(k);
  let bestScore = -Infinity;
  let best: Stump = { feature: 0, threshold: Infinity, left: largest(total), right: largest(total) };
  const draw = new FeatureDraw(featureSeed);
  const features = Int32Array.from({ length: d }, (_, j) => j);
  const swap = (a: number, b: number): void => {
    const kept = features[a];
    features[a] = features[b];
    features[b] = kept;
  };
  for (let undrawn = d, constant = 0; undrawn > constant; ) {
    const at = draw.position(0, undrawn - constant) + constant;
    const f = features[at];
    const column = values.subarray(f * n, (f + 1) * n);
    const rows = order.subarray(f * n, (f + 1) * n);
    if (column[rows[0]] === column[rows[n - 1]]) {
      swap(at, constant++);
      continue;
    }
    swap(--undrawn, at);
    left.fill(0);
    let leftWeight = 0;
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
        const middle = low / 2 + high / 2;
        best = {
          feature: f,
          threshold: middle < high ? middle : low,
          left: largest(left),
          right: largest(total.map((t, c) => t - left[c])),
        };
      }
    }
  }
  return best;
}

function largest(counts: Float64Array): number {
  let best = 0;
  for (let c = 1; c < counts.length; c++) if (counts[c] > counts[best]) best = c;
  return best;
}
