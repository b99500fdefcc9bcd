import { deserialize } from "../../classifiers/deserialize";
import { labelsOfLargest } from "../../classifiers/fitting";
import { logisticRegression } from "../../classifiers/linear/logistic-regression";
import { pipeline } from "../../classifiers/pipeline";
import type { Classifier } from "../../classifiers/classifier";
import { indexOfLargest } from "../../math/extremes";
import { matrix, type Matrix } from "../../matrix";
import { requireInteger } from "../../validate";
import { crossingSegments, halveSegments } from "../boundary";
import { concatQueries, type LabeledQueries } from "../queries";
import { requireWidth, type FeatureRange } from "../ranges";
import type { Sampler } from "../samplers/sampler";
import { rangeScaler, rangeTransformer } from "../scaling";
import { leastSquares, shortestDirection } from "../../math/linear-algebra";
import type { QueryStrategy } from "./strategy";

export interface LinearOptions {
  ranges: readonly FeatureRange[];
  /** Where points come from. */
  sampler: Sampler;
}

export interface LineSearchOptions extends LinearOptions {
  /** Points asked before the search, at least 2; a fifth of the budget unless said. */
  first?: number;
  /** Halvings of each segment, at least 1; 30 unless said: a billionth of the segment. */
  halvings?: number;
}

/** A linear classifier of raw features, from d slopes and an intercept a class, in deviations from the means. */
function linearClassifier(classes: Int32Array, W: Float64Array, ranges: readonly FeatureRange[]): Classifier {
  const d = ranges.length;
  const { center, scale } = rangeTransformer(ranges);
  const rows = Array.from(classes, (_, c) => {
    const slopes = Array.from(scale, (deviation, j) => W[c * (d + 1) + j] / deviation);
    return { slopes, intercept: W[c * (d + 1) + d] - slopes.reduce((sum, slope, j) => sum + slope * center[j], 0) };
  });
  const binary = classes.length === 2;
  const difference = (a: number[], b: number[]): number[] => a.map((value, j) => value - b[j]);
  return deserialize({
    family: "logisticRegression",
    classes: [...classes],
    coefficients: binary ? difference(rows[1].slopes, rows[0].slopes) : rows.flatMap(({ slopes }) => slopes),
    intercepts: binary ? [rows[1].intercept - rows[0].intercept] : rows.map(({ intercept }) => intercept),
  });
}

function withOne(Z: Matrix, i: number): Float64Array {
  const d = Z.shape[1];
  const row = new Float64Array(d + 1);
  row.set(Z.data.subarray(i * d, (i + 1) * d));
  row[d] = 1;
  return row;
}

/** Rows whose smallest probability keeps some digits, if these are enough; else all whose logarithms are finite. */
function rowsOfDigits({ data, shape: [n, k] }: Matrix<Float64Array>, enough: number): number[] {
  const above = (least: number): number[] => Array.from({ length: n }, (_, i) => i).filter((i) =>
    data.subarray(i * k, (i + 1) * k).every((p) => p > least));
  const many = above(1e-12);
  return many.length >= enough ? many : above(0);
}

/**
 * Rebuilds a logistic or softmax regression from its probabilities: the logarithm of the ratio of two classes'
 * probabilities is linear, so d + 1 points are d + 1 equations for each class. All of the budget is used, by least
 * squares, which evens out rounding; d + 1 rows give twelve digits.
 *
 * @throws {RangeError} If the black box gives no probabilities, or the budget is below d + 1.
 * @see Tramèr et al., USENIX Security 2016, §4.1.
 */
export function equationSolvingStrategy({ ranges, sampler }: LinearOptions): QueryStrategy {
  const { transform } = rangeTransformer(ranges);
  requireWidth("equationSolvingStrategy", ranges, sampler.name, sampler.numFeatures);
  const d = ranges.length;
  return {
    name: `equationSolving(${sampler.name})`,
    async collect(blackBox, { budget, rng }) {
      if (!blackBox.queryProba) throw new RangeError("equationSolvingStrategy: the black box must give probabilities");
      requireInteger("equationSolvingStrategy", "budget", budget, d + 1);
      const X = sampler.sample(budget, rng);
      const { classes, probabilities } = await blackBox.queryProba(X);
      const Z = transform(X);
      const k = classes.length;
      const odds = (i: number, c: number): number => probabilities.data[i * k + c] / probabilities.data[i * k];
      const usable = rowsOfDigits(probabilities, d + 1);
      const rows = usable.map((i) => withOne(Z, i));
      const W = new Float64Array(k * (d + 1));
      for (let c = 1; c < k; c++) {
        const b = Float64Array.from(usable, (i) => Math.log(odds(i, c)));
        W.set(leastSquares(rows, b, d + 1), c * (d + 1));
      }
      const y = labelsOfLargest(probabilities, classes);
      return { queries: { X, y }, classifier: linearClassifier(classes, W, ranges) };
    },
  };
}

/**
 * Rebuilds a linear model from labels alone: where a segment crosses from class a to class b, the two classes' linear
 * scores are equal there, one equation a segment. All scores follow up to a common factor and a common term, which no
 * label depends on, from as many segments as there are numbers left. The first points decide between the two signs, and
 * a logistic regression of all answers, which stands in where the segments are too few or some classes never meet.
 *
 * @throws {RangeError} If an option is out of range, or all first answers are the same.
 * @see Lowd & Meek, KDD 2005, for two classes; the equations for more, all solved at once, are ours.
 */
export function lineSearchStrategy({ ranges, sampler, first, halvings = 30 }: LineSearchOptions): QueryStrategy {
  if (first !== undefined) requireInteger("lineSearchStrategy", "first", first, 2);
  requireInteger("lineSearchStrategy", "halvings", halvings, 1);
  const { transform } = rangeTransformer(ranges);
  requireWidth("lineSearchStrategy", ranges, sampler.name, sampler.numFeatures);
  const d = ranges.length;
  return {
    name: `lineSearch(${sampler.name})`,
    async collect(blackBox, { budget, rng }) {
      const X = sampler.sample(Math.min(budget, first ?? Math.max(2, Math.ceil(budget / 5))), rng);
      let queries: LabeledQueries = { X, y: await blackBox.query(X) };
      const n = Math.floor((budget - X.shape[0]) / halvings);
      requireInteger("lineSearchStrategy", "segments within the budget", n, 1);
      let segments = crossingSegments(queries, n, rng);
      for (let k = 0; k < halvings; k++) {
        const halved = await halveSegments(blackBox, segments);
        queries = concatQueries(queries, halved.asked);
        segments = halved.segments;
      }
      const classes = Int32Array.from(new Set(queries.y)).sort();
      const width = d + 1;
      const size = classes.length * width;
      const at = (label: number): number => classes.indexOf(label) * width;
      const Z = transform(matrix(segments.from.data.map((v, p) => (v + segments.to.data[p]) / 2), [n, d]));
      const equations = Array.from({ length: n }, (_, i) => {
        const row = new Float64Array(size);
        const point = withOne(Z, i);
        row.set(point, at(segments.labels[i]));
        row.set(point.map((value) => -value), at(segments.otherLabels[i]));
        return row;
      });
      for (let j = 0; j < width; j++)
        equations.push(Float64Array.from({ length: size }, (_, p) => (p % width === j ? 1 : 0)));
      ranges.forEach((range, j) => {
        if (range.kind === "numeric" && range.min === range.max)
          for (let p = j; p < size; p += width)
            equations.push(Float64Array.from({ length: size }, (_, q) => (p === q ? 1 : 0)));
      });
      while (equations.length < size) equations.push(new Float64Array(size));
      const W = shortestDirection(equations, size);
      const agreement = (model: Classifier): number =>
        model.predict(X).reduce((count, label, i) => count + (label === queries.y[i] ? 1 : 0), 0);
      const solved = [W, W.map((value) => -value)].map((weights) => linearClassifier(classes, weights, ranges));
      const agreed = solved.map(agreement);
      const best = indexOfLargest(agreed);
      if (agreed[best] === X.shape[0]) return { queries, classifier: solved[best] };
      const fitted = pipeline(rangeScaler(ranges), logisticRegression({ C: 1000 })).fit(queries.X, queries.y);
      return { queries, classifier: agreement(fitted) > agreed[best] ? fitted : solved[best] };
    },
  };
}
