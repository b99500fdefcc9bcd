import { decisionTree } from "../../classifiers/trees/decision-tree";
import { matrix, selectRows, type Matrix } from "../../matrix";
import { requireInRange, requireInteger } from "../../validate";
import type { BlackBox } from "../black-box";
import { halveSegments, type Segments } from "../boundary";
import { concatQueries, type LabeledQueries } from "../queries";
import { requireNumericRanges, requireWidth, type FeatureRange } from "../ranges";
import type { Sampler } from "../samplers/sampler";
import { samplerStrategy, type QueryStrategy } from "./strategy";

export interface PathFindingOptions {
  ranges: readonly FeatureRange[];
  /** Where the first points come from. */
  sampler: Sampler;
  /** Share of the budget for them, in (0, 1]; .4 unless said. */
  firstShare?: number;
  /** Halvings of each line, at least 1; 8 unless said: 1/256 of the line. */
  halvings?: number;
}

/** Joins row i to itself with one feature at another value: the two ends of an axis-parallel line. */
function moved(X: Matrix<Float64Array>, feature: Int32Array, values: Float64Array): Matrix<Float64Array> {
  const d = X.shape[1];
  const data = X.data.slice();
  feature.forEach((j, i) => (data[i * d + j] = values[i]));
  return matrix(data, X.shape);
}

/** The first points of a set of segments. */
function take({ from, to, labels, otherLabels }: Segments, n: number): Segments {
  const head = (X: Matrix<Float64Array>): Matrix<Float64Array> =>
    matrix(X.data.slice(0, n * X.shape[1]), [n, X.shape[1]]);
  return { from: head(from), to: head(to), labels: labels.slice(0, n), otherLabels: otherLabels.slice(0, n) };
}

/**
 * Rebuilds a decision tree from labels: moves one feature of a known point to another place, and where the label
 * changes on the way, halves the line until the tree's threshold is caught between two close points. A tree fitted to
 * all answers puts its own threshold there.
 *
 * @throws {RangeError} If an option is out of range.
 * @see Tramèr et al., USENIX Security 2016, §4.2, which tells leaves apart by their confidences; here labels are
 *   enough, and thresholds between leaves of one label, which no label depends on, are not found.
 * @example
 * const { classifier } = await copy(box, { strategy: pathFindingStrategy({ ranges, sampler }), budget: 1000, rng });
 */
export function pathFindingStrategy(options: PathFindingOptions): QueryStrategy {
  const { ranges, sampler, firstShare = 0.4, halvings = 8 } = options;
  const fn = "pathFindingStrategy";
  requireNumericRanges(fn, ranges);
  requireWidth(fn, ranges, sampler.name, sampler.numFeatures);
  requireInRange(fn, "firstShare", firstShare, Number.EPSILON, 1);
  requireInteger(fn, "halvings", halvings, 1);
  const d = ranges.length;
  return {
    name: `pathFinding(${sampler.name})`,
    async collect(blackBox: BlackBox, { budget, rng }) {
      const first = Math.max(1, Math.round(firstShare * budget));
      let { queries }: { queries: LabeledQueries } = await samplerStrategy(sampler).collect(blackBox, {
        budget: first, rng,
      });
      const left = (): number => budget - queries.y.length;
      while (left() > 0) {
        const n = Math.min(left(), Math.max(1, Math.ceil(budget / 20)));
        const rows = Int32Array.from({ length: n }, () => rng.integer(queries.y.length));
        const feature = Int32Array.from({ length: n }, () => rng.integer(d));
        const ends = Float64Array.from(feature, (j) => ranges[j].min + (ranges[j].max - ranges[j].min) * rng.uniform());
        const from = selectRows(queries.X, rows);
        const to = moved(from, feature, ends);
        const answered = { X: to, y: await blackBox.query(to) };
        const labels = rows.map((i) => queries.y[i]);
        queries = concatQueries(queries, answered);
        const crossing = Array.from(rows.keys()).filter((i) => answered.y[i] !== labels[i]);
        let segments: Segments = {
          from: selectRows(from, crossing),
          to: selectRows(to, crossing),
          labels: Int32Array.from(crossing, (i) => labels[i]),
          otherLabels: Int32Array.from(crossing, (i) => answered.y[i]),
        };
        for (let k = 0; k < halvings && left() > 0 && crossing.length > 0; k++) {
          const halved = await halveSegments(blackBox, take(segments, Math.min(left(), segments.labels.length)));
          queries = concatQueries(queries, halved.asked);
          segments = halved.segments;
        }
      }
      return { queries, classifier: decisionTree().fit(queries.X, queries.y) };
    },
  };
}
