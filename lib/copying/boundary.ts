import { matrix, selectLabels, selectRows, type Matrix } from "../matrix";
import type { Rng } from "../random";
import { requireFinite, requireInteger, requirePositive, requireSameLength } from "../validate";
import type { BlackBox, PredictFunction } from "./black-box";
import { requireNumericRanges, requireWidth, type FeatureRange } from "./ranges";
import type { LabeledQueries } from "./queries";
import { rowsByLabel } from "./rows-by-label";

/** Two sets of points of different label, row by row: the ends of segments that cross the boundary. */
export interface Segments {
  /** Shape [n, d]. */
  readonly from: Matrix<Float64Array>;
  /** Shape [n, d]. */
  readonly to: Matrix<Float64Array>;
  /** Labels at `from`, shape [n]. */
  readonly labels: Int32Array;
  /** Labels at `to`, shape [n], each different from `labels`. */
  readonly otherLabels: Int32Array;
}

/**
 * Joins each of n random points to a random point of another label.
 *
 * @param n Segments wanted, at least 0.
 * @throws {RangeError} If all labels are the same.
 */
export function crossingSegments({ X, y }: LabeledQueries, n: number, rng: Rng): Segments {
  requireInteger("crossingSegments", "n", n, 0);
  requireSameLength("crossingSegments", "X", X.shape[0], "y", y.length);
  const byLabel = rowsByLabel(y);
  if (byLabel.size < 2) throw new RangeError("crossingSegments: y must have at least two labels");
  const labels = [...byLabel.keys()];
  const from = new Int32Array(n);
  const to = new Int32Array(n);
  for (let k = 0; k < n; k++) {
    const a = rng.integer(labels.length);
    const b = (a + 1 + rng.integer(labels.length - 1)) % labels.length;
    const draw = (label: number): number => {
      const rows = byLabel.get(label)!;
      return rows[rng.integer(rows.length)];
    };
    from[k] = draw(labels[a]);
    to[k] = draw(labels[b]);
  }
  return {
    from: selectRows(X, from),
    to: selectRows(X, to),
    labels: selectLabels(y, from),
    otherLabels: selectLabels(y, to),
  };
}

/** Halves every segment once, by one query each: the half that still crosses the boundary stays. */
export async function halveSegments(
  blackBox: Pick<BlackBox, "query">,
  segments: Segments,
): Promise<{ segments: Segments; asked: LabeledQueries }> {
  const { from, to, labels, otherLabels } = segments;
  const [n, d] = from.shape;
  const middle = matrix(from.data.map((value, p) => (value + to.data[p]) / 2), [n, d]);
  const y = await blackBox.query(middle);
  const next = { from: from.data.slice(), to: to.data.slice(), otherLabels: otherLabels.slice() };
  for (let i = 0; i < n; i++) {
    const isFrom = y[i] === labels[i];
    (isFrom ? next.from : next.to).set(middle.data.subarray(i * d, (i + 1) * d), i * d);
    if (!isFrom) next.otherLabels[i] = y[i];
  }
  return {
    segments: { from: matrix(next.from, [n, d]), to: matrix(next.to, [n, d]), labels, otherLabels: next.otherLabels },
    asked: { X: middle, y },
  };
}

function longest({ from, to }: Segments, scale: Float64Array): number {
  const [n, d] = from.shape;
  let worst = 0;
  for (let i = 0; i < n; i++) {
    let squares = 0;
    for (let j = 0; j < d; j++) squares += ((from.data[i * d + j] - to.data[i * d + j]) / scale[j]) ** 2;
    worst = Math.max(worst, squares);
  }
  return Math.sqrt(worst);
}

export interface BoundaryPointsOptions {
  ranges: readonly FeatureRange[];
  /** Points wanted, at least 1. */
  n: number;
  /** Distance to the boundary at most, in deviations, above 0; 1e-6 unless said. */
  tolerance?: number;
  rng: Rng;
}

export interface BoundaryPoints {
  /** Shape [n, d], each within `tolerance` of a change of label. */
  readonly X: Matrix<Float64Array>;
  /** The two labels that meet there, each of shape [n]. */
  readonly labels: Int32Array;
  readonly otherLabels: Int32Array;
  /** Rows asked; each halving asks n. */
  readonly spent: number;
}

/**
 * Finds points on the class boundary: joins points of different labels and halves all the segments at once until they
 * are short.
 *
 * @param known Points with labels, of at least two classes: the ends to start from.
 * @throws {RangeError} If all labels are the same, the ranges are of another width, or an option is out of range.
 * @example
 * const known = (await copy(box, { sampler: uniformSampler(ranges), estimator: knn(), budget: 1000, rng })).queries;
 * const { X } = await boundaryPoints(box, known, { ranges, n: 100_000, rng });
 */
export async function boundaryPoints(
  blackBox: Pick<BlackBox, "query">,
  known: LabeledQueries,
  { ranges, n, tolerance = 1e-6, rng }: BoundaryPointsOptions,
): Promise<BoundaryPoints> {
  requireInteger("boundaryPoints", "n", n, 1);
  requirePositive("boundaryPoints", "tolerance", tolerance);
  requireNumericRanges("boundaryPoints", ranges);
  requireWidth("boundaryPoints", ranges, "the known points", known.X.shape[1]);
  requireFinite("boundaryPoints", "known.X", known.X.data);
  const scale = Float64Array.from(ranges, ({ deviation }) => deviation || 1);
  let segments = crossingSegments(known, n, rng);
  const halvings = Math.max(0, Math.ceil(Math.log2(longest(segments, scale) / tolerance)));
  for (let k = 0; k < halvings; k++) ({ segments } = await halveSegments(blackBox, segments));
  return {
    X: segments.from,
    labels: segments.labels,
    otherLabels: segments.otherLabels,
    spent: n * halvings,
  };
}

export interface DecisionMapOptions {
  ranges: readonly FeatureRange[];
  /** The two features of the map: across and up. */
  features: readonly [number, number];
  /** Points along each side, at least 2; 100 unless said. */
  resolution?: number;
  /** Values of all features where they are not varied, shape [d]; their means unless said. */
  at?: ArrayLike<number>;
}

export interface DecisionMap {
  /** Values across, shape [resolution]. */
  readonly across: Float64Array;
  /** Values up, shape [resolution]. */
  readonly up: Float64Array;
  /** Labels, row by row from the bottom: `labels[v * resolution + u]` is that of (across[u], up[v]). */
  readonly labels: Int32Array;
}

/**
 * Labels of a plane through the space of features: what a model decides when two features vary and the others stand.
 *
 * @throws {RangeError} If a feature or the resolution is out of range, or `at` has another width.
 */
export async function decisionMap(
  predict: PredictFunction,
  { ranges, features, resolution = 100, at }: DecisionMapOptions,
): Promise<DecisionMap> {
  requireNumericRanges("decisionMap", ranges);
  const d = ranges.length;
  requireInteger("decisionMap", "resolution", resolution, 2);
  for (const feature of features) requireInteger("decisionMap", "features", feature, 0, d - 1);
  if (at && at.length !== d) throw new RangeError(`decisionMap: at must have ${d} values, got ${at.length}`);
  if (at) requireFinite("decisionMap", "at", at);
  const base = at ? Float64Array.from(at) : Float64Array.from(ranges, ({ mean }) => mean);
  const [across, up] = features.map((j) => {
    const { min, max } = ranges[j];
    return Float64Array.from({ length: resolution }, (_, k) => min + ((max - min) * k) / (resolution - 1));
  });
  const data = new Float64Array(resolution * resolution * d);
  for (let v = 0, row = 0; v < resolution; v++)
    for (let u = 0; u < resolution; u++, row += d) {
      data.set(base, row);
      data[row + features[0]] = across[u];
      data[row + features[1]] = up[v];
    }
  return { across, up, labels: await predict(matrix(data, [resolution * resolution, d])) };
}
